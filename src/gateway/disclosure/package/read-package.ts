import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { MOST_WRONG_CODES, packageState } from '../../../core/disclosure/package-state.ts'
import type { SealedPackage } from '../../../db/disclosure/packages.ts'
import type { ChangeOutcome } from '../../commit/change.ts'
import type { DisclosureUses } from '../known-request.ts'
import { getPackage, holdPackage } from './known-package.ts'

/** Operation `readDisclosurePackage`: how a package stands, for whoever hands it over; nothing of what is in it, nor what opens it. */
export const readDisclosurePackage =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const packageId = (request.params.packageId ?? '').toLowerCase()
    const found = await holdPackage(uses, packageId, caller)
    const { held } = found
    return uses.commitChange(caller, {
      operation: 'readDisclosurePackage',
      event: 'consultation',
      offenderId: held.offenderId,
      ...{ locks: [...held.own, ...held.along], lockMode: 'shared', readsOnly: true },
      detail: { packageId },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getPackage(context, found)
        if ('allowed' in known) return known
        return { allowed: true, status: 200, body: shown(known.sealed, { holder: known.file.recipient, at: context.at }) }
      },
    })
  }

const shown = (sealed: SealedPackage, { holder, at }: { readonly holder: object; readonly at: Date }) => ({
  ...{ packageId: sealed.id, permissionId: sealed.permissionId, holder, state: packageState(sealed, at) },
  ...{ madeAt: sealed.madeAt.toISOString(), expiresAt: sealed.expiresAt.toISOString(), codesIssued: sealed.codesIssued },
  triesLeft: MOST_WRONG_CODES - sealed.wrongCodes,
  openedAt: sealed.openedAt?.toISOString() ?? null,
  openingEntryId: sealed.openingEntryId,
  delivered: sealed.delivery === null ? null : sealed.delivery === 'delivered',
})
