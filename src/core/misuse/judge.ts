import { type EvaluationState, type FlagRank, misuseKinds, type MisuseRule } from './misuse-rules.ts'

/** What the log counts of one person under one rule: enough to judge it by, with the entries it rests on. */
export interface Candidate {
  readonly agencyId: string
  readonly personSub: string
  /** Null: about several people. */
  readonly offenderId: string | null
  /** The London day of what happens within a day; empty where it does not. */
  readonly period: string
  readonly entryIds: readonly string[]
  readonly numbers: Readonly<Record<string, number>>
}

/** Something for a reviewer to look at: a question with its reasons, never a finding. */
export interface Flagged extends Candidate {
  readonly ruleId: string
  readonly rank: FlagRank
  readonly words: string
  readonly cites: string
  readonly partnershipOnly: boolean
}

/** Judges what was counted by the rule's thresholds; null when it stays below them, or when the rule is off. */
export const judge = (rule: MisuseRule, candidate: Candidate): Flagged | null => {
  if (!rule.on || candidate.entryIds.length === 0 || !exceeds(rule, candidate.numbers)) return null
  const [first] = misuseKinds[rule.kind].numbers
  const high = rule.highFrom !== undefined && (candidate.numbers[first] ?? 0) >= rule.highFrom
  return {
    ...candidate,
    ruleId: rule.id,
    rank: high ? 'high' : rule.rank,
    words: saying(rule.words, candidate.numbers),
    cites: rule.cites,
    partnershipOnly: rule.partnershipOnly === true,
  }
}

/** A number that is missing exceeds nothing: what was not counted is not held against anybody. */
const exceeds = ({ kind, thresholds }: MisuseRule, numbers: Candidate['numbers']): boolean => {
  const number = (name: string): number => numbers[name] ?? Number.NaN
  const most = (name: string): number => thresholds[name] ?? Number.NaN
  switch (kind) {
    case 'volume-own':
      return (
        number('lookups') >= most('atLeast') &&
        number('days') >= most('activeDays') &&
        number('lookups') >= most('times') * number('usual') &&
        // Of somebody who asks the same number every day a single one more is not yet unusual.
        number('lookups') > number('usual') + most('deviations') * Math.max(number('spread'), 1)
      )
    case 'volume-peers':
      return (
        number('lookups') >= most('atLeast') &&
        number('peers') >= most('peers') &&
        number('lookups') >= most('times') * Math.max(number('usual'), 1)
      )
    case 'untied-many':
    case 'enumeration':
      return number('people') >= most('people')
    case 'guessing':
      return number('searches') >= most('searches')
    case 'refusals':
      return number('refusals') >= most('refusals')
    default:
      return number('lookups') >= most('lookups')
  }
}

/** The rule's words with its numbers: whole, or with one decimal. "1 times" is said as "once". */
export const saying = (words: string, numbers: Readonly<Record<string, number>>): string =>
  words
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = numbers[name]
      return value === undefined ? '?' : String(Math.round(value * 10) / 10)
    })
    .replaceAll(/\b1 times\b/g, 'once')
    .replaceAll(/\b1 (days|people|minutes)\b/g, (_, many: string) => `1 ${many === 'people' ? 'person' : many.slice(0, -1)}`)

/** How far the rule could be applied to an agency's look-ups, of which so many had what it needs. */
export const evaluationOf = (
  rule: Pick<MisuseRule, 'kind' | 'on'>,
  counted: { readonly lookups: number; readonly covered: number },
): EvaluationState => {
  const { needs, withoutRegister } = misuseKinds[rule.kind]
  if (!rule.on) return 'off'
  if (needs === null) return 'evaluated'
  if (counted.covered === 0) return withoutRegister
  return counted.covered < counted.lookups ? 'in-part' : 'evaluated'
}
