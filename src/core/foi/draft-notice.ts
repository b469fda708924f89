import type { Exemption, FoiRules, Worded } from './foi-rules.ts'
import { type FoiOutcome, type Ground, testOf } from './judge-grounds.ts'

export const noticeKinds = ['refusal', 'part', 'disclosure', 'extension', 'neither-confirm-nor-deny', 'not-held', 'own-data'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** What was decided of one paragraph, or of the answer as a whole. */
export interface Decided {
  readonly outcome: FoiOutcome
  readonly grounds: readonly Ground[]
}

export interface NoticeQuestion {
  readonly rules: FoiRules
  readonly request: { readonly reference: string; readonly receivedOn: string; readonly ownData: boolean }
  /** The last decision about the answer as a whole; null: it is confirmed that there is something. */
  readonly whole: Decided | null
  /** What stands of each paragraph, in the order of the papers. */
  readonly paragraphs: readonly Decided[]
}

export interface Notice {
  readonly kind: NoticeKind
  readonly text: readonly string[]
  /** What is withheld, by number, without a word about where it stands; empty where holding is not confirmed. */
  readonly schedule: readonly {
    readonly number: number
    readonly outcome: 'withheld' | 'disclosed'
    readonly exemptions: readonly string[]
  }[]
  /** The last day estimated for what is still being weighed. */
  readonly estimateOn: string | null
}

/**
 * A draft of the notice that s.17 asks for, made of the partners' words, days and the authority's own reference and of nothing that an
 * officer wrote or a paragraph says: no "statement … [which] would involve the disclosure of information which would itself be exempt"
 * (s.17(4)). Null while something is still being considered, or nothing is decided.
 */
export const draftNotice = (question: NoticeQuestion): Notice | null => {
  const { rules, request, whole } = question
  if (request.ownData) return ownDataNotice(question)
  if (whole?.outcome === 'neither-confirm-nor-deny') return neitherNotice(question, whole)
  if (whole?.outcome === 'not-held')
    return written('not-held', question, ['The authority does not hold information of the description you gave.'])
  const { paragraphs } = question
  if (paragraphs.length === 0 || paragraphs.some(({ outcome }) => outcome === 'consider')) return null
  const withheld = paragraphs.filter(({ outcome }) => outcome === 'withhold')
  const grounds = withheld.flatMap((one) => one.grounds)
  const kind = kindOf(grounds, withheld.length, paragraphs.length)
  const text = [
    kind === 'disclosure'
      ? 'The authority holds information of the description you gave and will give it to you itself.'
      : 'The authority holds information of the description you gave. Some or all of it is exempt under Part II of the Act and is not given to you.',
    ...distinct(grounds.flatMap((ground) => groundText(rules, ground))),
  ]
  return { ...written(kind, question, text), schedule: scheduleOf(rules, paragraphs), estimateOn: latest(grounds) }
}

const kindOf = (grounds: readonly Ground[], withheld: number, all: number): NoticeKind => {
  if (latest(grounds) !== null) return 'extension'
  if (withheld === 0) return 'disclosure'
  return withheld === all ? 'refusal' : 'part'
}

const distinct = (lines: readonly string[]): readonly string[] => [...new Set(lines)]

const latest = (grounds: readonly Ground[]): string | null =>
  grounds
    .flatMap(({ publicInterest }) => (publicInterest?.estimateOn === undefined ? [] : [publicInterest.estimateOn]))
    .reduce<string | null>((last, day) => (last === null || day > last ? day : last), null)

const exemptionOf = (rules: FoiRules, ground: Ground): Exemption => rules.exemptions.find(({ id }) => id === ground.exemption)!

const clausesOf = (rules: FoiRules, ground: Ground): string => {
  const exemption = exemptionOf(rules, ground)
  const condition = exemption.conditions?.find(({ id }) => id === ground.condition)
  return condition === undefined ? exemption.clause : `${exemption.clause} with ${condition.clause}`
}

const groundText = (rules: FoiRules, ground: Ground): readonly string[] => {
  const exemption = exemptionOf(rules, ground)
  const clause = clausesOf(rules, ground)
  const principle = rules.principles.find(({ id }) => id === ground.principle)
  const undecided = ground.publicInterest?.decision === 'undecided'
  // Whose statement of the reason would say what is exempt owes the number of the section and no reason (s.17(4)).
  const silent = ground.whyWouldReveal === true
  return [
    silent ? `The exemption is that of ${clause}.` : `The exemption is that of ${clause}: ${exemption.why}.`,
    ...(principle === undefined || silent ? [] : [`To give it would be contrary to a data protection principle: ${principle.words}.`]),
    ...(silent && !undecided ? [] : interestText(rules, { ground, clause, test: testOf(exemption, ground, 'withhold') })),
  ]
}

interface Interest {
  readonly ground: Ground
  readonly clause: string
  readonly test: 'qualified' | 'absolute'
}

const interestText = (rules: FoiRules, { ground, clause, test }: Interest): readonly string[] => {
  const given = ground.publicInterest
  if (test === 'absolute') return [`The exemption of ${clause} is absolute: the public interest is not weighed.`]
  if (given === undefined) return []
  if (given.decision === 'undecided') return [undecidedText(clause, given.estimateOn!)]
  return [`${outweighs(`in maintaining the exemption of ${clause}`, 'in disclosing the information')} ${weighing(rules, given)}`]
}

const undecidedText = (clause: string, estimateOn: string): string =>
  `No decision has yet been reached whether the public interest requires an answer all the same under ${clause}. The authority expects to have reached it by ${estimateOn}.`

const outweighs = (maintaining: string, disclosing: string): string =>
  `In all the circumstances of the case the public interest ${maintaining} outweighs the public interest ${disclosing}.`

const weighing = (rules: FoiRules, given: { readonly maintaining: readonly string[]; readonly disclosing: readonly string[] }): string =>
  `Weighed for it: ${wordsOf(rules.factors.maintaining, given.maintaining)}. Weighed against it: ${wordsOf(rules.factors.disclosing, given.disclosing)}.`

const wordsOf = (known: readonly Worded[], ids: readonly string[]): string =>
  known
    .filter(({ id }) => ids.includes(id))
    .map(({ words }) => words)
    .join('; ')

/** The same whatever is held, whatever was chosen among the reasons: it depends on the exemptions named and on nothing else. */
const neitherNotice = (question: NoticeQuestion, { grounds }: Decided): Notice => {
  const { rules } = question
  const fixed = rules.neitherConfirmNorDeny
  const lines = grounds.flatMap((ground) => {
    const { clause, test } = exemptionOf(rules, ground).confirmOrDeny
    const estimateOn = ground.publicInterest?.estimateOn
    const named = `The exemption from the duty to confirm or deny is that of ${clause}: ${fixed.words}.`
    if (test === 'absolute') return [named, `The exemption of ${clause} is absolute: the public interest is not weighed.`]
    if (estimateOn !== undefined) return [named, undecidedText(clause, estimateOn)]
    const interest = outweighs(`in excluding the duty to confirm or deny under ${clause}`, 'in confirming whether information is held')
    return [named, `${interest} ${weighing(rules, fixed.factors)}`]
  })
  const text = ['The authority neither confirms nor denies that it holds information of the description you gave.', ...distinct(lines)]
  return { ...written('neither-confirm-nor-deny', question, text), estimateOn: latest(grounds) }
}

/** What somebody asks about themselves is asked under data protection law; here it is neither confirmed nor denied (s.40(1), (5A)). */
const ownDataNotice = (question: NoticeQuestion): Notice => {
  const { rules } = question
  const own = rules.exemptions.find(({ ownData }) => ownData === true)!
  return written('own-data', question, [
    'Under the Freedom of Information Act the authority neither confirms nor denies that it holds information about you.',
    `The exemption is that of ${own.clause} and ${own.confirmOrDeny.clause}: ${own.why}.`,
    rules.notice.ownData,
  ])
}

const written = (kind: NoticeKind, { rules, request }: NoticeQuestion, text: readonly string[]): Notice => ({
  kind,
  text: [
    `Freedom of Information Act 2000: your request ${request.reference}, received on ${request.receivedOn}.`,
    ...text,
    rules.notice.complaints,
    rules.notice.commissioner,
  ],
  schedule: [],
  estimateOn: null,
})

const scheduleOf = (rules: FoiRules, paragraphs: readonly Decided[]): Notice['schedule'] =>
  paragraphs.map(({ outcome, grounds }, at) => ({
    number: at + 1,
    outcome: outcome === 'withhold' ? 'withheld' : 'disclosed',
    exemptions: grounds.map((ground) => clausesOf(rules, ground)),
  }))
