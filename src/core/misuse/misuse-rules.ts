/** What a kind of rule counts, which thresholds it needs, and what it needs to know of staff beyond the gateway's own registry. */
export interface MisuseKindTerms {
  readonly thresholds: readonly string[]
  /** The numbers that its words may name; the first is the one that ranks. */
  readonly numbers: readonly string[]
  readonly needs: 'addresses' | 'shifts' | 'transfers' | null
  /** What the rule is where an agency feeds no staff register. Never `evaluated` where something is missing. */
  readonly withoutRegister: EvaluationState
}

export type EvaluationState = 'evaluated' | 'in-part' | 'not-evaluated' | 'off'

const ofRegistry = { needs: null, withoutRegister: 'evaluated' } as const

/** Every kind of pattern that the gateway knows how to count. */
export const misuseKinds = {
  untied: { thresholds: ['lookups'], numbers: ['lookups', 'days'], ...ofRegistry },
  'untied-many': { thresholds: ['people'], numbers: ['people', 'lookups'], ...ofRegistry },
  'own-name': { thresholds: ['lookups'], numbers: ['lookups', 'days'], ...ofRegistry },
  'own-address': { thresholds: ['lookups'], numbers: ['lookups', 'days'], needs: 'addresses', withoutRegister: 'not-evaluated' },
  'same-surname': { thresholds: ['lookups', 'mostSharing'], numbers: ['lookups', 'days'], ...ofRegistry },
  colleague: { thresholds: ['lookups', 'mostSharing'], numbers: ['lookups', 'days'], ...ofRegistry },
  enumeration: { thresholds: ['people', 'minutes'], numbers: ['people', 'minutes'], ...ofRegistry },
  guessing: { thresholds: ['searches', 'minutes'], numbers: ['searches', 'minutes'], ...ofRegistry },
  refusals: { thresholds: ['refusals'], numbers: ['refusals'], ...ofRegistry },
  'volume-own': {
    thresholds: ['atLeast', 'times', 'deviations', 'activeDays'],
    numbers: ['lookups', 'usual', 'days', 'spread'],
    ...ofRegistry,
  },
  'volume-peers': { thresholds: ['atLeast', 'times', 'peers'], numbers: ['lookups', 'usual', 'peers'], ...ofRegistry },
  // Appointments that ended are the registry's; a move that nobody told the registry of is the register's.
  'after-transfer': {
    thresholds: ['lookups', 'graceDays'],
    numbers: ['lookups', 'people', 'daysAfter'],
    needs: 'transfers',
    withoutRegister: 'in-part',
  },
  'outside-duty': { thresholds: ['lookups', 'graceMinutes'], numbers: ['lookups'], needs: 'shifts', withoutRegister: 'not-evaluated' },
  'case-closed': { thresholds: ['lookups', 'graceDays'], numbers: ['lookups', 'daysAfter'], ...ofRegistry },
  decoy: { thresholds: ['lookups'], numbers: ['lookups', 'days'], ...ofRegistry },
} as const satisfies Record<string, MisuseKindTerms>
export type MisuseKind = keyof typeof misuseKinds

export const flagRanks = ['high', 'medium', 'low'] as const
export type FlagRank = (typeof flagRanks)[number]

/** One rule of policies/misuse.yaml. */
export interface MisuseRule {
  readonly id: string
  readonly kind: MisuseKind
  readonly on: boolean
  readonly rank: FlagRank
  /** The rank is high from this many on. */
  readonly highFrom?: number
  /** Seen by the partnership's officers alone: an agency's own would learn from it what nobody may know. */
  readonly partnershipOnly?: boolean
  readonly thresholds: Readonly<Record<string, number>>
  /** Reasons of refusals that count for nothing. */
  readonly excused?: readonly string[]
  /** What an officer is told, with `{number}` where a number stands. */
  readonly words: string
  readonly cites: string
}

export interface MisuseRules {
  readonly title: string
  readonly cites: string
  readonly windowDays: number
  readonly lookups: readonly string[]
  readonly searches: readonly string[]
  readonly sample: { readonly atLeast: number; readonly perThousand: number; readonly words: string; readonly cites: string }
  readonly rules: readonly MisuseRule[]
}

/** Under this id stand the look-ups drawn at random: no rule found them. */
export const sampleRuleId = 'random-sample'

interface RuleProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}
type Json = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isWord = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''
const isWords = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isWord)
const isCount = (value: unknown, least = 1): boolean => Number.isInteger(value) && Number(value) >= least

