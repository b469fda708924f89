import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { insertRequestEvent } from '../../../db/disclosure/requests.ts'
import { findMeeting } from '../../../db/conference/attending.ts'
import { actedAs, chairAuthority, noDelegation, personOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeOutcome } from '../../commit/change.ts'
import { type DisclosureUses, getRequest, holdRequest, type KnownRequest, placeOfEvent, requireMove } from '../known-request.ts'
import { revokedPermission } from '../../../db/copies/ended.ts'
import { raiseRecall } from '../../copies/raise-recall.ts'
import { tellOfDisclosure } from '../tell-of-disclosure.ts'

const parties = ({ file }: KnownRequest) => ({ toAgencyIds: [file.requester.agencyId, file.recipient.agencyId] })

/**
 * Operation `revokeDisclosure`: by whoever chairs now or acts for the chair in this, whoever gave it. From the answer on nothing is
 * released under it; what was released before is asked back of whoever holds it (R45).
 */
export const revokeDisclosure =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const permissionId = (request.params.permissionId ?? '').toLowerCase()
    const { why } = request.body as { why: string }
    const held = await holdRequest(uses, { permissionId }, caller)
    return uses.commitChange(caller, {
      operation: 'revokeDisclosure',
      event: 'permission-decided',
      offenderId: held.offenderId,
      ...{ locks: held.own, sharedLocks: held.along },
      idempotencyKey: request.idempotencyKey,
      detail: { permissionId },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getRequest(context, held)
        if ('allowed' in known) return known
        const { tx, at } = context
        const meeting = (await findMeeting(tx, known.file.conferenceId, personOf(caller)))!
        const authority = await chairAuthority(context, meeting, 'revoke-permission')
        if (!authority.may) return noDelegation('disclosure-revoked-by-the-chair', authority.because)
        requireMove(known, 'revoked')
        const acted = actedAs(authority)
        const sealed = uses.seal(why, placeOfEvent(known.file.id, 'revoked', at))
        await insertRequestEvent(tx, { requestId: known.file.id, kind: 'revoked', ...acted, sealed, by: personOf(caller), at })
        const recall = await raiseRecall(context, { cause: 'revocation', ended: revokedPermission(permissionId) })
        await tellOfDisclosure(uses, tx, { kind: 'disclosure-revoked', file: known.file, refs: { permissionId }, ...parties(known), at })
        const body = { permissionId, state: 'revoked', revokedAt: at.toISOString(), recall }
        return { allowed: true, status: 201, body, detail: { ...acted, recall } }
      },
    })
  }
