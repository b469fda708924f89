import { type RecallCause, recallTerms } from '../../core/disclosure/copy-recall.ts'
import { readClock } from '../../db/clock.ts'
import { endedAgreements, expiredPermissions } from '../../db/copies/ended.ts'
import { type EndedQuery, type RaisedRecall, raiseRecalls } from '../../db/copies/raise-recalls.ts'
import { lockRecalls } from '../../db/copies/recall-sweep.ts'
import { type Database, type Tx, withTransaction } from '../../db/db.ts'
import { readFacts } from '../../db/facts.ts'
import { writeEntry } from '../commit/log-entry.ts'
import type { LogWriter } from '../commit/log-writer.ts'
import { newId } from '../new-id.ts'
import type { PolicyShelf } from '../policies/policy-shelf.ts'

export interface SweepRecallsUses {
  /** With time enough for a query over everybody. */
  readonly database: Database
  readonly log: LogWriter
  readonly policies: PolicyShelf
}

const ends: readonly { readonly cause: RecallCause; readonly ended: EndedQuery }[] = [
  { cause: 'expiry', ended: expiredPermissions },
  { cause: 'agreement-ended', ended: endedAgreements },
]

/**
 * Asks back what rests on permissions whose day came and on agreements that ended, in one transaction with the entry that says so. Looked
 * for twice, by two instances or after a kill, it is asked for once.
 * @throws Error when another instance is at it; whoever called tries again
 */
export const sweepRecalls = async (uses: SweepRecallsUses): Promise<readonly RaisedRecall[]> => {
  const { raised, sealed } = await withTransaction(uses.database, async (tx) => {
    if (!(await lockRecalls(tx))) throw new Error('Another instance is looking for copies to ask back.')
    const { policyHash } = await readFacts(tx, { offenderIds: [], agencyIds: [], categories: [] })
    if (policyHash === null) throw new Error('No policy is published.')
    const rules = (await uses.policies.find(tx, policyHash)).bundle.change?.disclosure?.recall
    const at = await readClock(tx)
    const found: RaisedRecall[] = []
    for (const { cause, ended } of ends) {
      found.push(...(await raiseRecalls(tx, ended, { ...recallTerms(rules, { cause, at }), cause, at, by: null })))
    }
    return { raised: found, sealed: found.length === 0 ? null : await logged(uses, tx, { policyHash, at, raised: found }) }
  })
  if (sealed !== null) uses.log.committed(sealed)
  return raised
}

interface Swept {
  readonly policyHash: string
  readonly at: Date
  readonly raised: readonly RaisedRecall[]
}

const logged = ({ log }: SweepRecallsUses, tx: Tx, { policyHash, at, raised }: Swept) => {
  const content = { recalls: raised.map(({ recallId, cause, notices, releases }) => ({ recallId, cause, notices, releases })) }
  const draft = { event: 'correction-notified', effect: 'permit', reason: null, offenderId: null, purpose: null, content } as const
  const entry = writeEntry({ entryId: newId(), at, operation: 'sweepRecalls', caller: null, policyHash, draft, receipt: {} })
  return log.append(tx, [entry], [], at)
}
