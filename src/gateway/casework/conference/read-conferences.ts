import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import {
  type Conference,
  findConference,
  listAgenda,
  listConferences as listRows,
  listMinuteReferences,
} from '../../../db/casework/conferences.ts'
import { findMeeting } from '../../../db/conference/attending.ts'
import type { CommitChange } from '../../commit/change.ts'
import { conferenceAreas, seesAgenda } from './conference-area.ts'
import { closedKinds, personOf, seesMeeting } from './known-meeting.ts'

interface ReadingUses {
  readonly commitChange: CommitChange
}

const shown = ({ id, ...rest }: Conference) => ({ conferenceId: id, ...rest })

/** Operation `listConferences`: the meetings of the areas the person works in, newest first. */
export const listConferences =
  (uses: ReadingUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const limit = Number(request.query.limit ?? 50)
    const before = request.query.cursor ?? null
    return uses.commitChange(caller, {
      operation: 'listConferences',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      async run(context) {
        const { tx, standing, at } = context
        if (before !== null && !/^[0-9a-f-]{36}$/.test(before)) throw new Fault('invalid', 'The cursor is not one that was handed out.')
        const rows = await listRows(tx, {
          areaIds: conferenceAreas(standing, at),
          closed: closedKinds(context),
          person: personOf(caller),
          before,
          limit: limit + 1,
        })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? (page.at(-1)?.id ?? null) : null
        return { allowed: true, status: 200, body: { conferences: page.map(shown), nextCursor } }
      },
    })
  }

/** Operation `getConference`: one meeting with its minute references; which cases were on the agenda, by id, for those who discuss them. */
export const getConference =
  (uses: ReadingUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = (request.params.conferenceId ?? '').toLowerCase()
    return uses.commitChange(caller, {
      operation: 'getConference',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      detail: { conferenceId },
      async run(context) {
        const { tx, standing, at } = context
        const conference = await findConference(tx, conferenceId)
        const meeting = await findMeeting(tx, conferenceId, personOf(caller))
        if (conference === null || meeting === null || !seesMeeting(context, meeting)) {
          throw new Fault('not-found', 'There is no such conference that you may know of.')
        }
        const agenda = seesAgenda(standing, conference.areaId, at) ? await listAgenda(tx, conferenceId) : null
        const minuteReferences = await listMinuteReferences(tx, conferenceId)
        return {
          ...{ allowed: true, status: 200, body: { ...shown(conference), agenda, minuteReferences } },
          detail: { cases: agenda?.length ?? 0 },
        }
      },
    })
  }
