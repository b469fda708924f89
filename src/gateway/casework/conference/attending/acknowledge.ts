import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { hasPart } from '../../../../core/conference/attendance.ts'
import { Fault } from '../../../../core/fault.ts'
import { insertAcknowledgement } from '../../../../db/conference/attending.ts'
import { chairAuthority, conferenceIdIn, getSeen, holdMeeting, type MeetingUses, personOf } from '../known-meeting.ts'

const noPart = {
  allowed: false,
  status: 403,
  reason: {
    code: 'not-attendee',
    stage: 'R20',
    ruleId: 'acknowledgement-of-a-participant',
    cites: 'Case Conferencing Guidance 2009, 1.3 b12 and aide memoire; R20',
  },
} as const

/**
 * Operation `acknowledgeStatement`: a person agrees to abide by the statement that binds this meeting, in exactly the text whose hash
 * they send back. "All attendees agree" (aide memoire): each for themselves, each meeting and each version anew.
 */
export const acknowledgeStatement =
  (uses: Pick<MeetingUses, 'commitChange' | 'database' | 'policies'>) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const { statementVersion, statementHash } = request.body as { statementVersion: number; statementHash: string }
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'acknowledgeStatement',
      event: 'acknowledged',
      locks: held.locks,
      sharedLocks: held.chairing,
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, statementVersion, statementHash },
      async run(context) {
        const person = personOf(caller)
        const meeting = await getSeen(context, held)
        if ('allowed' in meeting) return meeting
        if (!hasPart(meeting, person) && !(await chairAuthority(context, meeting, 'read-papers')).may) return noPart
        if (meeting.statementVersion !== statementVersion || meeting.statementHash !== statementHash) throw otherStatement(meeting)
        if (meeting.acknowledgedVersion !== statementVersion) {
          await insertAcknowledgement(context.tx, { conferenceId, statementVersion, person, kind: 'acknowledged', at: context.at })
        }
        return { allowed: true, status: 201, body: { conferenceId, statementVersion, acknowledgedAt: context.at.toISOString() } }
      },
    })
  }

const otherStatement = ({ statementVersion }: { readonly statementVersion: number | null }): Fault =>
  new Fault(
    'conflict',
    statementVersion === null
      ? 'No confidentiality statement was published for the day of this meeting.'
      : `Version ${statementVersion} of the statement binds this meeting. Read it and acknowledge it with its hash.`,
  )

/** Operation `withdrawAcknowledgement`: from the answer on, nothing of the meeting is read any more. */
export const withdrawAcknowledgement =
  (uses: Pick<MeetingUses, 'commitChange' | 'database' | 'policies'>) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'withdrawAcknowledgement',
      event: 'acknowledged',
      locks: held.locks,
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId },
      async run(context) {
        const meeting = await getSeen(context, held)
        if ('allowed' in meeting) return meeting
        const version = meeting.acknowledgedVersion
        if (version === null) throw new Fault('conflict', 'You have acknowledged no statement for this meeting.')
        const person = personOf(caller)
        await insertAcknowledgement(context.tx, { conferenceId, statementVersion: version, person, kind: 'withdrawn', at: context.at })
        const body = { conferenceId, statementVersion: version, withdrawnAt: context.at.toISOString() }
        return { allowed: true, status: 201, body, detail: { statementVersion: version, withdrawn: true } }
      },
    })
  }
