import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PolicyBundle, PolicyRule } from '../../src/core/decision/bundle.ts'
import { compilePolicies, PolicyError } from '../../src/core/decision/policy.ts'
import { reasonCodes } from '../../src/core/decision-vocabulary.ts'
import { policyHash, readPolicyFiles } from '../../src/gateway/policies/policy-files.ts'
import { goodFacts, policyDirectory, shipped, shippedPolicies } from '../support/facts.ts'

const problemsOf = (work: () => unknown): readonly string[] => {
  try {
    work()
  } catch (error) {
    if (error instanceof PolicyError) return error.problems
    throw error
  }
  return []
}

const withRule = (stage: string, changed: Record<string, unknown>): PolicyBundle => ({
  ...shipped.bundle,
  stages: shipped.bundle.stages.map((entry) => {
    if (entry.stage !== stage) return entry
    const [first, ...rest] = entry.rules
    return { ...entry, rules: [{ ...first, ...changed } as PolicyRule, ...rest] }
  }),
})

describe('the shipped policies', () => {
  it('stand in the normative order', () => {
    const order = shipped.bundle.stages.map((stage) => stage.stage)
    expect(order).toEqual([
      'R2',
      'R3',
      'R4',
      'R12a',
      'R10a',
      'R22',
      'R5',
      'R6',
      'R7',
      'R9',
      'R10',
      'R11',
      'R12',
      'R13',
      'R14',
      'R15',
      'R16',
      'R17',
      'R18',
      'R19',
      'R20',
      'R21',
      'R23',
      'R26',
      'permit',
      'permit',
      'permit',
      'oblige',
      'oblige',
    ])
  })

  it('shield exactly the stages that would tell whether somebody exists', () => {
    expect(shipped.bundle.stages.filter((stage) => stage.shield === true).map((stage) => stage.stage)).toEqual(['R5', 'R6', 'R7'])
  })

  it('say in words what was wrong and what to do, for every reason there is', () => {
    expect(Object.keys(shipped.bundle.reasons).sort()).toEqual([...reasonCodes].sort())
    for (const { says, nextStep } of Object.values(shipped.bundle.reasons)) {
      expect(says).toMatch(/^[A-Z].{15,}\.$/)
      expect(nextStep).toMatch(/^[A-Z].{10,}\.$/)
    }
  })

  it('give the shielded answer the same words whoever asks and offer no way to ask for access', () => {
    expect(shipped.bundle.reasons.ncnd.nextStep).not.toMatch(/chair|permission|request|lead/i)
  })

  it('have one hash, which does not depend on the order of keys, and another when anything changes', () => {
    const reordered = JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(shipped.bundle).reverse()))) as PolicyBundle
    expect(policyHash(reordered)).toBe(shipped.hash)
    expect(shipped.hash).toMatch(/^[\w-]{43}$/)
    expect(policyHash(withRule('R2', { cites: 'something else' }))).not.toBe(shipped.hash)
  })

  it('mean to CASL itself what they mean to the engine', () => {
    expect(shippedPolicies.ability.can('release', goodFacts('identity'), 'givenName')).toBe(true)
    expect(shippedPolicies.ability.can('release', goodFacts('identity', { route: 'none' }), 'givenName')).toBe(false)
    expect(shippedPolicies.ability.can('release', goodFacts('police-intel'), 'sourceRef')).toBe(false)
    expect(shippedPolicies.ability.can('release', goodFacts('mappa'))).toBe(false)
  })
})

