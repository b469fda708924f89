import { type AgreementAnswer, usable } from '../agreements/agreement.ts'
import { daysAfter, isDay } from '../london.ts'
import { refuse, type Refused, saysSomething } from './lead/verdict.ts'
import type { ProsecutionRules } from './system-rules.ts'
import type { LegalGateway } from '../vocabulary.ts'

export interface Grade {
  readonly source: string
  readonly intelligence: string
  readonly handling: string
}

/** What an intelligence officer would let a case lawyer read before sentence. */
export interface ProposedRelease {
  readonly sentenceOn: string
  readonly grade: Grade
  /** Said by the officer: no source, no handler, nobody else is in the text. */
  readonly sanitised: boolean
  readonly legalGateway: LegalGateway | null
  readonly justification: string | null
}

export interface ReleaseKnown {
  readonly callerKind: string
  readonly holdsRole: boolean
  readonly vetted: boolean
  /** Null: nobody of that name is registered and active. */
  readonly lawyerKind: string | null
  readonly today: string
  readonly agreement: AgreementAnswer
  readonly rules: ProsecutionRules
}

const intelligence = '3x5x2 intelligence report; MPA report 2011, paras 41-42'

/** The first rule that a release to the case lawyer fails; null when it may be made (Scrutiny Board 2009, 1.17-1.19). */
export const prosecutionReleaseFailing = (asked: ProposedRelease, known: ReleaseKnown): Refused | null => {
  const { rules } = known
  const { cites } = rules
  if (!(rules.from as readonly string[]).includes(known.callerKind) || !known.holdsRole)
    return refuse('release-point', {
      ruleId: 'prosecution-release-point',
      stage: 'R18',
      cites: 'MPA report 2011, paras 41-42',
      status: 403,
    })
  if (!known.vetted)
    return refuse('user-not-vetted', { ruleId: 'prosecution-vetted', stage: 'R3', cites: 'MPA report 2011, para 23', status: 403 })
  if (asked.legalGateway === null || !saysSomething(asked.justification))
    return refuse('request-incomplete', { ruleId: 'prosecution-complete', stage: 'R4', cites: 'DPA 2018 s.36-37; R4' })
  if (!(rules.to as readonly (string | null)[]).includes(known.lawyerKind))
    return refuse('need-to-know', { ruleId: 'prosecution-lawyer', stage: 'R13', cites })
  return (
    unlawful({ ...asked, legalGateway: asked.legalGateway }, known) ??
    graded(asked.grade, rules) ??
    (asked.sanitised ? null : refuse('source-identity', { ruleId: 'prosecution-sanitised', stage: 'R18', cites: intelligence })) ??
    beforeSentence(asked.sentenceOn, known)
  )
}

const unlawful = (asked: ProposedRelease & { readonly legalGateway: LegalGateway }, { agreement, rules }: ReleaseKnown): Refused | null => {
  if (!usable(agreement.standing))
    return refuse('isa-none', {
      ruleId: 'prosecution-agreement',
      stage: 'R10',
      cites: `${rules.cites}; MPA report 2011, para 43`,
      status: 403,
    })
  if (agreement.grant?.legalGateways.includes(asked.legalGateway) === true) return null
  return refuse('legal-gateway', { ruleId: 'prosecution-gateway', stage: 'R12', cites: 'DPA 2018 s.35-36; R12', status: 403 })
}

/** "A grade is mandatory"; what is suspected to be false, or shared on conditions only, is not for a court's file. */
const graded = ({ source, intelligence: grade, handling }: Grade, rules: ProsecutionRules): Refused | null =>
  rules.sourceGrades.includes(source) && rules.intelligenceGrades.includes(grade) && rules.handling.includes(handling)
    ? null
    : refuse('handling-code', { ruleId: 'prosecution-grade', stage: 'R18', cites: intelligence })

const beforeSentence = (sentenceOn: string, { today, rules }: Pick<ReleaseKnown, 'today' | 'rules'>): Refused | null =>
  isDay(sentenceOn) && sentenceOn >= today && sentenceOn <= daysAfter(today, rules.mostDaysAhead)
    ? null
    : refuse('purpose-incompatible', { ruleId: 'prosecution-before-sentence', stage: 'R9', cites: rules.cites })

/** The named lawyer reads it while the sentence is still to come, vetted, under the same agreement: asked again at every reading. */
export const prosecutionReadingFailing = (
  released: { readonly sentenceOn: string; readonly legalGateway: LegalGateway | null; readonly justification: string | null },
  known: Pick<ReleaseKnown, 'vetted' | 'today' | 'agreement' | 'rules'>,
): Refused | null => {
  if (released.legalGateway === null || !saysSomething(released.justification))
    return refuse('request-incomplete', { ruleId: 'prosecution-complete', stage: 'R4', cites: 'DPA 2018 s.36-37; R4' })
  if (!known.vetted)
    return refuse('user-not-vetted', { ruleId: 'prosecution-vetted', stage: 'R3', cites: 'MPA report 2011, para 23', status: 403 })
  const { sentenceOn, legalGateway } = released
  const past = sentenceOn < known.today
  if (past)
    return refuse('purpose-incompatible', { ruleId: 'prosecution-before-sentence', stage: 'R9', cites: known.rules.cites, status: 403 })
  const asked = { sentenceOn, legalGateway, justification: released.justification, sanitised: true, grade: noGrade }
  return unlawful(asked, { ...known, callerKind: '', holdsRole: true, lawyerKind: null })
}

const noGrade: Grade = { source: '', intelligence: '', handling: '' }
