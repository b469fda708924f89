import { describe, expect, it } from 'vitest'
import { evaluationOf, judge, saying } from '../../src/core/misuse/judge.ts'
import { misuseKinds, type MisuseRule, misuseRuleProblems } from '../../src/core/misuse/misuse-rules.ts'
import { addressPart, familyNamePart, namePart } from '../../src/core/misuse/parts.ts'
import { shippedMisuse } from './support/scene.ts'

const ruleOf = (kind: MisuseRule['kind']): MisuseRule => shippedMisuse.rules.find((rule) => rule.kind === kind)!
const candidate = (numbers: Readonly<Record<string, number>>) => ({
  ...{ agencyId: 'ridings-police', personSub: 'p1', offenderId: null, period: '', entryIds: ['e1'], numbers },
})

describe('the judgement', () => {
  const ownDay = { lookups: 31, usual: 8, spread: 1, days: 6 }
  it.each([
    ['volume-own', ownDay, true],
    ['volume-own', { ...ownDay, days: 4 }, false],
    ['volume-own', { ...ownDay, usual: 11 }, false],
    ['volume-own', { ...ownDay, spread: 5 }, false],
    ['volume-own', { ...ownDay, lookups: 29 }, false],
    ['volume-peers', { lookups: 40, usual: 6, peers: 5 }, true],
    ['volume-peers', { lookups: 40, usual: 7, peers: 5 }, false],
    ['volume-peers', { lookups: 40, usual: 6, peers: 4 }, false],
    ['enumeration', { people: 25 }, true],
    ['enumeration', { people: 24 }, false],
    ['guessing', { searches: 12 }, true],
    ['refusals', { refusals: 7 }, false],
    ['untied', { lookups: 2 }, true],
    ['untied', { lookups: 1 }, false],
  ] as const)('of %s with %o is %s', (kind, numbers, flagged) => {
    expect(judge(ruleOf(kind), candidate(numbers)) !== null).toBe(flagged)
  })

  it.each(shippedMisuse.rules)('$id holds nothing against anybody that was not counted, nor when it is off', (rule) => {
    expect(judge(rule, candidate({}))).toBeNull()
    const plenty = Object.fromEntries(
      misuseKinds[rule.kind].numbers.map((name) => [name, name === 'usual' || name === 'spread' ? 0 : 1_000]),
    )
    expect(judge(rule, candidate(plenty))).toMatchObject({ ruleId: rule.id, cites: rule.cites })
    expect(judge({ ...rule, on: false }, candidate(plenty))).toBeNull()
    expect(judge(rule, { ...candidate(plenty), entryIds: [] })).toBeNull()
  })

  it('ranks higher from the number on that the rule names', () => {
    expect(judge(ruleOf('untied'), candidate({ lookups: 5 }))?.rank).toBe('medium')
    expect(judge(ruleOf('untied'), candidate({ lookups: 6 }))?.rank).toBe('high')
  })

  it('speaks in whole sentences', () => {
    expect(saying('Asked {lookups} times in {days} days.', { lookups: 1, days: 1 })).toBe('Asked once in 1 day.')
    expect(saying('On average {usual}.', { usual: 12.345 })).toBe('On average 12.3.')
  })
})

describe('the evaluation', () => {
  it.each([
    ['own-address', 0, 'not-evaluated'],
    ['own-address', 3, 'in-part'],
    ['own-address', 10, 'evaluated'],
    ['outside-duty', 0, 'not-evaluated'],
    ['after-transfer', 0, 'in-part'],
    ['own-name', 10, 'evaluated'],
  ] as const)('of %s with %i of 10 look-ups covered is %s', (kind, covered, state) => {
    expect(evaluationOf(ruleOf(kind), { lookups: 10, covered })).toBe(state)
    expect(evaluationOf({ kind, on: false }, { lookups: 10, covered })).toBe('off')
  })
})

describe('the rules as data', () => {
  it('are sound as shipped, and every kind has one', () => {
    expect(misuseRuleProblems(shippedMisuse)).toEqual([])
    expect(new Set(shippedMisuse.rules.map(({ kind }) => kind))).toEqual(new Set(Object.keys(misuseKinds)))
  })

  const first = shippedMisuse.rules[0]!
  const decoy = ruleOf('decoy')
  it.each<[string, object, string]>([
    ['an unknown kind', { ...first, kind: 'aura' }, 'there is no kind aura'],
    ['a missing threshold', { ...first, thresholds: {} }, 'lookups must be a whole number'],
    ['a strange threshold', { ...first, thresholds: { lookups: 2, luck: 1 } }, 'has no threshold luck'],
    ['words that name what is not counted', { ...first, words: 'Asked {often}.' }, 'cannot name {often}'],
    ['no citation', { ...first, cites: ' ' }, 'needs words and cites'],
    ['neither on nor off', { ...first, on: 'yes' }, 'on must be true or false'],
    ['the same id twice', decoy, 'is there twice'],
    ['decoys told to everybody', { ...decoy, id: 'traps', partnershipOnly: false }, 'for the partnership only'],
  ])('are refused with %s', (_what, rule, says) => {
    const messages = misuseRuleProblems({ ...shippedMisuse, rules: [rule, decoy] }).map(({ message }) => message)
    expect(messages.some((message) => message.includes(says))).toBe(true)
  })

  it('may not keep look-ups as long as the log may be made to forget them', () => {
    expect(misuseRuleProblems({ ...shippedMisuse, windowDays: 365 })).toHaveLength(1)
  })
})

describe('the spelling that is hashed', () => {
  it('is the same however names and addresses are written', () => {
    expect(namePart('Zoë', "O'Brien-Lee")).toBe('zoe obrienlee')
    expect(familyNamePart('O’Brien Lee')).toBe('obrienlee')
    expect(addressPart('Flat 2, 1 Sample St.', 'ZZ99 1ZZ')).toBe(addressPart('flat 2 1 sample st', 'zz991zz'))
  })
})
