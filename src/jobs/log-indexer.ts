import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, withTransaction } from '../db/db.ts'
import { readLeafPayloads } from '../db/log/leaf-payloads.ts'
import { findNextToIndex, insertIndexPass, insertIndexRows, takeIndexLock } from '../db/log/search/log-index.ts'
import { indexTermsOf } from '../gateway/log/search/index-terms.ts'
import { contentOf } from '../gateway/log/search/entry-view.ts'

/** Few enough to be read into memory with all they say. */
const LEAVES_AT_ONCE = 1_000

/**
 * Reads the next leaves into the search index, and how far it came, in one transaction: a kill at any moment leaves the index as far as it
 * says it is. Gives back whether there is more to read at once; null while another instance reads.
 */
export const indexOnce = (database: Database): Promise<{ readonly indexed: number; readonly more: boolean } | null> =>
  withTransaction(database, async (tx) => {
    if (!(await takeIndexLock(tx))) return null
    const from = await findNextToIndex(tx)
    const leaves = await readLeafPayloads(tx, from, LEAVES_AT_ONCE)
    if (leaves.length === 0) return { indexed: 0, more: false }
    const rows = leaves.flatMap(({ leafIndex, entryId, at, canonical }) =>
      at === null || canonical === null ? [] : [{ leafIndex, entryId, at, ...indexTermsOf(contentOf(canonical)) }],
    )
    await insertIndexRows(tx, rows)
    await insertIndexPass(tx, leaves.at(-1)!.leafIndex + 1)
    return { indexed: leaves.length, more: leaves.length === LEAVES_AT_ONCE }
  })

export interface IndexingUses {
  readonly database: Database
  readonly warn: (about: object, message: string) => void
  /** Whether the process has releases to make: those go first. */
  readonly busy?: () => boolean
  readonly pauseMillis?: number
  readonly mostWaitMillis?: number
}

/**
 * Keeps the index up with the tree, in quiet moments: a reader of the log can wait for a minute, and is told how far the index is; whoever
 * asks about an offender on a doorstep cannot. Whatever fails is said and tried again.
 */
export const startIndexing = (uses: IndexingUses): { stop(): Promise<void> } => {
  const { database, warn, busy = () => false, pauseMillis = 250, mostWaitMillis = 60_000 } = uses
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    let caughtUpAt = performance.now()
    while (!stopping.signal.aborted) {
      const waits = busy() && performance.now() - caughtUpAt < mostWaitMillis
      const done = waits ? null : await indexOnce(database).catch(said(warn))
      if (done?.more === false) caughtUpAt = performance.now()
      if (done?.more !== true) await sleep(pauseMillis, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = loop()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

const said = (warn: IndexingUses['warn']) => (cause: unknown) => {
  warn({ err: cause }, 'new log entries could not be indexed')
  return null
}
