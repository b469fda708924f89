import type { KeyObject } from 'node:crypto'
import { type Database, type Tx, withTransaction } from '../db/db.ts'
import { findNewestCheckpoint, insertCheckpoint, type StoredCheckpoint } from '../db/log/checkpoints.ts'
import {
  findUnsealed,
  insertLeaves,
  readHorizon,
  sweepUnsealed,
  takeSealerLock,
  type UnsealedEntry,
  waitForSealerLock,
} from '../db/log/leaves.ts'
import { hasLogKeyEnded } from '../db/log/log-keys.ts'
import { insertTiles } from '../db/log/tiles.ts'
import { signCheckpoint } from '../ledger/checkpoint.ts'
import { emptyFrontier, frontierRoot, growFrontier, packFrontier, unpackFrontier } from '../ledger/frontier.ts'
import { logVerifierKey } from '../ledger/note.ts'

export interface SealerUses {
  readonly database: Database
  /** The log's name in checkpoints. */
  readonly origin: string
  readonly privateKey: KeyObject
}

/** Commits looked at in one pass; a pass that found more is followed by another at once. */
const MOST_COMMITS = 2_000
const MOST_SWEPT = 200_000

export interface SealPass {
  /** Entries that became leaves. */
  readonly sealed: number
  readonly size: number
  /** True when there was more than one pass takes. */
  readonly more: boolean
}

/** What one process knows of its passes: every transaction before this one was over, and its entries sealed. */
export interface SealerMemory {
  since: string | null
}

/**
 * One pass: gives every committed entry without a leaf its place, and signs the tree that results. All or nothing, in one
 * transaction under one lock, so that a kill at any moment leaves neither a gap nor a second tree. Null while another instance seals.
 */
export const sealOnce = async (uses: SealerUses, memory: SealerMemory = { since: null }): Promise<SealPass | null> => {
  const done = await withTransaction(uses.database, async (tx) => {
    if (!(await takeSealerLock(tx))) return null
    return sealPass(tx, uses, memory.since)
  })
  if (done === null) return null
  if (!done.more) memory.since = done.horizon
  return { sealed: done.sealed, size: done.size, more: done.more }
}

/**
 * Seals every entry there is within a transaction that goes on afterwards, and says which tree that makes.
 * @param hold stops all others from committing: called when no other instance seals any more
 */
export const sealAll = async (
  tx: Tx,
  uses: SealerUses,
  hold: () => Promise<void>,
): Promise<{ readonly size: number; readonly root: Buffer }> => {
  await waitForSealerLock(tx)
  await hold()
  while ((await sealPass(tx, uses, null)).more);
  const newest = await findNewestCheckpoint(tx)
  return { size: newest?.size ?? 0, root: newest?.root ?? frontierRoot(emptyFrontier) }
}

const sealPass = async (tx: Tx, uses: SealerUses, since: string | null): Promise<SealPass & { readonly horizon: string }> => {
  const last = await findNewestCheckpoint(tx)
  const horizon = await readHorizon(tx)
  const { entries, more } = await findEntries(tx, since ?? last?.horizon ?? UNKNOWN, horizon)
  const pass = { sealed: entries.length, size: last?.size ?? 0, more, horizon }
  if (entries.length === 0) return pass
  // The horizon of a pass that left something behind is the one before it.
  return { ...pass, size: await writePass(tx, uses, { last, entries, horizon: more ? (last?.horizon ?? UNKNOWN) : horizon }) }
}

const UNKNOWN = '0'

/** A horizon that lies ahead was reached on another server, from which this log was restored: then every entry is looked at. */
const findEntries = (tx: Tx, since: string, horizon: string) =>
  since === UNKNOWN || BigInt(since) > BigInt(horizon) ? sweepUnsealed(tx, MOST_SWEPT) : findUnsealed(tx, since, MOST_COMMITS)

interface Pass {
  readonly last: StoredCheckpoint | null
  readonly entries: readonly UnsealedEntry[]
  readonly horizon: string
}

const writePass = async (tx: Tx, { origin, privateKey }: SealerUses, { last, entries, horizon }: Pass): Promise<number> => {
  // Under the lock of the sealers: no checkpoint is larger than the one at which its key ended.
  if (await hasLogKeyEnded(tx, logVerifierKey(origin, privateKey))) throw new Error('the key that this instance signs with has ended')
  const before = last === null ? emptyFrontier : unpackFrontier(last.size, last.frontier)
  // What was stored is not trusted further than it was signed: a tree is only ever grown from the root that its checkpoint names.
  if (last !== null && !frontierRoot(before).equals(last.root)) throw new Error('the stored tree is not the one its checkpoint signs')
  const { frontier, tiles } = growFrontier(
    before,
    entries.map((entry) => entry.leafHash),
  )
  const root = frontierRoot(frontier)
  await insertLeaves(tx, before.size, entries)
  await insertTiles(tx, tiles)
  await insertCheckpoint(tx, {
    size: frontier.size,
    root,
    frontier: packFrontier(frontier),
    note: signCheckpoint({ origin, size: frontier.size, root }, privateKey),
    horizon,
    coversUntil: new Date(Math.max(last?.coversUntil.getTime() ?? 0, ...entries.map((entry) => entry.at.getTime()))),
  })
  return frontier.size
}