describe('a bundle with something wrong in it is refused', () => {
  const cases: { title: string; stage: string; changed: Record<string, unknown>; says: RegExp }[] = [
    {
      title: 'a fact that does not exist',
      stage: 'R2',
      changed: { conditions: { actr: { $ne: 'person' } } },
      says: /r02-person: there is no fact actr; the nearest is actor/,
    },
    {
      title: 'a value outside the vocabulary',
      stage: 'R2',
      changed: { conditions: { actor: 'persn' } },
      says: /no value of actor persn; the nearest is person/,
    },
    { title: 'an unknown operator', stage: 'R2', changed: { conditions: { actor: { $regex: 'p' } } }, says: /no operator \$regex/ },
    { title: 'an undefined value', stage: 'R2', changed: { conditions: { actor: undefined } }, says: /must be text, found undefined/ },
    { title: 'a null value', stage: 'R2', changed: { conditions: { actor: { $ne: null } } }, says: /must be text, found null/ },
    { title: 'a list without values', stage: 'R2', changed: { conditions: { actor: { $nin: [] } } }, says: /\$nin on actor has no values/ },
    {
      title: 'one value where a list is due',
      stage: 'R2',
      changed: { conditions: { actor: { $nin: 'person' } } },
      says: /\$nin on actor needs a list/,
    },
    { title: 'empty conditions', stage: 'R2', changed: { conditions: {} }, says: /conditions are empty/ },
    { title: 'undefined conditions', stage: 'R2', changed: { conditions: undefined }, says: /conditions are empty/ },
    {
      title: 'an unknown reason',
      stage: 'R2',
      changed: { reason: 'consent-refusd' },
      says: /no reason consent-refusd; the nearest is consent-refused/,
    },
    { title: 'nothing cited', stage: 'R2', changed: { cites: ' ' }, says: /r02-person: cites nothing/ },
    { title: 'no id', stage: 'R2', changed: { id: undefined }, says: /a rule without an id/ },
    { title: 'an id used twice', stage: 'R2', changed: { id: 'r02-client' }, says: /r02-client is there twice/ },
    { title: 'an unknown category', stage: 'R2', changed: { subject: ['identty'] }, says: /no category identty; the nearest is identity/ },
    {
      title: 'a misspelt key',
      stage: 'R2',
      changed: { condition: { actor: 'person' } },
      says: /no key condition; the nearest is conditions/,
    },
    { title: 'a permit among the forbids', stage: 'R2', changed: { inverted: undefined }, says: /inverted must be true/ },
    { title: 'an action of anything', stage: 'R2', changed: { action: 'manage' }, says: /no action manage/ },
    { title: 'a forbid among the permits', stage: 'permit', changed: { inverted: true }, says: /inverted must be absent/ },
    { title: 'a permit without fields', stage: 'permit', changed: { fields: undefined }, says: /fields must be a list that is not empty/ },
    { title: 'a permit with no fields', stage: 'permit', changed: { fields: [] }, says: /fields must be a list that is not empty/ },
    {
      title: 'a permit of a field that does not exist',
      stage: 'permit',
      changed: { fields: ['postcod'] },
      says: /no field of address postcod; the nearest is postcode/,
    },
    {
      title: 'a permit of another person',
      stage: 'permit',
      changed: { fields: ['otherOccupants'] },
      says: /labelled third-party and never permitted/,
    },
    {
      title: 'a permit of a source',
      stage: 'permit',
      changed: { subject: ['police-intel'], fields: ['sourceRef'] },
      says: /labelled source-identity and never permitted/,
    },
    { title: 'a permit of everything', stage: 'permit', changed: { subject: 'all' }, says: /a permit names its categories/ },
    {
      title: 'an obligation that does not exist',
      stage: 'oblige',
      changed: { reason: 'marked' },
      says: /no obligation marked; the nearest is mark/,
    },
  ]
  it.each(cases)('$title', ({ stage, changed, says }) => {
    const problems = problemsOf(() => compilePolicies(withRule(stage, changed)))
    expect(problems.join('\n')).toMatch(says)
  })

  it('with every problem listed at once', () => {
    const bundle = withRule('R2', { reason: 'nothing', cites: '', conditions: { nowhere: 'x' } })
    expect(problemsOf(() => compilePolicies(bundle)).length).toBeGreaterThanOrEqual(3)
  })

  it('when a category or a reason is missing', () => {
    const categories = shipped.bundle.categories.filter((category) => category.id !== 'ogrs')
    expect(problemsOf(() => compilePolicies({ ...shipped.bundle, categories })).join('\n')).toMatch(/category ogrs is missing/)
    const { child: _, ...reasons } = shipped.bundle.reasons
    expect(problemsOf(() => compilePolicies({ ...shipped.bundle, reasons: reasons as PolicyBundle['reasons'] })).join()).toMatch(
      /reason child needs/,
    )
  })
})

describe('reading the files', () => {
  const copyWith = (file: string, change: (text: string) => string): string => {
    const directory = mkdtempSync(join(tmpdir(), 'policies-'))
    cpSync(policyDirectory, directory, { recursive: true })
    writeFileSync(join(directory, file), change(readFileSync(join(directory, file), 'utf8')))
    return directory
  }

  it('names file and line of a wrong value', () => {
    const directory = copyWith('release/02-identified.yaml', (text) => text.replace('$ne: person', '$ne: persn'))
    const line =
      readFileSync(join(directory, 'release/02-identified.yaml'), 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('persn')) + 1
    expect(problemsOf(() => readPolicyFiles(directory))).toEqual([
      `release/02-identified.yaml:${line}: r02-person: there is no value of actor persn; the nearest is person`,
    ])
  })

  it('names file and line of text that is not YAML, and of a key given twice', () => {
    const broken = copyWith('categories/ogrs.yaml', (text) => `${text}\nfoi: [foia-38]\n`)
    expect(problemsOf(() => readPolicyFiles(broken)).join()).toMatch(/^categories\/ogrs\.yaml:\d+: Map keys must be unique/)
    const empty = copyWith('reasons.yaml', () => '')
    expect(problemsOf(() => readPolicyFiles(empty))).toEqual(['reasons.yaml:1: is not a mapping'])
  })
})
