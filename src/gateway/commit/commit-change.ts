import type { Answer } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { Standing } from '../../core/snapshot.ts'
import { type Database, type Tx, withTransaction } from '../../db/db.ts'
import { readFacts } from '../../db/facts.ts'
import { findFirstAnswer, rememberAnswer } from '../../db/doors/idempotency.ts'
import { type LockName, takeLocks } from '../../db/release-locks.ts'
import { backToSavepoint, setSavepoint } from '../../db/savepoint.ts'
import type { SealedBatch } from '../../ledger/batch.ts'
import { receiptOf } from '../../ledger/receipt.ts'
import type { Change, ChangeContext, ChangeOutcome, CommitChange, LockKey } from './change.ts'
import { type FaultedOutcome, outcomeAnswer } from './change-answer.ts'
import { ownerOf } from '../key-owner.ts'
import { writeEntry } from './log-entry.ts'
import type { LogWriter } from './log-writer.ts'
import type { EntryDraft, LoggedLine } from './logged-work.ts'
import { newIdAt } from '../new-id.ts'
import { refusedAtTheDoor } from '../enquiry/no-standing.ts'
import type { PolicyShelf } from '../policies/policy-shelf.ts'
import type { Standings } from '../standings.ts'
import { isUnknownCommit, type NotDelivered, settleUnknown } from './settle.ts'
import { unsealed } from './unsealed.ts'

export interface ChangeUses {
  readonly database: Database
  readonly standings: Standings
  readonly policies: PolicyShelf
  readonly log: LogWriter
  readonly notDelivered: NotDelivered
}

export const makeCommitChange =
  (uses: ChangeUses): CommitChange =>
  async (caller, change) => {
    let sealed: SealedBatch | null = null
    let answer: Answer | null = null
    let goodUntil: Date | null = null
    let decidedAt = 0
    const undelivered = () => ({
      work: { operation: change.operation, caller, offenderId: change.offenderId ?? null },
      entryId: answer!.entryId!,
    })
    try {
      const inOne = async (tx: Tx): Promise<void> => {
        await takeLocks(tx, locksOf(caller, change))
        decidedAt = performance.now()
        const context = await contextOf(uses, tx, caller, change.readAlong ?? [])
        const outcome = await repeatedOr(tx, context, change, () => runGuarded(tx, context, change))
        ;({ sealed, answer, goodUntil } = await logOutcome(uses, { tx, context, caller, change, outcome }))
      }
      await withTransaction(uses.database, inOne, 'eachTime')
    } catch (cause) {
      if (sealed !== null && isUnknownCommit(cause)) await settleUnknown(uses, sealed, [undelivered()])
      throw cause
    }
    uses.log.committed(sealed!)
    // The last look at the clock, as in the release commit: this can only overstate how late it is.
    const now = sealed!.place.at.getTime() + performance.now() - decidedAt
    if (goodUntil !== null && (goodUntil as Date).getTime() <= now) {
      uses.notDelivered({ ...undelivered(), because: 'a fact lapsed' })
      throw new Fault('unavailable', 'The decision was recorded, but too late to be given. Ask again.', { retryAfterSeconds: 1 })
    }
    return answer!
  }

const locksOf = (caller: Caller, change: Change<unknown, unknown>): { exclusive: LockName[]; shared: LockName[] } => {
  const named = (lock: LockKey): LockName => ({ class: lock.class, id: 'id' in lock ? lock.id : '' })
  const asked = change.locks.map(named)
  const always: LockName[] = [
    ...(change.sharedLocks ?? []).map(named),
    { class: 'policy', id: '' },
    { class: 'agency', id: caller.agencyId },
  ]
  const key = change.idempotencyKey
  const once: LockName[] = key ? [{ class: 'idempotency', id: `${caller.agencyId} ${caller.clientId} ${key.key}` }] : []
  return change.lockMode === 'shared'
    ? { exclusive: once, shared: [...asked, ...always] }
    : { exclusive: [...asked, ...once], shared: always }
}

type Context = Omit<ChangeContext, 'standing'> & { readonly standing: Standing | null; readonly sealingStalled: boolean }

const contextOf = async (uses: ChangeUses, tx: Tx, caller: Caller, offenderIds: readonly string[]): Promise<Context> => {
  const read = await readFacts(tx, { offenderIds, agencyIds: [caller.agencyId], categories: [] })
  if (read.policyHash === null) throw new Fault('unavailable', 'No policy is published.', { retryAfterSeconds: 5 })
  const standingOf = await uses.standings.refresh(tx, [caller], read.agencyVersions)
  const policies: Policies = await uses.policies.find(tx, read.policyHash)
  const { at, policyHash, sealingStalled, subjects } = read
  return { tx, at, caller, standing: standingOf(caller, at), policies, policyHash, sealingStalled, subjects }
}

export type Outcome = ChangeOutcome<unknown> | FaultedOutcome | { readonly repeated: { status: number; entryId: string; body: unknown } }

const repeatedOr = async (
  tx: Tx,
  context: Context,
  change: Change<unknown, unknown>,
  otherwise: () => Promise<Outcome>,
): Promise<Outcome> => {
  // Whoever may no longer ask is not told what they were told before.
  const refused = change.provesItself === true ? null : refusedAtTheDoor(context.standing, context.caller, change.systemMay)
  if (refused !== null) return { allowed: false, reason: refused }
  const given = change.idempotencyKey
  if (!given) return otherwise()
  const first = await findFirstAnswer(tx, ownerOf(context.caller, given.key))
  if (first === null) return otherwise()
  if (first.requestHash === given.requestHash) return { repeated: first }
  return { faulted: new Fault('conflict', 'This Idempotency-Key was used for another request. Use a new key for a new change.') }
}

