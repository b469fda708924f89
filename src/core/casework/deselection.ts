import type { Reason } from '../decision/decision.ts'
import { daysAfter, isDay } from '../london.ts'
import type { Cohort } from '../vocabulary.ts'
import type { DeselectReason } from '../case-vocabulary.ts'
import { type ConferenceView, failing, type Failing, viewsFailing } from './conference-views.ts'
import { monthsAfter } from './due-dates.ts'

/** What each coded reason has to show (Offender Management Update 2009, 5.2). */
export interface DeselectionConditions {
  /** DS1: "unless other indicators, e.g. problematic drug misuse". */
  readonly otherIndicators?: 'none' | 'present'
  /** DS2: the receiving area's scheme is informed where possible. */
  readonly receivingAreaInformedOn?: string
  readonly receivingAreaNotInformedBecause?: string
  /** DS3: only after a full multi-agency risk assessment; those who pose the greatest risk stay. */
  readonly riskAssessmentReference?: string
  readonly posesGreatestRisk?: boolean
  readonly expectedCustodyMonths?: number
  /** DS6: a transfer, never an exit without MAPPA acceptance. */
  readonly mappaReferralReference?: string
  readonly mappaAcceptedOn?: string
}

export interface ProposedDeselection {
  readonly reasons: readonly DeselectReason[]
  readonly outcome: 'exit' | 'to-iom' | 'to-mappa' | 'moved'
  readonly conditions: DeselectionConditions
  readonly views: readonly ConferenceView[]
}

export interface DeselectionKnown {
  readonly today: string
  readonly agencyIds: readonly string[]
  readonly cohort: Cohort | null
  readonly cohortSinceOn: string | null
  readonly custodyAgencyId: string | null
  /** London day of the newest arrest or intelligence report on record; null when there is none. */
  readonly lastActivityOn: string | null
  readonly noActivityMonths: number
}

const reason = (ruleId: string, what: string, code: Reason['code'] = 'deselection-criteria'): Reason => ({
  code,
  stage: 'R33',
  ruleId,
  cites: `Offender Management Update 2009, 5.2: ${what}; R33`,
})

const triggersOnly: readonly DeselectReason[] = ['regular-review', 'two-year-review']

/** The first rule that a proposed de-selection fails; null when it may be recorded. */
export const deselectionFailing = (proposed: ProposedDeselection, known: DeselectionKnown): Failing | null =>
  (proposed.reasons.every((one) => triggersOnly.includes(one))
    ? failing(reason('r33-ds4-ds5', 'a review is when to consider, never a reason by itself'), '/reasons', 'are review triggers only')
    : null) ??
  proposed.reasons.map((one) => checks[one](proposed, known)).find((found) => found !== null) ??
  outcomeFailing(proposed, known) ??
  viewsFailing(proposed.views, { agencyIds: known.agencyIds, evidenceNeeded: true })

/**
 * Significant custody takes a person out for as long as it lasts: "keep prison contact, reconsider 3 months before release". The day to
 * do so, never before the day after this one; null when that was not the reason, or the person stays in the wider cohort.
 */
export const reconsiderOn = (
  { reasons, outcome, conditions }: Pick<ProposedDeselection, 'reasons' | 'outcome' | 'conditions'>,
  known: { readonly today: string; readonly earliestReleaseOn: string | null; readonly months: number },
): string | null => {
  if (!reasons.includes('significant-custody') || outcome === 'to-iom') return null
  // Without a date of release on record, the custody that the conference expected tells it.
  const releaseOn = known.earliestReleaseOn ?? monthsAfter(known.today, conditions.expectedCustodyMonths ?? 0)
  const day = monthsAfter(releaseOn, -known.months)
  return day > known.today ? day : daysAfter(known.today, 1)
}

type Check = (proposed: ProposedDeselection, known: DeselectionKnown) => Failing | null

const stoppedOffending: Check = ({ conditions }, known) => {
  const rule = reason('r33-ds1', 'no arrest and no intelligence report for six continuous months')
  const since = monthsAfter(known.today, -known.noActivityMonths)
  if (known.lastActivityOn !== null && known.lastActivityOn > since)
    return failing(rule, '/reasons', `there was an arrest or an intelligence report after ${since}`)
  // Who has been known for less time has not been seen to stop for that long.
  if (known.cohortSinceOn === null || known.cohortSinceOn > since)
    return failing(rule, '/reasons', `the person has not been in the cohort since ${since}`)
  return conditions.otherIndicators === 'none'
    ? null
    : failing(rule, '/conditions/otherIndicators', 'must be none: problematic drug misuse and the like keep a person in')
}

const movedArea: Check = ({ conditions }) =>
  isDay(conditions.receivingAreaInformedOn ?? '') || (conditions.receivingAreaNotInformedBecause ?? '').trim().length >= 3
    ? null
    : failing(
        reason('r33-ds2', 'the receiving area’s scheme is informed where possible'),
        '/conditions/receivingAreaInformedOn',
        'is missing, and so is why it was not possible',
      )

const significantCustody: Check = ({ conditions }, known) => {
  const assessed = (conditions.riskAssessmentReference ?? '').trim().length >= 3
  const path = '/conditions/riskAssessmentReference'
  if (!assessed)
    return failing(reason('r33-ds3-assessment', 'only after a full multi-agency risk assessment', 'risk-assessment'), path, 'is missing')
  const rule = reason('r33-ds3', 'significant custody; those who pose the greatest risk are not de-selected')
  if (conditions.posesGreatestRisk !== false) return failing(rule, '/conditions/posesGreatestRisk', 'must be false')
  if (known.custodyAgencyId === null) return failing(rule, '/reasons', 'the person is not in custody')
  return (conditions.expectedCustodyMonths ?? 0) > 24
    ? null
    : failing(rule, '/conditions/expectedCustodyMonths', 'must be more than 24: likely more than two years in custody')
}

const highRisk: Check = ({ conditions }) => {
  const rule = reason('r33-ds6', 'high risk of harm is a MAPPA referral, never an exit without its acceptance')
  if ((conditions.mappaReferralReference ?? '').trim().length < 3) return failing(rule, '/conditions/mappaReferralReference', 'is missing')
  return isDay(conditions.mappaAcceptedOn ?? '') ? null : failing(rule, '/conditions/mappaAcceptedOn', 'MAPPA has not accepted the case')
}

const nothingMore: Check = () => null
const checks: Record<DeselectReason, Check> = {
  'stopped-offending': stoppedOffending,
  'moved-area': movedArea,
  'significant-custody': significantCustody,
  'regular-review': nothingMore,
  'two-year-review': nothingMore,
  'high-risk-of-harm': highRisk,
}

/** "A de-selected PPO may pass to IOM rather than exit" (4.6). */
const outcomeFailing: Check = ({ outcome, reasons }, { cohort }) => {
  const wrong = (message: string): Failing => failing(reason('r33-outcome', 'what follows from the reason'), '/outcome', message)
  if (outcome === 'to-iom' && cohort !== 'ppo') return wrong('only a prolific and priority offender passes to iom')
  if (outcome === 'to-mappa' && !reasons.includes('high-risk-of-harm')) return wrong('to-mappa needs the reason high-risk-of-harm')
  if (outcome === 'exit' && reasons.includes('high-risk-of-harm')) return wrong('high-risk-of-harm is a transfer to mappa, not an exit')
  return outcome === 'moved' && !reasons.includes('moved-area') ? wrong('moved needs the reason moved-area') : null
}
