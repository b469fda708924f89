import type { ChangeOutcome } from '../../commit/change.ts'
import { logPurposes, type LogPurpose } from '../export-note.ts'

/** Why somebody reads the log, as they gave it: what is missing or not allowed is refused as a decision, so that it is logged. */
export interface ReadingReasons {
  readonly purpose?: string | null
  readonly justification?: string | null
}

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const cites = 'DPA 2018 s.62(4): the logs may be used only for the four purposes named there; R42'

/** Null when the log may be read for this: "to verify the lawfulness of processing ... self-monitoring ... criminal proceedings". */
export const refusedReading = ({ purpose, justification }: ReadingReasons): Refusal | null => {
  if (purpose === undefined || purpose === null || purpose.trim() === '') return refused('log-purpose-missing', 422)
  if (!logPurposes.includes(purpose as LogPurpose)) return refused('log-purpose-not-lawful', 403)
  if (justification === undefined || justification === null || justification.trim() === '') return refused('log-justification-missing', 422)
  return null
}

const refused = (ruleId: string, status: 403 | 422): Refusal => ({
  allowed: false,
  status,
  reason: { code: 'log-purpose', stage: 'R42', ruleId, cites },
})

export const notReviewer: Refusal = {
  allowed: false,
  reason: {
    code: 'need-to-know',
    stage: 'R42',
    ruleId: 'log-search-by-officer',
    cites: 'DPA 2018 s.62(4); R42: accesses are reviewed by appointed information-governance officers',
  },
}
