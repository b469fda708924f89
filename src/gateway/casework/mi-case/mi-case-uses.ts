import { readClock } from '../../../db/clock.ts'
import { type Database, type Tx, withTransaction } from '../../../db/db.ts'
import { type FactsRead, readFacts } from '../../../db/facts.ts'
import { type LockName, takeLocks } from '../../../db/release-locks.ts'
import type { SystemRules } from '../../../core/casework/system-rules.ts'
import type { MoveRegister } from '../../../sources/moves/move-register.ts'
import type { DisclosureRow } from '../../../db/log/access-log.ts'
import { writeEntry } from '../../commit/log-entry.ts'
import type { EntryDraft } from '../../commit/logged-work.ts'
import type { LogWriter } from '../../commit/log-writer.ts'
import { newId } from '../../new-id.ts'
import type { PolicyShelf } from '../../policies/policy-shelf.ts'

export interface MiCaseUses {
  readonly database: Database
  readonly log: LogWriter
  readonly policies: PolicyShelf
  /** MI-Case itself. */
  readonly moves: MoveRegister
  /** Told where a case has no lead. */
  readonly partnershipId: string
  /** A moved clock; the database's own where absent. */
  readonly now?: () => Date
}

export interface MiCaseTx {
  readonly tx: Tx
  readonly at: Date
  readonly facts: FactsRead
  readonly rules: SystemRules['miCase'] | undefined
  /** Puts an entry into the batch that is committed with what the work wrote; gives its id. */
  log(draft: EntryDraft, disclosures?: readonly Omit<DisclosureRow, 'entryId'>[]): string
}

/** One transaction of the gateway's own, behind the locks that a release takes: its facts are read after them, its entries end it. */
export const inLoggedTransaction = async <Result>(
  uses: MiCaseUses,
  about: { readonly operation: string; readonly offenderIds: readonly string[]; readonly agencyIds: readonly string[] },
  work: (given: MiCaseTx) => Promise<Result>,
): Promise<Result> => {
  const { result, sealed } = await withTransaction(uses.database, async (tx) => {
    const subjects = about.offenderIds.map((id): LockName => ({ class: 'subject', id }))
    const agencies = about.agencyIds.map((id): LockName => ({ class: 'agency', id }))
    await takeLocks(tx, { exclusive: [], shared: [{ class: 'policy', id: '' }, ...agencies, ...subjects] })
    const facts = await readFacts(tx, { offenderIds: about.offenderIds, agencyIds: [], categories: [] })
    const policies = facts.policyHash === null ? null : await uses.policies.find(tx, facts.policyHash)
    const rules = policies?.bundle.change?.systems?.miCase
    const committedAt = await readClock(tx)
    const written: { entry: ReturnType<typeof writeEntry>; disclosures: readonly DisclosureRow[] }[] = []
    const log: MiCaseTx['log'] = (draft, disclosures = []) => {
      const entryId = newId()
      const frame = { entryId, at: committedAt, operation: about.operation, caller: null, policyHash: facts.policyHash, receipt: {} }
      written.push({ entry: writeEntry({ ...frame, draft }), disclosures: disclosures.map((row) => ({ ...row, entryId })) })
      return entryId
    }
    const done = await work({ tx, at: uses.now?.() ?? facts.at, facts, rules, log })
    const entries = written.map(({ entry }) => entry)
    const batch =
      entries.length === 0
        ? null
        : await uses.log.append(
            tx,
            entries,
            written.flatMap((one) => one.disclosures),
            committedAt,
          )
    return { result: done, sealed: batch }
  })
  if (sealed !== null) uses.log.committed(sealed)
  return result
}
