import type { Policies } from '../../../core/decision/policy.ts'
import type { Db } from '../../../db/db.ts'
import { countEntriesSince, lastEntryId, listEntriesBefore } from '../../../db/log/search/decision-entries.ts'
import { callerIn, contentOf } from '../../log/search/entry-view.ts'
import { compareEntry, type Moved } from './compare-entry.ts'

/** More than this and the newest are looked at; the answer says of how many. */
const MOST_ENTRIES = 50_000
const MOST_COUNTED = 200_000
/** Between two pages whoever else has asked something is answered. */
const ENTRIES_AT_ONCE = 50
const MOST_ROWS = 500
const MOST_SHOWN = 50

export interface MovedEntry extends Moved {
  readonly entryId: string
  readonly at: string
}

export interface Simulation {
  readonly looked: number
  readonly entriesInPeriod: number
  /** False: there are more than were counted. */
  readonly counted: boolean
  readonly decisions: number
  readonly changed: number
  readonly rows: readonly (Moved & { readonly decisions: number })[]
  readonly rowsLeftOut: number
  /** The newest, apart from the reader's own accesses. */
  readonly entries: readonly MovedEntry[]
}

export interface SimulationQuestion {
  readonly inForce: Policies
  readonly proposed: Policies
  readonly since: Date
  /** How many entries to look at. */
  readonly most?: number
  /** Whose own accesses are counted and not listed: nobody reviews their own (R42). */
  readonly reader: { readonly agencyId: string; readonly personSub: string | null }
}

/** Decides the stored entries of a period again, the newest first, by the rules in force and by those proposed. */
export const simulate = async (db: Db, question: SimulationQuestion): Promise<Simulation> => {
  const { since, most = MOST_ENTRIES } = question
  const tally = startTally(question)
  const entriesInPeriod = await countEntriesSince(db, since, MOST_COUNTED)
  let looked = 0
  for (let before = lastEntryId; looked < most;) {
    const limit = Math.min(ENTRIES_AT_ONCE, most - looked)
    const page = await listEntriesBefore(db, { since, before, limit })
    for (const entry of page) tally.add(entry)
    looked += page.length
    if (page.length < limit) break
    before = page.at(-1)!.entryId
  }
  // What was written meanwhile was not counted beforehand.
  return { looked, entriesInPeriod: Math.max(entriesInPeriod, looked), counted: entriesInPeriod < MOST_COUNTED, ...tally.result() }
}

const startTally = ({ inForce, proposed, reader }: SimulationQuestion) => {
  const rows = new Map<string, Moved & { decisions: number }>()
  const entries: MovedEntry[] = []
  let decisions = 0
  let changed = 0

  return {
    add({ entryId, canonical }: { readonly entryId: string; readonly canonical: Buffer }): void {
      const content = contentOf(canonical)
      const compared = compareEntry(content, { inForce, proposed })
      decisions += compared.decisions
      changed += compared.moved.length
      const caller = callerIn(content)
      const own = caller?.agencyId === reader.agencyId && caller.personSub === reader.personSub
      for (const moved of compared.moved) {
        const key = JSON.stringify(moved)
        const row = rows.get(key) ?? { ...moved, decisions: 0 }
        row.decisions += 1
        rows.set(key, row)
        if (!own && entries.length < MOST_SHOWN) entries.push({ ...moved, entryId, at: String(content.at) })
      }
    },
    result: () => {
      const sorted = [...rows.entries()].toSorted(
        ([one, left], [other, right]) => right.decisions - left.decisions || (one < other ? -1 : 1),
      )
      const shown = sorted.slice(0, MOST_ROWS).map(([, row]) => row)
      return { decisions, changed, rows: shown, rowsLeftOut: sorted.length - shown.length, entries }
    },
  }
}
