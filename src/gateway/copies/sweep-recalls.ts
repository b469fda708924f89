import { type RecallCause, recallTerms } from '../../core/disclosure/copy-recall.ts'
import { readClock } from '../../db/clock.ts'
import { endedAgreements, endedConsents, expiredPermissions } from '../../db/copies/ended.ts'
import { type EndedQuery, type RaisedRecall, raiseRecalls } from '../../db/copies/raise-recalls.ts'
import { type LiftedRecall, liftRecalls } from '../../db/copies/lift-recalls.ts'
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
  { cause: 'consent-expired', ended: endedConsents },
  { cause: 'agreement-ended', ended: endedAgreements },
]

export interface SweptRecalls {
  readonly raised: readonly RaisedRecall[]
  readonly lifted: readonly LiftedRecall[]
}

/**
 * Asks back what rests on permissions and consents whose day came and on agreements that ended, and takes back what was asked for because of
 * a suspension that is lifted, in one transaction with the entry that says so. Looked for twice, by two instances or after a kill, it is
 * done once.
 * @throws Error when another instance is at it; whoever called tries again
 */
export const sweepRecalls = async (uses: SweepRecallsUses): Promise<SweptRecalls> => {
  const { swept, sealed } = await withTransaction(uses.database, async (tx) => {
    if (!(await lockRecalls(tx))) throw new Error('Another instance is looking for copies to ask back.')
    const { policyHash } = await readFacts(tx, { offenderIds: [], agencyIds: [], categories: [] })
    if (policyHash === null) throw new Error('No policy is published.')
    const rules = (await uses.policies.find(tx, policyHash)).bundle.change?.disclosure?.recall
    const at = await readClock(tx)
    const raised: RaisedRecall[] = []
    for (const { cause, ended } of ends) {
      raised.push(...(await raiseRecalls(tx, ended, { ...recallTerms(rules, { cause, at }), cause, at, by: null })))
    }
    // After whatever else ended was asked for: of a copy that rests on nothing any more the holder is never told that it may be kept alone.
    const lifted = await liftRecalls(tx, at)
    const nothing = raised.length === 0 && lifted.length === 0
    return { swept: { raised, lifted }, sealed: nothing ? null : await logged(uses, tx, { policyHash, at, raised, lifted }) }
  })
  if (sealed !== null) uses.log.committed(sealed)
  return swept
}

interface Swept extends SweptRecalls {
  readonly policyHash: string
  readonly at: Date
}

const logged = ({ log }: SweepRecallsUses, tx: Tx, { policyHash, at, raised, lifted }: Swept) => {
  const content = { recalls: raised.map(({ recallId, cause, notices, releases }) => ({ recallId, cause, notices, releases })), lifted }
  const draft = { event: 'correction-notified', effect: 'permit', reason: null, offenderId: null, purpose: null, content } as const
  const entry = writeEntry({ entryId: newId(), at, operation: 'sweepRecalls', caller: null, policyHash, draft, receipt: {} })
  return log.append(tx, [entry], [], at)
}
