import type { Page } from '../../../page.ts'
import { attendance } from './attendance.ts'
import { agreeToStatement, invite, recordAttendance, withdrawAgreement } from './attending-acts.ts'
import { recordAll } from './record-all.ts'

/** Who takes part in a meeting, and under which statement. */
export const attendingPages: readonly Page[] = [attendance, recordAll, recordAttendance, invite, agreeToStatement, withdrawAgreement]
