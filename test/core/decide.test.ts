import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyBundle, PolicyRule } from '../../src/core/decision/bundle.ts'
import { decide } from '../../src/core/decision/decide.ts'
import { factNames, factVocabulary, type FactName, type Facts } from '../../src/core/facts.ts'
import { compilePolicies, type Policies } from '../../src/core/decision/policy.ts'
import { categories, type Category } from '../../src/core/vocabulary.ts'
import { goodFacts, shipped, shippedPolicies } from '../support/facts.ts'

const none = { lapses: [] } as const
const isPermit = (effect: string): boolean => effect.startsWith('permit')
const effectOf = (policies: Policies, facts: Facts) => decide(policies, 'release', facts, none).effect

/** Mostly in order, so that permits occur, with a few facts of any value. */
const facts = fc
  .tuple(
    fc.constantFrom(...categories),
    fc.array(
      fc
        .constantFrom(...factNames.filter((name) => name !== 'category'))
        .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...factVocabulary[name]))),
      { maxLength: 4 },
    ),
  )
  .map(([category, changes]) => goodFacts(category, Object.fromEntries(changes) as Partial<Facts>))

const condition = fc
  .constantFrom(...factNames)
  .chain((name) =>
    fc.tuple(fc.constant(name), fc.subarray([...factVocabulary[name]] as string[], { minLength: 1 }), fc.constantFrom('$in', '$nin')),
  )
  .map(([name, values, operator]) => ({ [name]: { [operator]: values } }))

const added = (conditions: PolicyRule['conditions']): PolicyRule => ({
  id: 'added',
  cites: 'A test',
  action: ['fetch', 'release'],
  subject: 'all',
  inverted: true,
  conditions,
  reason: 'default',
})

describe('decide', () => {
  it('records every failing rule in stage order and tells the first', () => {
    const { effect, reasons, fields } = decide(
      shippedPolicies,
      'release',
      goodFacts('health-mental', { request: 'justification-missing', consent: 'refused', policyDocument: 'none', itemMarking: 'secret' }),
      none,
    )
    expect({ effect, fields }).toEqual({ effect: 'deny', fields: [] })
    expect(reasons.map((reason) => [reason.stage, reason.code])).toEqual([
      ['R4', 'request-incomplete'],
      ['R15', 'consent-refused'],
      ['R17', 'no-policy-doc'],
      ['R19', 'marking'],
    ])
  })

  it('releases only what was asked, and gives a reason for each asked field that stays', () => {
    const ask = { fields: ['offence', 'station', 'noSuchField'], agreementFields: ['offence', 'arrestedOn'], lapses: [] }
    const decision = decide(shippedPolicies, 'release', goodFacts('arrest-disposal'), ask)
    expect(decision).toMatchObject({ effect: 'permit-redacted', fields: ['offence'], permittedBy: ['permit-arrest-disposal'] })
    expect(decision.withheldFields.map(({ field, reason }) => [field, reason.code])).toEqual([
      ['station', 'field-not-in-agreement'],
      ['noSuchField', 'default'],
    ])
  })

  it('calls an ask narrower than the category a permit, not a redaction', () => {
    const decision = decide(shippedPolicies, 'release', goodFacts('police-intel'), { fields: ['text'], lapses: [] })
    expect(decision).toMatchObject({ effect: 'permit-obligations', fields: ['text'], withheldFields: [] })
  })

  it('refuses when every field asked is withheld, with the reason of the first', () => {
    const decision = decide(shippedPolicies, 'release', goodFacts('police-intel'), { fields: ['sourceRef'], lapses: [] })
    expect(decision).toMatchObject({ effect: 'deny', fields: [], obligations: [], permittedBy: [] })
    expect(decision.reasons.map((reason) => reason.code)).toEqual(['source-identity'])
    expect(decide(shippedPolicies, 'release', goodFacts('identity'), { fields: [], lapses: [] }).effect).toBe('deny')
    expect(decide(shippedPolicies, 'release', goodFacts('identity'), { agreementFields: [], lapses: [] }).effect).toBe('deny')
  })

  it('is valid until the first fact lapses, or without end', () => {
    const [may, june] = [new Date('2027-05-01T00:00:00Z'), new Date('2027-06-01T00:00:00Z')]
    expect(decide(shippedPolicies, 'release', goodFacts('identity'), { lapses: [june, may] }).validUntil).toEqual(may)
    expect(decide(shippedPolicies, 'release', goodFacts('identity'), none).validUntil).toBeNull()
  })

  it('weighs at the first look what is known before a source is asked, and no item', () => {
    const first = {
      item: 'not-fetched',
      itemMarking: 'unknown',
      itemProcessing: 'unknown',
      sourceGrade: 'unknown',
      intelligenceGrade: 'unknown',
      handling: 'unknown',
      originatorConsulted: 'unknown',
      collectedOnConsent: 'unknown',
    } as const
    for (const category of ['police-intel', 'arrest-disposal', 'identity'] as const) {
      expect(isPermit(decide(shippedPolicies, 'fetch', goodFacts(category, first), none).effect)).toBe(true)
      expect(isPermit(decide(shippedPolicies, 'release', goodFacts(category, first), none).effect)).toBe(false)
      expect(decide(shippedPolicies, 'fetch', goodFacts(category, { ...first, agreement: 'lapsed' }), none).reasons[0]?.code).toBe(
        'isa-lapsed',
      )
    }
  })

  it('attaches what the recipient takes on', () => {
    expect(decide(shippedPolicies, 'release', goodFacts('identity'), none).obligations).toEqual(['mark', 'store-restricted', 'no-onward'])
    expect(decide(shippedPolicies, 'release', goodFacts('ogrs'), none).obligations).toContain('opinion-flag')
    expect(decide(shippedPolicies, 'release', goodFacts('offence-history'), none).obligations).toContain('spent')
    const child = goodFacts('identity', { callerKind: 'yos', ageBand: 'juvenile', bestInterests: 'noted' })
    expect(decide(shippedPolicies, 'release', child, none).obligations).toContain('child')
    const handlingC = goodFacts('police-intel', { handling: 'c', originatorConsulted: 'yes' })
    expect(decide(shippedPolicies, 'release', handlingC, none).obligations).toEqual(
      expect.arrayContaining(['consult-originator', 'action-before-use']),
    )
  })

  it('refuses a category that the bundle does not know, and a fact outside its vocabulary', () => {
    expect(effectOf(shippedPolicies, { ...goodFacts('identity'), category: 'unheard-of' as Category })).toBe('deny')
    const withoutGrounds = { consent: 'refused', sensitiveCondition: 'not-cited' } as const
    expect(isPermit(effectOf(shippedPolicies, goodFacts('identity', withoutGrounds)))).toBe(true)
    for (const fact of ['agreement', 'consentDependency', 'route', 'sensitivity', 'clearance', 'itemMarking', 'relationship'] as const) {
      expect([fact, isPermit(effectOf(shippedPolicies, { ...goodFacts('identity', withoutGrounds), [fact]: 'unheard-of' }))]).toEqual([
        fact,
        false,
      ])
    }
  })
})

