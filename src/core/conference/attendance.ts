import type { Facts } from '../facts.ts'
import type { AttendanceState } from '../case-vocabulary.ts'
import { type ChairAuthority, type NamedPerson, samePerson } from './acting-chair.ts'

/** How one person stands to one meeting, as its record has it now. */
export interface MeetingFile {
  readonly chair: NamedPerson
  readonly spoc: NamedPerson
  /** The version of the statement that binds the meeting; null where there was none, which opens nothing. */
  readonly statementVersion: number | null
  readonly invited: boolean
  /** The last that was recorded of the person; null: nothing. */
  readonly state: AttendanceState | null
  /** The last that was recorded of the meeting's chair. */
  readonly chairState: AttendanceState | null
  /** The version that the person acknowledged for this meeting and did not take back; null: none. */
  readonly acknowledgedVersion: number | null
  /** How many actions of the minutes are the person's own. */
  readonly ownActions: number
}

/**
 * Was the person there? The chair and the administrator of the meeting count as attendees unless the record says otherwise; whoever
 * was invited and did not come was not there. Who acts for the chair stands where that chair stands, so a chair who was not there
 * cannot let anybody read.
 */
export const attendanceOf = (file: MeetingFile, person: NamedPerson, authority: ChairAuthority): Facts['attendance'] => {
  if (file.state === 'excluded') return 'not-attended'
  if (wasThere(file.state, samePerson(file.chair, person) || samePerson(file.spoc, person))) return 'attended'
  if (authority.may && authority.as === 'delegate' && samePerson(authority.actingFor, file.chair) && wasThere(file.chairState, true)) {
    return 'acting-chair'
  }
  return file.ownActions > 0 ? 'own-action' : 'not-attended'
}

const wasThere = (state: AttendanceState | null, byOffice: boolean): boolean => (state === null ? byOffice : state === 'attended')

/** For that meeting and that version of its statement; another version is another undertaking. */
export const acknowledgementOf = ({ statementVersion, acknowledgedVersion }: MeetingFile): Facts['acknowledgement'] =>
  statementVersion !== null && acknowledgedVersion === statementVersion ? 'acknowledged' : 'not-acknowledged'

/** Has the person any part in the meeting, so that they may be told why they may not read? */
export const hasPart = (file: MeetingFile, person: NamedPerson): boolean =>
  file.invited || file.state !== null || file.ownActions > 0 || samePerson(file.chair, person) || samePerson(file.spoc, person)
