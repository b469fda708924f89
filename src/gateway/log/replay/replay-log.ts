import { engineVersion } from '../../../core/decision/policy.ts'
import type { Db } from '../../../db/db.ts'
import { readUnsealedEntries } from '../../../db/log/export.ts'
import { readLeafPayloads } from '../../../db/log/leaf-payloads.ts'
import { type Difference, replayEntry } from '../../enquiry/replay-entry.ts'
import type { FoundBundle } from './find-bundles.ts'

/** Where the log and a decision made again part ways; there must be none. */
export type ReplayFinding =
  | ({ readonly kind: 'differs' } & Difference)
  | {
      readonly kind: 'bundle-missing' | 'bundle-altered' | 'unreadable' | 'payload-missing'
      readonly entryId: string
      readonly says: string
    }

export interface ReplayReport {
  /** The engine that decided again, and how many entries name which. */
  readonly engine: string
  readonly engines: Readonly<Record<string, number>>
  readonly entries: number
  readonly decisions: number
  /** Lawfully erased: there is nothing left to decide on. */
  readonly erased: readonly string[]
  readonly findings: readonly ReplayFinding[]
}

export interface ReplayOptions {
  readonly from?: number
  readonly to?: number
  readonly findBundle: (hash: string) => Promise<FoundBundle>
}

const ROWS_AT_ONCE = 2_000
const MOST_UNSEALED = 100_000

/** Decides every stored entry again with the bundle that it names (invariant I7), sealed ones and those that wait to be. */
export const replayLog = async (db: Db, options: ReplayOptions): Promise<ReplayReport> => {
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = options
  const replay = startReplay(options)
  for (let next = from; next < to;) {
    const rows = await readLeafPayloads(db, next, Math.min(ROWS_AT_ONCE, to - next))
    for (const row of rows) if (row.leafIndex < to) await replay.add(row)
    if (rows.length < ROWS_AT_ONCE) break
    next = rows.at(-1)!.leafIndex + 1
  }
  if (options.to === undefined)
    for (const row of await readUnsealedEntries(db, MOST_UNSEALED)) await replay.add({ ...row, erasureEntryId: null })
  return replay.report()
}

export interface StoredForReplay {
  readonly entryId: string
  readonly canonical: Buffer | null
  readonly erasureEntryId: string | null
}

/** Takes entries one by one. */
export const startReplay = ({ findBundle }: Pick<ReplayOptions, 'findBundle'>) => {
  const engines: Record<string, number> = {}
  const erased: string[] = []
  const findings: ReplayFinding[] = []
  let entries = 0
  let decisions = 0

  const decideAgain = async (content: Readonly<Record<string, unknown>>, entryId: string): Promise<void> => {
    if (typeof content.policy !== 'string') return
    const engine = typeof content.engine === 'string' ? content.engine : 'not named'
    engines[engine] = (engines[engine] ?? 0) + 1
    // A change that was logged names the rules in force as well; only what holds categories was decided by them alone.
    if (!Array.isArray(content.categories)) return
    const bundle = await findBundle(content.policy)
    if (typeof bundle === 'string') {
      findings.push({ kind: `bundle-${bundle}`, entryId, says: bundleSays[bundle] + content.policy })
      return
    }
    const again = replayEntry(content, bundle)
    decisions += again.decisions
    // The id is that of the place in the log: what the bytes say of themselves may be what was altered.
    findings.push(...again.differences.map((one) => ({ kind: 'differs' as const, ...one, entryId })))
  }

  return {
    async add({ entryId, canonical, erasureEntryId }: StoredForReplay): Promise<void> {
      entries += 1
      if (canonical === null) {
        if (erasureEntryId !== null) erased.push(entryId)
        else findings.push({ kind: 'payload-missing', entryId, says: 'its payload is gone, and no erasure accounts for it' })
        return
      }
      const content = parsed(canonical)
      if (content === null) findings.push({ kind: 'unreadable', entryId, says: 'its bytes are no JSON object' })
      else await decideAgain(content, entryId)
    },
    report: (): ReplayReport => ({ engine: engineVersion, engines, entries, decisions, erased, findings }),
  }
}

const bundleSays = { missing: 'there are no rules with the hash ', altered: 'the stored rules are not those with the hash ' } as const

const parsed = (canonical: Buffer): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(canonical.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}
