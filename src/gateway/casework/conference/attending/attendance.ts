import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { samePerson } from '../../../../core/conference/acting-chair.ts'
import { Fault } from '../../../../core/fault.ts'
import { londonDay } from '../../../../core/london.ts'
import { type Attended, findExcluded, insertAttendance, listParticipants, type Meeting } from '../../../../db/conference/attending.ts'
import type { ChangeContext, ChangeOutcome } from '../../../commit/change.ts'
import {
  actedAs,
  chairAuthority,
  conferenceIdIn,
  getKept,
  getSeen,
  holdMeeting,
  type MeetingUses,
  noDelegation,
  personOf,
} from '../known-meeting.ts'
import { keepsConference } from '../conference-area.ts'
import { requireRegistered } from './invite.ts'

const notOwn = {
  allowed: false,
  status: 403,
  reason: {
    code: 'separation-of-duties',
    stage: 'R42',
    ruleId: 'attendance-not-own',
    cites: 'Case Conferencing Guidance 2009, aide memoire: participants, apologies, invited but absent; R42',
  },
} as const

/**
 * Operation `recordAttendance`: who was there, who sent apologies, who was invited and did not come. The last record of a person
 * counts. Nobody writes themselves into the room; and only the chair sends somebody out of it, or lets them in again.
 */
export const recordAttendance =
  (uses: Pick<MeetingUses, 'commitChange' | 'database' | 'policies'>) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const { people } = request.body as { people: readonly Attended[] }
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'recordAttendance',
      event: 'alteration',
      locks: held.locks,
      sharedLocks: held.chairing,
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, people },
      async run(context) {
        const meeting = await getKept(context, held)
        if ('allowed' in meeting) return meeting
        return record(context, meeting, people)
      },
    })
  }

const record = async (context: ChangeContext, meeting: Meeting, people: readonly Attended[]): Promise<ChangeOutcome<object>> => {
  const { tx, caller, at } = context
  await requireRegistered(tx, people, '/people')
  if (meeting.heldOn > londonDay(at)) {
    const early = people.findIndex(({ state }) => state !== 'apologies')
    if (early >= 0) throw invalid(`/people/${early}/state`, `can be recorded from the day of the meeting on, ${meeting.heldOn}`)
  }
  const self = personOf(caller)
  if (people.some((one) => samePerson(one, self) && one.state === 'attended')) return notOwn
  const excluding = people.some(({ state }) => state === 'excluded') || (await findExcluded(tx, meeting.id, people)).length > 0
  const authority = excluding ? await chairAuthority(context, meeting, 'exclude-attendee') : null
  if (authority?.may === false) return noDelegation('attendance-excluded-by-chair', authority.because)
  const delegationId = authority?.delegationId ?? null
  await insertAttendance(tx, { conferenceId: meeting.id, people, delegationId, byAgency: caller.agencyId, byPerson: self.sub, at })
  const body = { conferenceId: meeting.id, recorded: people.length }
  return { allowed: true, status: 201, body, ...(authority === null ? {} : { detail: actedAs(authority) }) }
}

const invalid = (path: string, message: string): Fault =>
  new Fault('invalid', 'This attendance cannot be recorded.', { details: [{ path, message }] })

/** Operation `readAttendance`: who takes part and how they stand; whether somebody acknowledged is for those who keep the record. */
export const readAttendance =
  (uses: Pick<MeetingUses, 'commitChange' | 'database' | 'policies'>) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'readAttendance',
      event: 'consultation',
      locks: held.locks,
      lockMode: 'shared',
      detail: { conferenceId },
      async run(context) {
        const meeting = await getSeen(context, held)
        if ('allowed' in meeting) return meeting
        const keeps = keepsConference(context.standing, meeting.areaId, context.at)
        const participants = (await listParticipants(context.tx, conferenceId)).map(({ acknowledgedVersion, ...one }) => ({
          ...one,
          acknowledged: keeps || samePerson(one, personOf(caller)) ? acknowledgedVersion === meeting.statementVersion : null,
        }))
        const { statementVersion, statementHash } = meeting
        return { allowed: true, status: 200, body: { conferenceId, statementVersion, statementHash, participants } }
      },
    })
  }
