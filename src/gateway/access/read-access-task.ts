import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { RequestState } from '../../core/disclosure/request-state.ts'
import { findEvaluationOf } from '../../db/disclosure/access-requests.ts'
import type { ChangeOutcome } from '../commit/change.ts'
import { type DisclosureUses, getRequest, holdRequest, type KnownRequest, unknownRequest } from '../disclosure/known-request.ts'

export interface TaskUses {
  /** Scheme and host as clients address the gateway; null: as seen from the address that was asked. */
  readonly publicUrl: string | null
}

export const statusEndpoint = ({ publicUrl }: TaskUses, taskId: string): string => `${publicUrl ?? ''}/access/v1/requests/${taskId}`

/** How a request for disclosure stands, in the words of the profile. Whatever is no live permission is not approved. */
export const taskStatus: { readonly [State in RequestState]: 'pending' | 'approved' | 'denied' | 'cancelled' | 'expired' } = {
  submitted: 'pending',
  'info-requested': 'pending',
  active: 'approved',
  refused: 'denied',
  withdrawn: 'cancelled',
  revoked: 'cancelled',
  expired: 'expired',
}

/** Operation `readAccessTask`: how the request stands that came of a denial; to whoever made it, and to nobody else. */
export const readAccessTask =
  (uses: DisclosureUses & TaskUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = (request.params.taskId ?? '').toLowerCase()
    const held = await holdRequest(uses, { requestId }, caller)
    return uses.commitChange(caller, {
      operation: 'readAccessTask',
      event: 'consultation',
      offenderId: held.offenderId,
      ...{ locks: [...held.own, ...held.along], lockMode: 'shared', readsOnly: true },
      detail: { requestId },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getRequest(context, held)
        if ('allowed' in known) return known
        const evaluationId = known.isRequester ? await findEvaluationOf(context.tx, requestId) : null
        if (evaluationId === null) return unknownRequest
        const status = taskStatus[known.state]
        const task = { id: requestId, status, status_endpoint: statusEndpoint(uses, requestId) }
        const body = status === 'approved' ? { task, result: { mode: 'reevaluate', approval: approvalOf(known) } } : { task }
        return { allowed: true, status: 200, body, detail: { status, evaluationId } }
      },
    })
  }

/** Names the permission and grants nothing: it is weighed again with everything else whenever it is named. */
const approvalOf = ({ file }: KnownRequest) => {
  const granted = file.events.findLast(({ kind }) => kind === 'granted-whole' || kind === 'granted-part')
  return {
    id: file.permissionId!,
    ...(granted === undefined ? {} : { approved_at: granted.at.toISOString() }),
    approved_until: file.expiresAt!.toISOString(),
  }
}
