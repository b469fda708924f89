import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { holdsAt } from '../../core/case/relationship.ts'
import { Fault } from '../../core/fault.ts'
import { listEvents as readEvents, placeEvents } from '../../db/events.ts'
import { noteEventReader } from '../../db/event-readers.ts'
import type { BatchKey } from '../../ledger/batch.ts'
import { signEventPage } from '../../ledger/event-page.ts'
import type { CommitChange } from '../commit/change.ts'

export interface ListEventsUses {
  readonly commitChange: CommitChange
  readonly signingKey: BatchKey
}

/**
 * Operation `listEvents`: what an agency is told, in the one order of its own feed. Ids and kinds only: whoever wants more asks at the
 * front door, under the rules of that day. A system may read its own agency's (R2).
 */
export const listEvents =
  ({ commitChange, signingKey }: ListEventsUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const after = placeIn(request.query.cursor)
    const limit = Number(request.query.limit ?? 50)
    return commitChange(caller, {
      operation: 'listEvents',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      systemMay: true,
      detail: { after },
      run: async ({ tx, standing, at }) => {
        const { agencyId } = caller
        if (caller.personSub !== null && !standing.appointments.some((one) => holdsAt(one, at))) return noPart
        await placeEvents(tx, agencyId)
        const rows = await readEvents(tx, { agencyId, after, limit })
        const events = rows.map((row) => ({ ...row, happenedAt: row.happenedAt.toISOString() }))
        const signature = signEventPage({ agencyId, after, events }, signingKey)
        const toldTo = events.at(-1)?.place ?? after
        const nextCursor = String(toldTo)
        // Somebody who looks in the console moves no system's place.
        if (caller.binding !== 'session') await noteEventReader(tx, { clientId: caller.clientId, askedAfter: after, toldTo, at })
        return { allowed: true, status: 200, body: { agencyId, after, events, nextCursor, signature }, detail: { told: events.length } }
      },
    })
  }

/** The feed names people of the cohort by id: a person reads it who has a part in the work at all. */
const noPart = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R13', ruleId: 'events-of-the-own-work', cites: 'DPA 2018 s.57(3) and (5); R13' },
} as const

/** The feed never ends: every page has a cursor, and an empty page hands back the one it was asked with. */
const placeIn = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0
  if (!/^(?:0|[1-9]\d{0,14})$/.test(cursor)) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return Number(cursor)
}
