import type { Caller } from '../../core/caller.ts'
import { engineVersion } from '../../core/decision/policy.ts'
import { canonicalJson } from '../../ledger/canonical-json.ts'
import type { EntryColumns } from '../../db/log/access-log.ts'
import type { SealableEntry } from '../../ledger/batch.ts'
import { randomBytes } from '../random-bytes.ts'
import type { EntryDraft } from './logged-work.ts'

/** An entry ready to be sealed and stored. */
export interface WrittenEntry {
  readonly columns: EntryColumns
  readonly sealable: SealableEntry
}

export interface EntryFrame {
  readonly entryId: string
  readonly at: Date
  readonly operation: string
  /** Null for what nobody identified did. */
  readonly caller: Caller | null
  readonly policyHash: string | null
  readonly draft: EntryDraft
  readonly receipt: Readonly<Record<string, unknown>>
}

const ENTRY_FORMAT = 1

/** DPA 2018 s.62: operation, date and time, and the identity of the person who consulted or disclosed; then why, what and by which rules. */
export const writeEntry = (frame: EntryFrame): WrittenEntry => {
  const { entryId, caller, draft } = frame
  const canonical = canonicalOf(frame)
  const receiptBody = receiptBodyOf(frame)
  const salt = randomBytes(32)
  return {
    columns: {
      entryId,
      salt,
      canonical,
      event: draft.event,
      effect: draft.effect,
      reason: draft.reason,
      agencyId: caller?.agencyId ?? null,
      clientId: caller?.clientId ?? null,
      personSub: caller?.personSub ?? null,
      offenderId: draft.offenderId,
      purpose: draft.purpose,
    },
    sealable: { entryId, salt, canonical, receiptBody },
  }
}

const canonicalOf = ({ entryId, at, operation, caller, policyHash, draft }: EntryFrame): Buffer =>
  Buffer.from(
    canonicalJson({
      // First, so that nothing a use case adds can pass for what the frame says.
      ...draft.content,
      format: ENTRY_FORMAT,
      entryId,
      at: at.toISOString(),
      operation,
      event: draft.event,
      effect: draft.effect,
      reason: draft.reason,
      caller: caller === null ? null : callerOf(caller),
      offenderId: draft.offenderId,
      purpose: draft.purpose,
      policy: policyHash,
      // A bundle says the same under every engine only if the engine reads it the same way: whoever decides again must know which it was.
      engine: policyHash === null ? null : engineVersion,
    }),
  )

const receiptBodyOf = ({ entryId, at, operation, policyHash, draft, receipt }: EntryFrame): Buffer =>
  Buffer.from(canonicalJson({ ...receipt, entryId, at: at.toISOString(), operation, effect: draft.effect, policy: policyHash }))

const callerOf = (caller: Caller): Record<string, unknown> => ({
  agencyId: caller.agencyId,
  clientId: caller.clientId,
  personSub: caller.personSub,
  binding: caller.binding,
  requestId: caller.requestId,
})