describe('for any facts', () => {
  it('adding a forbid never widens what may leave', () => {
    fc.assert(
      fc.property(condition, fc.array(facts, { minLength: 1, maxLength: 20 }), (conditions, many) => {
        const stages = [...shipped.bundle.stages, { stage: 'added', title: 'Added', rules: [added(conditions)] }]
        const narrower = compilePolicies({ ...shipped.bundle, stages })
        for (const one of many) {
          const before = decide(shippedPolicies, 'release', one, none)
          const after = decide(narrower, 'release', one, none)
          expect(after.fields.filter((field) => !before.fields.includes(field))).toEqual([])
          expect(isPermit(after.effect) && !isPermit(before.effect)).toBe(false)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('the order of the policies changes what is told first, never whether it is a permit or which fields leave', () => {
    const shuffle = fc.shuffledSubarray([...shipped.bundle.stages], { minLength: shipped.bundle.stages.length })
    fc.assert(
      fc.property(shuffle, fc.array(facts, { minLength: 1, maxLength: 20 }), (stages, many) => {
        const shuffled = compilePolicies({
          ...shipped.bundle,
          stages: stages.map((stage) => ({ ...stage, rules: [...stage.rules].reverse() })),
        } as PolicyBundle)
        for (const one of many) {
          const [before, after] = [decide(shippedPolicies, 'release', one, none), decide(shuffled, 'release', one, none)]
          expect(after.fields).toEqual(before.fields)
          expect(isPermit(after.effect)).toBe(isPermit(before.effect))
          expect(after.reasons.map((reason) => reason.ruleId).sort()).toEqual(before.reasons.map((reason) => reason.ruleId).sort())
        }
      }),
      { numRuns: 40 },
    )
  })

  const unknowable = factNames.filter((name) => (factVocabulary[name] as readonly string[]).includes('unknown'))
  const gained = (known: Facts, name: FactName): readonly string[] => {
    const before = decide(shippedPolicies, 'release', known, none)
    const after = decide(shippedPolicies, 'release', { ...known, [name]: 'unknown' }, none)
    return after.fields.filter((field) => !before.fields.includes(field))
  }

  it('not knowing a fact never turns a refusal into a permit, nor adds a field', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...unknowable), (known, name) => {
        expect(gained(known, name)).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  it('and so for every category, every value of every fact and every fact not known', () => {
    const wrong: string[] = []
    for (const category of categories) {
      for (const varied of factNames.filter((name) => name !== 'category')) {
        for (const value of factVocabulary[varied]) {
          const known = goodFacts(category, { [varied]: value } as Partial<Facts>)
          for (const name of unknowable) if (gained(known, name).length > 0) wrong.push(`${category}: ${varied}=${value}, ${name} unknown`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('agrees with CASL asked field by field', () => {
    fc.assert(
      fc.property(facts, (any) => {
        const { fields } = decide(shippedPolicies, 'release', any, none)
        const definition = shippedPolicies.category(any.category)!
        expect(Object.keys(definition.fields).filter((field) => shippedPolicies.ability.can('release', any, field))).toEqual(fields)
      }),
      { numRuns: 1000 },
    )
  })
})
