import type { Reason } from '../decision/decision.ts'
import { ageOn } from '../london.ts'
import type { Cohort } from '../vocabulary.ts'
import { type ConferenceView, failing, type Failing, viewsFailing } from './conference-views.ts'
import { reviewDateFailing } from './reviews.ts'

export interface NamedPerson {
  readonly agencyId: string
  readonly personSub: string
}

/** "Each intervention has a named person" (Guidance 2009, 1.3 b10). */
export type Intervention = NamedPerson & { readonly what: string }

/** What makes a young person a deter young offender (Scrutiny Board 2009, 1.28-1.29). */
export interface DyoSelection {
  readonly sentence: 'community-order' | 'dto-community'
  readonly assetScore: 'high' | 'not-high'
  readonly riskOfSeriousHarm: 'low' | 'medium' | 'high' | 'very-high'
  /** The youth offending service that selected. */
  readonly selectedBy: string
}

export interface ProposedRegistration {
  readonly cohort: Cohort
  readonly bornOn: string | null
  readonly score: number | null
  readonly scoreOnly: boolean
  readonly scoreOnlyReason: string | null
  readonly views: readonly ConferenceView[]
  readonly interventions: readonly Intervention[]
  readonly reviewOn: string
  readonly dyo: DyoSelection | null
}

export interface RegistrationKnown {
  readonly today: string
  readonly mostReviewDays: number
  /** Agencies with a core member in the area. */
  readonly agencyIds: readonly string[]
  readonly yosAgencyIds: readonly string[]
}

const reason = (code: Reason['code'], ruleId: string, cites: string): Reason => ({ code, stage: 'R33', ruleId, cites })

const juvenilePpo = reason(
  'juvenile-ppo-closed',
  'r33-juvenile-ppo',
  'Scrutiny Board 2009, 1.28-1.31: from 1 September 2009 one group replaces the youth PPO; R33',
)
const dyoCriteria = reason('cohort-criteria', 'r33-dyo', 'Scrutiny Board 2009, 1.28-1.29')
const scoreAlone = reason('automated-decision', 'r33-score-only', 'Scrutiny Board 2009, 1.26-1.27; DPA 2018 s.50A-50D')
const noBirthDate = reason('cohort-criteria', 'r33-age', 'Case Conferencing Guidance 2009, aide memoire, new cases: age')
const noPlan = reason('evidence', 'r33-interventions', 'Case Conferencing Guidance 2009, 1.3 b10 and aide memoire, new cases')

/** The first rule that a proposed registration fails; null when it may be recorded. */
export const registrationFailing = (proposed: ProposedRegistration, known: RegistrationKnown): Failing | null =>
  ageFailing(proposed, known) ??
  scoreFailing(proposed) ??
  viewsFailing(proposed.views, { agencyIds: known.agencyIds, evidenceNeeded: !proposed.scoreOnly }) ??
  (proposed.interventions.length === 0 ? failing(noPlan, '/interventions', 'names no intervention, case manager and owner') : null) ??
  reviewDateFailing(proposed.reviewOn, { today: known.today, mostDays: known.mostReviewDays, exempt: false })

const ageFailing = (proposed: ProposedRegistration, known: RegistrationKnown): Failing | null => {
  const { bornOn, cohort } = proposed
  if (bornOn === null) return failing(noBirthDate, '/bornOn', 'is not known; age decides which cohort a person may be in')
  const age = ageOn(bornOn, known.today)
  if (cohort === 'ppo' && age < 18) return failing(juvenilePpo, '/cohort', 'is closed to young people; register as dyo')
  if (cohort !== 'dyo') return null
  if (age < 10 || age > 17) return failing(dyoCriteria, '/cohort', 'dyo is for people aged 10 to 17')
  const { dyo } = proposed
  if (dyo === null) return failing(dyoCriteria, '/dyo', 'says nothing of sentence, Asset score and risk')
  if (!known.yosAgencyIds.includes(dyo.selectedBy)) return failing(dyoCriteria, '/dyo/selectedBy', 'is not a youth offending service')
  const high = dyo.assetScore === 'high' || dyo.riskOfSeriousHarm === 'high' || dyo.riskOfSeriousHarm === 'very-high'
  return high ? null : failing(dyoCriteria, '/dyo', 'needs a high Asset score or a high or very high risk of serious harm')
}

/** "Score alone only in very few cases": never without saying why. */
const scoreFailing = (proposed: ProposedRegistration): Failing | null => {
  if (!proposed.scoreOnly) return null
  if (proposed.score === null) return failing(scoreAlone, '/score', 'is missing where the score alone decided')
  return (proposed.scoreOnlyReason ?? '').trim().length < 3
    ? failing(scoreAlone, '/scoreOnlyReason', 'must say why the score alone decided')
    : null
}
