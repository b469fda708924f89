import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { type BreachRow, listBreaches as readBreaches } from '../../db/emergency/breaches.ts'
import type { CommitChange } from '../commit/change.ts'
import { holdsRole, isPartnershipOfficer, notAppointed } from '../roles.ts'

/**
 * Operation `listBreaches`: the clocks of DPA 2018 s.67, those still running first. The partnership's officers see all, an agency's
 * officers their own agency's, nobody what is about themselves. Ids only.
 */
export const listBreaches =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const after = placeIn(request.query.cursor)
    const limit = Number(request.query.limit ?? 50)
    return commitChange(caller, {
      operation: 'listBreaches',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      run: async ({ tx, standing, at }) => {
        const partnership = isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at)
        if (!partnership && !holdsRole(standing, ['ig-officer', 'dpo'], at)) return { allowed: false, reason: notAppointed }
        const reader = { agencyId: caller.agencyId, personSub: caller.personSub!, partnership }
        const rows = await readBreaches(tx, reader, { after, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? cursorOf(page.at(-1)!) : null
        return {
          allowed: true,
          status: 200,
          body: { breaches: page.map((row) => shown(row, at)), nextCursor },
          detail: { breachIds: page.map(({ breachId }) => breachId) },
        }
      },
    })
  }

const shown = ({ awareAt, notifyBy, doneAt, ...row }: BreachRow, at: Date) => ({
  ...row,
  awareAt: awareAt.toISOString(),
  notifyBy: notifyBy.toISOString(),
  doneAt: doneAt?.toISOString() ?? null,
  secondsLeft: doneAt === null ? Math.round((notifyBy.getTime() - at.getTime()) / 1000) : null,
})

const cursorOf = ({ doneAt, notifyBy, breachId }: BreachRow): string =>
  `${doneAt === null ? 'open' : 'done'}~${notifyBy.getTime()}~${breachId}`

const placeIn = (cursor: string | undefined) => {
  if (cursor === undefined) return null
  const found = /^(open|done)~(\d{1,14})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (found === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return { done: found[1] === 'done', notifyBy: new Date(Number(found[2])), breachId: found[3]! }
}
