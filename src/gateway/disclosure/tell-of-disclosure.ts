import type { EventKind } from '../../core/case-vocabulary.ts'
import type { RequestFile } from '../../db/disclosure/requests.ts'
import type { Tx } from '../../db/db.ts'
import { appendEvent } from '../../db/events.ts'
import { contributorsOf } from './known-request.ts'

interface Told {
  readonly kind: Extract<EventKind, `disclosure-${string}`>
  readonly file: Pick<RequestFile, 'id' | 'conferenceId' | 'offenderId' | 'paragraphIds' | 'records'>
  readonly refs: Readonly<Record<string, string>>
  /** Besides the agencies whose words it is about. */
  readonly toAgencyIds: readonly string[]
  readonly at: Date
}

/**
 * Tells the agencies whose words are asked for, and those concerned besides, in the transaction of what happened. Ids alone, and not the
 * person's: the request says whom it is about to those who may read it.
 */
export const tellOfDisclosure = async (uses: { readonly newId: () => string }, tx: Tx, told: Told): Promise<void> => {
  const { kind, file, refs, at } = told
  const toAgencyIds = [...(await contributorsOf(tx, file)), ...told.toAgencyIds]
  await appendEvent(tx, { id: uses.newId(), kind, toAgencyIds, offenderId: null, refs: { requestId: file.id, ...refs }, at })
}
