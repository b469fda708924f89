import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { insertDecoy, listDecoys, type NewDecoy, retireDecoy as retireRow } from '../../db/misuse/decoys.ts'
import { findRegisteredAgencies } from '../../db/registry/agreements.ts'
import { areaExists } from '../../db/registry/registry.ts'
import type { Tx } from '../../db/db.ts'
import type { CommitChange } from '../commit/change.ts'
import { isPartnershipOfficer, notAppointed } from '../roles.ts'
import type { ReadingReasons } from '../log/search/reading-reasons.ts'
import { logUseDetail, reviewerOf } from './reviewer.ts'

export interface DecoyUses {
  readonly commitChange: CommitChange
  readonly newId: () => string
}

/**
 * Operation `registerDecoy`: a person who does not exist, in the register like everybody else. Nobody has a reason to ask about them, so
 * whoever does is told of. Only the partnership's information-governance officers know which they are.
 */
export const registerDecoy =
  ({ commitChange, newId }: DecoyUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { justification, ...said } = request.body as Omit<NewDecoy, 'offenderId' | 'leadAgencyId'> & {
      leadAgencyId?: string | null
      justification: string
    }
    const decoy: NewDecoy = { ...said, leadAgencyId: said.leadAgencyId ?? null, offenderId: newId() }
    return commitChange(caller, {
      operation: 'registerDecoy',
      event: 'alteration',
      locks: [],
      lockMode: 'shared',
      idempotencyKey: request.idempotencyKey,
      detail: { decoyId: decoy.offenderId, areaId: decoy.areaId, justification },
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, ['ig-officer'], at)) return { allowed: false, reason: notAppointed }
        await checkPlace(tx, decoy)
        await insertDecoy(tx, decoy, { agencyId: caller.agencyId, personSub: caller.personSub! }, at)
        return { allowed: true, status: 201, body: { decoyId: decoy.offenderId, registeredAt: at.toISOString() } }
      },
    })
  }

const checkPlace = async (tx: Tx, { areaId, leadAgencyId }: NewDecoy): Promise<void> => {
  const wrong = (path: string, message: string): Fault =>
    new Fault('invalid', 'This record cannot be registered.', { details: [{ path, message }] })
  if (!(await areaExists(tx, areaId))) throw wrong('/areaId', 'is not the id of an area')
  if (leadAgencyId !== null && !(await findRegisteredAgencies(tx, [leadAgencyId])).has(leadAgencyId))
    throw wrong('/leadAgencyId', 'is not the id of an agency')
}

/** Operation `searchDecoys`: which they are. */
export const searchDecoys =
  ({ commitChange }: Pick<DecoyUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ReadingReasons & { cursor?: string | null; limit?: number }
    const [after, limit] = [body.cursor ?? null, body.limit ?? 50]
    if (after !== null && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(after))
      throw new Fault('invalid', 'The cursor is not one that was handed out.')
    return commitChange(caller, {
      operation: 'searchDecoys',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: logUseDetail(body),
      run: async (context) => {
        if (!isPartnershipOfficer(context.standing, ['ig-officer'], context.at)) return { allowed: false, reason: notAppointed }
        const { refused } = reviewerOf(context, caller, body)
        if (refused !== null) return refused
        const rows = await listDecoys(context.tx, { after, limit: limit + 1 })
        const page = rows.slice(0, limit)
        return {
          allowed: true,
          status: 200,
          body: {
            decoys: page.map(({ offenderId, areaId, registeredAt, retiredAt }) => ({
              decoyId: offenderId,
              areaId,
              registeredAt: registeredAt.toISOString(),
              retiredAt: retiredAt?.toISOString() ?? null,
            })),
            nextCursor: rows.length > limit ? page.at(-1)!.offenderId : null,
          },
        }
      },
    })
  }

/** Operation `retireDecoy`: from now on it is nobody's trap, and out of the cohort like somebody de-selected. */
export const retireDecoy =
  ({ commitChange }: Pick<DecoyUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const decoyId = request.params.decoyId!.toLowerCase()
    const { justification } = request.body as { justification: string }
    return commitChange(caller, {
      operation: 'retireDecoy',
      event: 'alteration',
      locks: [{ class: 'subject', id: decoyId }],
      idempotencyKey: request.idempotencyKey,
      detail: { decoyId, justification },
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, ['ig-officer'], at)) return { allowed: false, reason: notAppointed }
        const done = await retireRow(tx, decoyId, { agencyId: caller.agencyId, personSub: caller.personSub! }, at)
        if (done === null) throw new Fault('not-found', 'There is no such decoy.')
        if (!done.retired) throw new Fault('conflict', 'This decoy has been retired already.')
        return { allowed: true, status: 200, body: { decoyId, retiredAt: at.toISOString() } }
      },
    })
  }
