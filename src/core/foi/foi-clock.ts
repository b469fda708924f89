import { ukParts } from '../calendar/bank-holidays.ts'
import { workingDaysAfter } from '../working-days.ts'
import type { FoiRules } from './foi-rules.ts'

/**
 * The last day for an answer: "not later than the twentieth working day following the date of receipt" (FOIA s.10(1)), where the holidays
 * of every part of the United Kingdom count (s.10(6)) and a request that had to be made clearer was received when it was (s.1(3)).
 */
export const foiDueOn = (
  rules: FoiRules['clock'],
  received: { readonly receivedOn: string; readonly clarifiedOn: string | null },
): string => {
  const { receivedOn, clarifiedOn } = received
  const from = clarifiedOn !== null && clarifiedOn > receivedOn ? clarifiedOn : receivedOn
  return workingDaysAfter(from, rules.workingDays, ukParts)
}

/** The last day that may be estimated for the end of weighing the public interest (s.10(3), s.17(2)). */
export const latestEstimateOn = (rules: FoiRules['clock'], dueOn: string): string =>
  workingDaysAfter(dueOn, rules.extensionWorkingDays, ukParts)
