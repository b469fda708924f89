import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { connect } from '../../src/db/db.ts'
import { startPostgres } from '../../src/db/server/embedded.ts'
import { migrate } from '../../src/db/server/migrate.ts'
import { readAgreementFile } from '../../src/gateway/agreements/import-agreements.ts'
import { termsHash } from '../../src/gateway/agreements/terms-hash.ts'
import { readPolicyFiles } from '../../src/gateway/policies/policy-files.ts'
import { shipPolicy } from '../../src/gateway/policies/ship-policy.ts'
import { readRecordKey } from '../../src/keys.ts'
import { type RunningIssuers, startIssuers } from '../../src/sandbox/issuers.ts'
import { seedSandbox } from '../../src/sandbox/seed.ts'
import { makeSealer, sealItems, type Sealer } from '../../src/sources/hosted.ts'
import { newId } from '../../src/gateway/new-id.ts'

/** A database of its own with the sandbox's partnership in it, and as many more people as a measurement wants. */
export interface BenchWorld {
  readonly dataDir: string
  readonly owner: pg.PoolConfig
  readonly app: pg.PoolConfig
  readonly sealer: Sealer
  readonly issuers: RunningIssuers
  close(): Promise<void>
}

export const policiesDir = join(import.meta.dirname, '../../policies')

export const openWorld = async (): Promise<BenchWorld> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-bench-'))
  const postgres = await startPostgres({ dataDir, log: () => undefined })
  await migrate({ connection: postgres.ownerConnection, log: () => undefined })
  const issuers = await startIssuers({ dataDir })
  const sealer = makeSealer({
    current: readRecordKey({ mode: 'sandbox', dataDir, keys: { signingFile: null, recordFile: null } }),
    older: [],
  })
  const setUp = connect({ connection: postgres.appConnection, max: 2 })
  await shipPolicy(setUp, readPolicyFiles(policiesDir))
  await seedSandbox(setUp, {
    dataDir,
    jwksUriOf: (agencyId) => issuers.jwksUriOf(agencyId),
    discoveryUriOf: (agencyId) => issuers.discoveryUriOf(agencyId),
    seal: (items, id) => sealItems(items, id, sealer),
    agreements: readdirSync(join(policiesDir, 'agreements'))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readAgreementFile({ name, text: readFileSync(join(policiesDir, 'agreements', name), 'utf8') }))
      .map((terms) => ({ terms, hash: termsHash(terms) })),
  })
  await setUp.end()
  return {
    dataDir,
    owner: postgres.ownerConnection,
    app: postgres.appConnection,
    sealer,
    issuers,
    close: async () => {
      await issuers.close()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
      rmSync(postgres.home, { recursive: true, force: true })
    },
  }
}

/** The three categories of P1: all kept in the gateway, all permitted to the analyst. */
export const benchCategories = ['address', 'interventions-plan', 'selection-score'] as const

const items: Record<(typeof benchCategories)[number], Record<string, unknown>> = {
  address: { line: '1 Sample Street', postcode: 'ZZ1 1ZZ', stable: true },
  'interventions-plan': { strand: 'rehabilitate-and-resettle', controlItems: ['Curfew check'], supportItems: ['Employment adviser'] },
  'selection-score': { score: 41, scoredOn: '2026-09-01' },
}

/** Adds people of the Calder cohort with hosted records; returns their ids. With `records` false only the people. */
export const addPeople = async (world: BenchWorld, count: number, records = true): Promise<readonly string[]> => {
  const client = new pg.Client(world.owner)
  await client.connect()
  const all: string[] = []
  try {
    for (let done = 0; done < count; done += 5_000) {
      const ids = Array.from({ length: Math.min(5_000, count - done) }, () => newId())
      await client.query(
        `insert into offender (id, given_name, family_name, born_on, cohort, strand, statutory, supervisor_agency_id, lead_agency_id, area_id)
         select u.id, 'Bench', 'Person' || u.place, date '1990-01-01' + (u.place % 3000)::int, 'iom', 'rehabilitate-and-resettle', true,
                'ridings-probation', 'ridings-probation', 'calder'
           from unnest($1::uuid[]) with ordinality as u (id, place)`,
        [ids],
      )
      await client.query(
        `insert into identifier (kind, value, offender_id, agency_id)
         select 'crn', 'B' || replace(u.id::text, '-', ''), u.id, 'ridings-probation' from unnest($1::uuid[]) as u (id)`,
        [ids],
      )
      await client.query(
        `insert into consent_event (id, offender_id, kind, capacity_basis, happened_at, recorded_by_agency)
         select gen_random_uuid(), u.id, 'given', 'adult-presumed', now() - interval '1 day', 'ridings-probation' from unnest($1::uuid[]) as u (id)`,
        [ids],
      )
      if (records) await addRecords(client, world, ids)
      all.push(...ids)
    }
    await client.query('analyze')
    return all
  } finally {
    await client.end()
  }
}

const addRecords = async (client: pg.Client, world: BenchWorld, ids: readonly string[]): Promise<void> => {
  const rows = ids.flatMap((offenderId) =>
    benchCategories.map((category) => {
      const id = newId()
      return { id, offenderId, category, sealed: sealItems([{ fields: items[category] }], id, world.sealer) }
    }),
  )
  await client.query(
    `insert into hosted_record (id, offender_id, category, agency_id, sealed)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[])`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.offenderId),
      rows.map((row) => row.category),
      rows.map((row) => (row.category === 'selection-score' ? 'ridings-partnership' : 'ridings-probation')),
      rows.map((row) => Buffer.from(row.sealed)),
    ],
  )
}
