import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { readDecidingFacts } from '../../db/disclosure/deciding.ts'
import type { Db } from '../../db/db.ts'
import { type EmergencyLine, type EmergencyPlace, findEmergencyAreas, listEmergencies } from '../../db/emergency/emergency-list.ts'
import type { ChangeContext, CommitChange } from '../commit/change.ts'
import { holdsRole, isPartnershipOfficer, notAppointed } from '../roles.ts'
import { areaReviewLocks, mayReviewAsChair, type Reviewer } from './reviewer.ts'

/**
 * Operation `listEmergencyAccesses`: what somebody reviews or has reviewed (R40), those that wait first: when, by whom, until when. Neither
 * about whom nor on what grounds: those are read one by one.
 */
export const listEmergencyAccesses =
  ({ commitChange, database }: { readonly commitChange: CommitChange; readonly database: Db }) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const after = placeIn(request.query.cursor)
    const limit = Number(request.query.limit ?? 50)
    const areas = await findEmergencyAreas(database)
    return commitChange(caller, {
      operation: 'listEmergencyAccesses',
      event: 'consultation',
      locks: await areaReviewLocks(database, areas),
      lockMode: 'shared',
      detail: { purpose: 'audit-ig' },
      run: async (context) => {
        const officer = isPartnershipOfficer(context.standing, ['ig-officer'], context.at)
        const rows = await listEmergencies(context.tx, { agencyId: caller.agencyId, personSub: caller.personSub! }, { after, limit })
        const theirs = officer ? rows : await reviewedAsChair(context, rows)
        // Whoever acts for a chair needs no appointment of their own; who has neither that nor anything to review is no reviewer.
        const chairs = holdsRole(context.standing, ['chair', 'deputy-chair'], context.at)
        if (!officer && !chairs && theirs.length === 0) return { allowed: false, reason: notAppointed }
        // Others' affairs between them are passed over, so a page may be shorter than was asked for.
        const nextCursor = rows.length < limit ? null : cursorOf(rows.at(-1)!)
        const accesses = theirs.map((row) => shown(row, officer ? 'ig-officer' : 'chair', context.at))
        return {
          ...{ allowed: true, status: 200, body: { accesses, nextCursor } },
          detail: { as: officer ? 'ig-officer' : 'chair', emergencyIds: theirs.map(({ emergencyId }) => emergencyId) },
        }
      },
    })
  }

/** Who decides is weighed area by area, with the facts of each read once. */
const reviewedAsChair = async (context: ChangeContext, rows: readonly EmergencyLine[]): Promise<readonly EmergencyLine[]> => {
  const facts = new Map<string, Awaited<ReturnType<typeof readDecidingFacts>>>()
  for (const { areaId } of rows) if (!facts.has(areaId)) facts.set(areaId, await readDecidingFacts(context.tx, areaId))
  return rows.filter((row) => mayReviewAsChair(context, facts.get(row.areaId)!, row))
}

const shown = ({ areaId: _areaId, done, ...row }: EmergencyLine, as: Reviewer, at: Date) => ({
  ...row,
  openedAt: row.openedAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  triageDueAt: row.triageDueAt.toISOString(),
  decisionDueAt: row.decisionDueAt.toISOString(),
  ...{ done, overdue: !done && row.decisionDueAt <= at },
  waitsForYou: !row.reviews.some(({ step, reviewer }) => step === 'decision' && reviewer === as),
})

const cursorOf = ({ done, decisionDueAt, emergencyId }: EmergencyPlace): string =>
  `${done ? 'done' : 'open'}~${decisionDueAt.getTime()}~${emergencyId}`

const placeIn = (cursor: string | undefined): EmergencyPlace | null => {
  if (cursor === undefined) return null
  const found = /^(open|done)~(\d{1,14})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (found === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return { done: found[1] === 'done', decisionDueAt: new Date(Number(found[2])), emergencyId: found[3]! }
}
