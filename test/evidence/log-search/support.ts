import { setTimeout as sleep } from 'node:timers/promises'
import { findNextToIndex } from '../../../src/db/log/search/log-index.ts'
import { must } from '../../journeys/support/agree.ts'
import type { Json, Reply } from '../../support/ask.ts'
import type { TestGateway } from '../../support/gateway.ts'
import type { Logged } from '../../support/logged.ts'

export const reviewing = { purpose: 'lawfulness', justification: 'Monthly review' }

export const search = (house: TestGateway, as: string, more: Json = {}): Promise<Reply> =>
  house.as(as).post('/v1/access-log/searches', { ...reviewing, ...more })

export type Line = Json & {
  readonly entryId: string
  readonly caller: { readonly agencyId: string; readonly personSub: string | null } | null
}

/** All pages of a search, one after the other. */
export const searchAll = async (house: TestGateway, as: string, more: Json = {}): Promise<readonly Line[]> => {
  const lines: Line[] = []
  for (let cursor: unknown = null; ;) {
    const body = must(await search(house, as, { limit: 200, ...more, cursor }), 200)
    lines.push(...(body.entries as Line[]))
    if (body.nextCursor === null) return lines
    cursor = body.nextCursor
  }
}

/** Waits until whatever was committed before can be found. */
export const indexed = async ({ database }: TestGateway): Promise<void> => {
  const { rows } = await database.owner.query<{ count: number }>({ text: 'select count(*) as count from access_log' })
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await findNextToIndex(database.db)) >= rows[0]!.count) return
    await sleep(100)
  }
  throw new Error('the index does not catch up')
}

/** Makes a persona of an agency its information-governance officer. */
export const appointOfficer = async (house: TestGateway, agencyId: string, sub: string): Promise<void> => {
  must(await house.as('admin').post('/v1/appointments', { agencyId, sub, role: 'ig-officer', fromAt: '2026-01-01T00:00:00Z' }), 201)
}

/** Every entry with its payload, read by the database's owner: what no search has any part in. */
export const everyEntry = async ({ database }: TestGateway): Promise<readonly Logged[]> => {
  const text = 'select p.canonical from access_log_payload p order by p.entry_id'
  const { rows } = await database.owner.query<{ canonical: Buffer }>({ text })
  return rows.map(({ canonical }) => JSON.parse(canonical.toString('utf8')) as Logged)
}

export const idsOf = (entries: readonly { readonly entryId: string }[]): readonly string[] =>
  entries.map(({ entryId }) => entryId).toSorted()
