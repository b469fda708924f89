import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { LeadTable } from '../../src/core/casework/lead/change-rules.ts'
import type { HistoryRows, HistoryTable } from '../../src/db/registry/sandbox-history.ts'
import { historyTables } from '../../src/db/registry/sandbox-history.ts'
import { seedSandbox, type SeedUses } from '../../src/sandbox/seed.ts'
import { makeSealer } from '../../src/sources/hosted.ts'
import type { FreshDatabase } from '../support/database.ts'
import { freshDatabase } from '../support/database.ts'
import { policyDirectory } from '../support/facts.ts'

const table = parse(readFileSync(join(policyDirectory, 'lead-agency.yaml'), 'utf8')) as LeadTable
const sealer = makeSealer({ current: { id: 'test', key: randomBytes(32) }, older: [] })
const started = performance.now()
let fresh: FreshDatabase
let dataDir: string
const usesOf = (history: boolean): SeedUses => ({
  dataDir,
  jwksUriOf: (agencyId) => `http://127.0.0.1:4001/issuers/${agencyId}/jwks`,
  seal: () => new Uint8Array([1]),
  agreements: [],
  ...(history && { history: { leadTable: () => table, sealText: (text, place) => sealer.seal(Buffer.from(text), place) } }),
})
beforeAll(async () => {
  fresh = await freshDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-history-'))
})
afterAll(async () => {
  await fresh.drop()
  await rm(dataDir, { recursive: true })
})
describe('x', () => {
  it('seeds', async () => {
    const t = performance.now()
    await seedSandbox(fresh.db, usesOf(true))
    console.log('took', performance.now() - t)
    for (const name of historyTables) {
      const { rows } = await fresh.db.query<{ n: number }>({ text: `select count(*)::int as n from ${name}` })
      console.log(name, rows[0]!.n)
    }
  })
})
