import type { HistoryRows, HistoryTable } from '../../db/registry/sandbox-history.ts'
import type { Worker } from './staff.ts'

/** Free text sealed for the column `sealed` of that row, in base64. */
export type Seal = (text: string, table: HistoryTable, id: string) => string

export const recordedBy = ({ agencyId, sub }: Worker, at: string) => ({
  recorded_by_agency: agencyId,
  recorded_by_person: sub,
  recorded_at: at,
})

export const answeredBy = ({ agencyId, sub }: Worker, at: string) => ({ by_agency: agencyId, by_person: sub, at })

/** All rows of each table, in the order given. */
export const mergeRows = (parts: readonly HistoryRows[]): HistoryRows => {
  const merged: Partial<Record<HistoryTable, Readonly<Record<string, unknown>>[]>> = {}
  for (const part of parts) for (const [table, rows] of Object.entries(part)) (merged[table as HistoryTable] ??= []).push(...rows)
  return merged
}