/** The shortest that a payload of the log may be kept, in days: what is copied from it must go before. */
const SHORTEST_RETENTION_DAYS = 365

/** Everything wrong with the rules; empty when they may run. */
export const misuseRuleProblems = (rules: unknown): readonly RuleProblem[] => {
  const given = isRecord(rules) ? rules : {}
  const problems: RuleProblem[] = []
  const check = (good: boolean, path: RuleProblem['path'], message: string): void => void (good || problems.push({ path, message }))
  check(isWord(given.title), ['title'], 'the rules have no title')
  check(isWord(given.cites), ['cites'], 'the rules cite nothing')
  check(isCount(given.windowDays) && Number(given.windowDays) < SHORTEST_RETENTION_DAYS, ['windowDays'], 'windowDays must be 1 to 364')
  check(isWords(given.lookups), ['lookups'], 'lookups must name operations')
  check(isWords(given.searches), ['searches'], 'searches must name operations')
  const sample = isRecord(given.sample) ? given.sample : {}
  check(isCount(sample.atLeast), ['sample', 'atLeast'], 'sample.atLeast must be a whole number from 1')
  check(isCount(sample.perThousand, 0), ['sample', 'perThousand'], 'sample.perThousand must be a whole number')
  check(isWord(sample.words) && isWord(sample.cites), ['sample'], 'the sample needs words and cites')
  check(unknownWords(sample.words, ['lookups']).length === 0, ['sample', 'words'], 'the words of the sample may name {lookups} only')
  const list = Array.isArray(given.rules) ? (given.rules as unknown[]) : []
  check(list.length > 0, ['rules'], 'there are no rules')
  const ids = list.map((rule) => (isRecord(rule) ? rule.id : undefined))
  list.forEach((rule, index) => problems.push(...ruleProblems(isRecord(rule) ? rule : {}, ['rules', index], ids)))
  return problems
}

const ruleKeys = ['id', 'kind', 'on', 'rank', 'highFrom', 'partnershipOnly', 'thresholds', 'excused', 'words', 'cites']

const ruleProblems = (rule: Json, path: RuleProblem['path'], ids: readonly unknown[]): readonly RuleProblem[] => {
  const id = isWord(rule.id) ? rule.id : 'a rule without an id'
  const kind = isWord(rule.kind) && Object.hasOwn(misuseKinds, rule.kind) ? misuseKinds[rule.kind as MisuseKind] : null
  const wrong: (readonly [good: boolean, message: string])[] = [
    [/^[a-z0-9-]+$/.test(id) && id !== sampleRuleId, 'the id must be kebab-case and not that of the sample'],
    [ids.filter((one) => one === rule.id).length === 1, 'is there twice'],
    [Object.keys(rule).every((key) => ruleKeys.includes(key)), `knows only ${ruleKeys.join(', ')}`],
    [kind !== null, `there is no kind ${String(rule.kind)}; there are ${Object.keys(misuseKinds).join(', ')}`],
    [typeof rule.on === 'boolean', 'on must be true or false'],
    [(flagRanks as readonly unknown[]).includes(rule.rank), `rank must be one of ${flagRanks.join(', ')}`],
    [rule.highFrom === undefined || isCount(rule.highFrom), 'highFrom must be a whole number from 1'],
    [rule.partnershipOnly === undefined || typeof rule.partnershipOnly === 'boolean', 'partnershipOnly must be true or false'],
    [rule.excused === undefined || isWords(rule.excused), 'excused must name reasons'],
    [isWord(rule.words) && isWord(rule.cites), 'needs words and cites'],
    // Only from the partnership's own view may a decoy be spoken of.
    [rule.kind !== 'decoy' || rule.partnershipOnly === true, 'a rule about decoys is for the partnership only'],
  ]
  const thresholds = isRecord(rule.thresholds) ? rule.thresholds : {}
  for (const name of kind?.thresholds ?? []) wrong.push([isCount(thresholds[name]), `${name} must be a whole number from 1`])
  for (const name of Object.keys(thresholds))
    wrong.push([kind === null || (kind.thresholds as readonly string[]).includes(name), `has no threshold ${name}`])
  for (const name of kind === null ? [] : unknownWords(rule.words, kind.numbers)) wrong.push([false, `its words cannot name {${name}}`])
  return wrong.filter(([good]) => !good).map(([, message]) => ({ path, message: `${id}: ${message}` }))
}

const unknownWords = (words: unknown, known: readonly string[]): readonly string[] =>
  isWord(words) ? [...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).filter((name) => !known.includes(name)) : []
