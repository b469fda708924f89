import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { londonDay } from '../../core/london.ts'
import { listRightsRequests as readRequests, type RightsPlace, type RightsRequestRow } from '../../db/rights/rights-request-list.ts'
import { notAppointed } from '../roles.ts'
import { answersPeople, type RightsUses } from './record-rights-request.ts'

/** Operation `listRightsRequests`: what people asked of the partnership, with the month that runs; references only. */
export const listRightsRequests =
  ({ commitChange }: Pick<RightsUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const after = placeIn(request.query.cursor)
    const limit = Number(request.query.limit ?? 50)
    return commitChange(caller, {
      operation: 'listRightsRequests',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      readsOnly: true,
      detail: { purpose: 'rights-request' },
      async run(context) {
        if (!answersPeople(context)) return { allowed: false, reason: notAppointed }
        const rows = await readRequests(context.tx, { after, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? cursorOf(page.at(-1)!) : null
        const today = londonDay(context.at)
        return {
          allowed: true,
          status: 200,
          body: { requests: page.map((row) => shown(row, today)), nextCursor },
          detail: { told: page.length },
        }
      },
    })
  }

const shown = ({ answeredAt, ...row }: RightsRequestRow, today: string) => ({
  ...row,
  answeredAt: answeredAt?.toISOString() ?? null,
  overdue: answeredAt === null && today > row.dueOn,
})

const cursorOf = ({ answeredAt, dueOn, requestId }: RightsRequestRow): string =>
  `${answeredAt === null ? 'open' : 'done'}~${dueOn}~${requestId}`

const placeIn = (cursor: string | undefined): RightsPlace | null => {
  if (cursor === undefined) return null
  const found = /^(open|done)~(\d{4}-\d{2}-\d{2})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (found === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return { answered: found[1] === 'done', dueOn: found[2]!, requestId: found[3]! }
}
