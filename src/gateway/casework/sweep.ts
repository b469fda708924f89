import { londonDay } from '../../core/london.ts'
import { lockClocks, recordSweep, type Swept, sweepClocks } from '../../db/clocks/clock-sweep.ts'
import { readClock } from '../../db/clock.ts'
import { type Database, withTransaction } from '../../db/db.ts'
import { readFacts } from '../../db/facts.ts'
import { writeEntry } from '../commit/log-entry.ts'
import type { LogWriter } from '../commit/log-writer.ts'
import { newId } from '../new-id.ts'
import type { PolicyShelf } from '../policies/policy-shelf.ts'

export interface SweepUses {
  /** With time enough for a query over everybody. */
  readonly database: Database
  readonly log: LogWriter
  readonly policies: PolicyShelf
  readonly partnershipId: string
  /** A moved clock; the database's own where absent. */
  readonly now?: () => Date
}

/**
 * Looks at every clock once and opens the tasks that are due, in one transaction with the entry that says so. Asked twice, by two
 * instances or after a kill, it opens nothing twice.
 * @throws Error when another instance is at it, or when no clocks were agreed; whoever called tries again
 */
export const sweepOnce = async (uses: SweepUses, which: 'nightly' | 'hourly'): Promise<Swept> => {
  const { swept, sealed } = await withTransaction(uses.database, async (tx) => {
    if (!(await lockClocks(tx))) throw new Error('Another instance is looking at the clocks.')
    const { policyHash } = await readFacts(tx, { offenderIds: [], agencyIds: [], categories: [] })
    if (policyHash === null) throw new Error('No policy is published.')
    const rules = (await uses.policies.find(tx, policyHash)).bundle.change?.clocks
    if (rules === undefined) throw new Error('The policy in force has no clocks.')
    const now = await readClock(tx)
    const at = uses.now?.() ?? now
    const done = await sweepClocks(tx, { at, today: londonDay(at), rules, which, partnershipId: uses.partnershipId })
    const id = newId()
    await recordSweep(tx, { id, at, opened: done.opened })
    const content = { which, sweepId: id, asOf: at.toISOString(), opened: done.opened, superseded: done.superseded, overdue: done.overdue }
    const draft = { event: 'alteration', effect: 'permit', reason: null, offenderId: null, purpose: null, content } as const
    const entry = writeEntry({ entryId: newId(), at: now, operation: 'sweepClocks', caller: null, policyHash, draft, receipt: {} })
    return { swept: done, sealed: await uses.log.append(tx, [entry], [], now) }
  })
  uses.log.committed(sealed)
  return swept
}
