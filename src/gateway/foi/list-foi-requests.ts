import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { londonDay } from '../../core/london.ts'
import { type FoiPlace, type FoiRequestRow, listFoiRequests as readRequests } from '../../db/foi/foi-request-list.ts'
import { type FoiUses, officerRules } from './foi-officer.ts'

/** Operation `listFoiRequests`: the authority's own requests with their clocks, those still to be answered first; references only. */
export const listFoiRequests =
  ({ commitChange }: Pick<FoiUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const after = placeIn(request.query.cursor)
    const limit = Number(request.query.limit ?? 50)
    return commitChange(caller, {
      operation: 'listFoiRequests',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      readsOnly: true,
      detail: { purpose: 'foi' },
      async run(context) {
        const rules = officerRules(context)
        if ('allowed' in rules) return rules
        const rows = await readRequests(context.tx, caller.agencyId, { after, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? cursorOf(page.at(-1)!) : null
        const today = londonDay(context.at)
        const requests = page.map((row) => ({ ...row, overdue: row.answeredOn === null && today > row.dueOn }))
        return { allowed: true, status: 200, body: { requests, nextCursor }, detail: { told: page.length } }
      },
    })
  }

const cursorOf = ({ answeredOn, dueOn, requestId }: FoiRequestRow): string =>
  `${answeredOn === null ? 'open' : 'done'}~${dueOn}~${requestId}`

const placeIn = (cursor: string | undefined): FoiPlace | null => {
  if (cursor === undefined) return null
  const found = /^(open|done)~(\d{4}-\d{2}-\d{2})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (found === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return { answered: found[1] === 'done', dueOn: found[2]!, requestId: found[3]! }
}