/** A refused change leaves no trace but its entry: whatever it wrote before it refused is rolled back. */
const runGuarded = async (tx: Tx, context: Context, change: Change<unknown, unknown>): Promise<Outcome> => {
  // What only reads leaves nothing behind that would have to be undone.
  const undo = change.readsOnly === true ? () => Promise.resolve() : () => backToSavepoint(tx)
  if (change.readsOnly !== true) await setSavepoint(tx)
  try {
    const outcome = await change.run({ ...context, standing: context.standing! }, await change.ahead?.(tx))
    if (!outcome.allowed) await undo()
    return outcome
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code === 'unavailable') throw cause
    await undo()
    return { faulted: cause }
  }
}

interface Done {
  readonly tx: Tx
  readonly context: Context
  readonly caller: Caller
  readonly change: Change<unknown, unknown>
  readonly outcome: Outcome
}

const logOutcome = async (uses: ChangeUses, done: Done): Promise<{ sealed: SealedBatch; answer: Answer; goodUntil: Date | null }> => {
  const { tx, context, caller, change, outcome } = done
  const { lines, release } = linesOf(outcome)
  const at = 'allowed' in outcome && outcome.allowed ? (outcome.at ?? context.at) : context.at
  const named = 'allowed' in outcome && !outcome.allowed && outcome.unnamed === true ? null : caller
  const frame = { at, operation: change.operation, caller: named, policyHash: context.policyHash, receipt: {} }
  const receipt = 'allowed' in outcome && outcome.allowed ? outcome.receipt : undefined
  const main = writeEntry({ ...frame, receipt: receipt ?? {}, entryId: newIdAt(caller.receivedAt), draft: entryOf(change, outcome) })
  const more = lines.map((line) => ({ line, written: writeEntry({ ...frame, entryId: newIdAt(caller.receivedAt), draft: line.entry }) }))
  const releases = [{ line: release, written: main }, ...more]
  const disclosures = releases.flatMap(({ line, written }) =>
    (line?.disclosures ?? []).map((row) => ({ ...row, entryId: written.columns.entryId })),
  )
  if (disclosures.length > 0 && context.sealingStalled && change.emergency !== true) throw unsealed()
  const answer = outcomeAnswer(context.policies, outcome, main.columns.entryId)
  if (change.idempotencyKey && 'allowed' in outcome && outcome.allowed) {
    const { key, requestHash } = change.idempotencyKey
    await rememberAnswer(tx, ownerOf(caller, key), { requestHash, status: answer.status, entryId: main.columns.entryId, body: answer.body })
  }
  const sealed = await uses.log.append(tx, [main, ...more.map((one) => one.written)], disclosures, at)
  if ('allowed' in outcome) await outcome.afterEntry?.(main.columns.entryId)
  const told = 'allowed' in outcome && outcome.allowed && outcome.once !== undefined ? withMembers(answer, outcome.once) : answer
  const given = receipt === undefined ? told : withMembers(told, { receipt: receiptOf(sealed, 0, main.sealable.receiptBody) })
  return { sealed, answer: given, goodUntil: goodUntilOf(outcome, disclosures.length > 0) }
}

/** What the change's own entry lets out, and what further entries do. */
export const linesOf = (outcome: Outcome): { readonly release: LoggedLine | null; readonly lines: readonly LoggedLine[] } =>
  'allowed' in outcome && outcome.allowed ? { release: outcome.release ?? null, lines: outcome.lines ?? [] } : { release: null, lines: [] }

export const withMembers = (answer: Answer, members: Readonly<Record<string, unknown>>): Answer => ({
  ...answer,
  body: { ...(answer.body as object), ...members },
})

/** Only what releases something can be too late. */
const goodUntilOf = (outcome: Outcome, releases: boolean): Date | null =>
  releases && 'allowed' in outcome && outcome.allowed ? (outcome.validUntil ?? null) : null

/** What the log keeps of how a change, or what only read, came out. */
export const entryOf = (change: Change<unknown, unknown>, outcome: Outcome): EntryDraft => {
  const common = { offenderId: change.offenderId ?? null, purpose: (change.detail?.purpose as string | undefined) ?? null }
  if ('repeated' in outcome) {
    const content = { ...change.detail, repeats: outcome.repeated.entryId }
    return { ...common, event: 'consultation', effect: 'repeated', reason: null, content }
  }
  if ('faulted' in outcome) {
    const content = { ...change.detail, fault: outcome.faulted.code, details: outcome.faulted.details.map((one) => one.path) }
    return { ...common, event: 'access-denied', effect: 'deny', reason: outcome.faulted.code, content }
  }
  if (!outcome.allowed) {
    const { code, stage, ruleId } = outcome.reason
    const content = { ...change.detail, ...outcome.detail, stage, ruleId, shielded: outcome.shielded === true }
    return { ...common, event: 'access-denied', effect: outcome.shielded === true ? 'deny-ncnd' : 'deny', reason: code, content }
  }
  const released = outcome.release?.entry
  return {
    ...common,
    event: outcome.event ?? change.event,
    effect: 'permit',
    reason: null,
    ...released,
    content: { ...change.detail, ...released?.content, ...outcome.detail },
  }
}
