import type { Answer, IdempotencyKey } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Tx } from '../../db/db.ts'
import { claimKey, findFirstAnswer } from '../../db/doors/idempotency.ts'
import { type EmergencyAccess, findEmergencyAccess } from '../../db/emergency/emergency-accesses.ts'
import { ownerOf } from '../key-owner.ts'

/** Somebody sent the same request a moment earlier, and its transaction was first. */
class KeyTaken extends Error {}

/** What the key opened, within the day for which keys are kept, or that it was used for another request; null when it is new. */
export const findOpened = async (
  tx: Tx,
  caller: Caller,
  given: IdempotencyKey | null,
): Promise<EmergencyAccess | 'another-request' | null> => {
  const first = given === null ? null : await findFirstAnswer(tx, ownerOf(caller, given.key))
  if (first === null) return null
  if (first.requestHash !== given!.requestHash) return 'another-request'
  return findEmergencyAccess(tx, (first.body as { readonly emergencyId: string }).emergencyId)
}

/** Keeps which access the key opened, in its transaction; nothing of what was released. */
export const keepOpened = async (
  tx: Tx,
  caller: Caller,
  opened: { readonly given: IdempotencyKey | null; readonly entryId: string; readonly emergencyId: string },
): Promise<void> => {
  const { given, entryId, emergencyId } = opened
  if (given === null) return
  const answer = { requestHash: given.requestHash, status: 201, entryId, body: { emergencyId } }
  if (!(await claimKey(tx, ownerOf(caller, given.key), answer))) throw new KeyTaken()
}

/**
 * Both of two that came at the same moment found the key new. The database lets one of them keep it; the other is rolled back whole and
 * asked again, when it finds what the first one opened.
 */
export const onceMore = async (open: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await open()
  } catch (cause) {
    if (cause instanceof KeyTaken) return open()
    throw cause
  }
}
