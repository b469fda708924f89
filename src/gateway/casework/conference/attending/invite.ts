import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import type { NamedPerson } from '../../../../core/conference/acting-chair.ts'
import { Fault } from '../../../../core/fault.ts'
import { findUnregistered, insertInvitations } from '../../../../db/conference/attending.ts'
import type { Db } from '../../../../db/db.ts'
import { conferenceIdIn, getKept, type MeetingUses, holdMeeting } from '../known-meeting.ts'

/** Throws where one of the people is nobody that their agency has registered. */
export const requireRegistered = async (db: Db, people: readonly NamedPerson[], path: string): Promise<void> => {
  const unknown = await findUnregistered(db, people)
  if (unknown.length === 0) return
  throw new Fault('invalid', 'Somebody named here is not registered.', {
    details: unknown.map((place) => ({ path: `${path}/${place}`, message: 'is nobody that the agency has registered' })),
  })
}

/** Operation `inviteToConference`: the single point of contact "distributes case lists and invitations" (Guidance 2009, 1.3 b9). */
export const inviteToConference =
  (uses: Pick<MeetingUses, 'commitChange' | 'database' | 'policies'>) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const { people } = request.body as { people: readonly NamedPerson[] }
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'inviteToConference',
      event: 'alteration',
      locks: held.locks,
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, people },
      async run(context) {
        const meeting = await getKept(context, held)
        if ('allowed' in meeting) return meeting
        await requireRegistered(context.tx, people, '/people')
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at: context.at }
        const invited = await insertInvitations(context.tx, conferenceId, people, by)
        return { allowed: true, status: 201, body: { conferenceId, invited } }
      },
    })
  }
