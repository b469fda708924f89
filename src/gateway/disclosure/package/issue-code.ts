import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { packageState } from '../../../core/disclosure/package-state.ts'
import { Fault } from '../../../core/fault.ts'
import { insertPackageCode } from '../../../db/disclosure/packages.ts'
import { personOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeOutcome } from '../../commit/change.ts'
import type { DisclosureUses } from '../known-request.ts'
import { getPackage, holdPackage, packageLock } from './known-package.ts'
import { newCode, newSalt, slowHashOf } from './secrets.ts'

/**
 * Operation `issuePackageCode`: apart from the link and by whoever hands the package over. The code is told once; a new one voids the
 * one before it, and gives no wrong code back.
 */
export const issuePackageCode =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const packageId = (request.params.packageId ?? '').toLowerCase()
    const found = await holdPackage(uses, packageId, caller)
    const { held } = found
    // Before any lock is taken, and whether there is such a package or not: it takes its time.
    const [code, salt] = [newCode(), newSalt()]
    const hash = await slowHashOf(code, salt)
    return uses.commitChange(caller, {
      operation: 'issuePackageCode',
      event: 'alteration',
      offenderId: held.offenderId,
      ...{ locks: held.own.length === 0 ? [] : [packageLock(packageId)], sharedLocks: [...held.own, ...held.along] },
      idempotencyKey: request.idempotencyKey,
      detail: { packageId },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getPackage(context, found)
        if ('allowed' in known) return known
        const { tx, at } = context
        const state = packageState(known.sealed, at)
        if (state !== 'open') throw new Fault('conflict', `This package is ${state}: it takes no code any more. Make another.`)
        if (known.state !== 'active') throw new Fault('conflict', `This request is ${known.state}: nothing can be handed over under it.`)
        const number = known.sealed.codesIssued + 1
        await insertPackageCode(tx, { packageId, number, salt, hash, by: personOf(caller), at })
        const { permissionId } = known.sealed
        const body = { packageId, permissionId, number, expiresAt: known.sealed.expiresAt.toISOString(), nextStep }
        return { allowed: true, status: 201, body, once: { packageCode: code }, detail: { permissionId, number } }
      },
    })
  }

const nextStep =
  'Give this code to the person named, in person or by telephone, never together with the link. Codes issued before open nothing any more.'
