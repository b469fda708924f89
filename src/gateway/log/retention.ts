import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { eraseLogPayloads, findErasable, findErasureRequest, insertErasureRequest } from '../../db/log/retention.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import { isPartnershipOfficer, notAppointed } from '../roles.ts'

export interface RetentionUses {
  readonly commitChange: CommitChange
  readonly newId: () => string
}

/** "At most 500 subjects a transaction" holds for entries as well; the answer says when there are more. */
const MOST_AT_ONCE = 500

/**
 * Operation `requestErasure`: an information-governance officer asks that payloads whose period is over be erased. Nothing goes yet:
 * "personal data must be kept for no longer than is necessary" (DPA 2018 s.39(1)), and by nobody's hand alone.
 */
export const requestErasure =
  ({ commitChange, newId }: RetentionUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as { before: string; justification: string }
    return commitChange(caller, {
      operation: 'requestErasure',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      idempotencyKey: request.idempotencyKey,
      detail: { before: body.before, justification: body.justification },
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, ['ig-officer'], at)) return { allowed: false, reason: notAppointed }
        const before = new Date(body.before)
        if (!(before <= at))
          throw new Fault('invalid', 'The instant is still to come.', { details: [{ path: '/before', message: 'is not past' }] })
        const erasureId = newId()
        await insertErasureRequest(tx, { id: erasureId, before }, { agencyId: caller.agencyId, personSub: caller.personSub! }, at)
        const erasable = await findErasable(tx, before, MOST_AT_ONCE)
        return {
          allowed: true,
          status: 201,
          body: { erasureId, before: before.toISOString(), erasableNow: erasable.length },
          detail: { erasureId },
        }
      },
    })
  }

/**
 * Operation `approveErasure`: a data protection officer other than the asker approves, and what may go goes, with the entry that
 * names it. What is held for a review stays. Repeated until `more` is false.
 */
export const approveErasure =
  ({ commitChange }: RetentionUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const erasureId = request.params.erasureId!.toLowerCase()
    return commitChange(caller, {
      operation: 'approveErasure',
      event: 'erasure',
      locks: [],
      lockMode: 'shared',
      idempotencyKey: request.idempotencyKey,
      detail: { erasureId },
      run: (context) => approve(context, caller, erasureId),
    })
  }

const approve = async ({ tx, standing, at }: ChangeContext, caller: Caller, erasureId: string): Promise<ChangeOutcome<object>> => {
  if (!isPartnershipOfficer(standing, ['dpo'], at)) return { allowed: false, reason: notAppointed }
  const asked = await findErasureRequest(tx, erasureId)
  if (asked === null) throw new Fault('not-found', 'There is no such request.')
  if (asked.agencyId === caller.agencyId && asked.personSub === caller.personSub) return { allowed: false, reason: notAlone }
  const erased = await findErasable(tx, asked.before, MOST_AT_ONCE)
  return {
    allowed: true,
    status: 200,
    body: { erasureId, erased: erased.length, more: erased.length === MOST_AT_ONCE },
    detail: { erased },
    // The database erases what the entry of this very transaction names, and nothing that may not go.
    afterEntry: async (entryId) => {
      const gone = await eraseLogPayloads(tx, entryId)
      if (gone !== erased.length) throw new Error(`${erased.length} payloads were to be erased and ${gone} were`)
    },
  }
}

const notAlone = {
  code: 'separation-of-duties',
  stage: 'R42',
  ruleId: 'erasure-two-officers',
  cites: 'DPA 2018 s.39(1); R42: who asks for an erasure does not approve it',
} as const
