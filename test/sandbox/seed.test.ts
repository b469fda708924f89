import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgreementTerms } from '../../src/core/snapshot.ts'
import { readFacts } from '../../src/db/facts.ts'
import { agencies } from '../../src/sandbox/cast.ts'
import { colleagues } from '../../src/sandbox/history/staff.ts'
import { buildHostedRecords } from '../../src/sandbox/hosted-records.ts'
import { buildPeople } from '../../src/sandbox/people.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { personas } from '../../src/sandbox/personas.ts'
import type { SeedUses } from '../../src/sandbox/seed.ts'
import { seedSandbox } from '../../src/sandbox/seed.ts'
import { makeSealer, openItems, sealItems } from '../../src/sources/hosted.ts'
import { verifySignature } from '../../src/identity/signature.ts'
import type { FreshDatabase } from '../support/database.ts'
import { freshDatabase } from '../support/database.ts'

const terms: AgreementTerms = {
  reference: 'ISA/001',
  title: 'Offender management in the Ridings',
  kind: 'partnership',
  owner: 'ridings-partnership',
  parties: ['ridings-police', 'ridings-probation'],
  grants: [],
  inForceFrom: '2026-01-05',
  inForceTo: null,
  reviewOn: '2027-01-05',
  reviewGraceDays: null,
  policyDocument: null,
}
const hash = createHash('sha256').update(JSON.stringify(terms)).digest('base64url')
const sealer = makeSealer({ current: { id: 'test', key: randomBytes(32) }, older: [] })
const people = buildPeople()

let fresh: FreshDatabase
let dataDir: string
const usesAt = (port: number): SeedUses => ({
  dataDir,
  jwksUriOf: (agencyId) => `http://127.0.0.1:${port}/issuers/${agencyId}/jwks`,
  discoveryUriOf: (agencyId) => `http://127.0.0.1:${port}/issuers/${agencyId}/.well-known/openid-configuration`,
  seal: (items, recordId) => sealItems(items, recordId, sealer),
  agreements: [{ terms, hash }],
})
const select = async <Row>(text: string, values: readonly unknown[] = []) => (await fresh.db.query<Row>({ text, values })).rows

let tookMs: number
let outcomes: readonly string[]

beforeAll(async () => {
  fresh = await freshDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-seed-'))
  const started = performance.now()
  outcomes = await Promise.all([seedSandbox(fresh.db, usesAt(4001)), seedSandbox(fresh.db, usesAt(4001))])
  tookMs = performance.now() - started
})
afterAll(async () => {
  await fresh.drop()
  await rm(dataDir, { recursive: true })
})

describe('the seed', () => {
  it('is written once by two who start at the same time, as the application’s own role, in good time', () => {
    expect(outcomes.toSorted()).toEqual(['already-seeded', 'seeded'])
    expect(tookMs).toBeLessThan(3_000)
  })

  it('holds everybody and everything', async () => {
    const counts = await select<{ name: string; count: number }>(`
      select 'offender' as name, count(*)::int as count from offender
      union all select 'agency', count(*)::int from agency
      union all select 'person', count(*)::int from person
      union all select 'identifier', count(*)::int from identifier
      union all select 'hosted_record', count(*)::int from hosted_record
      union all select 'consent_event', count(*)::int from consent_event`)
    expect(Object.fromEntries(counts.map(({ name, count }) => [name, count]))).toEqual({
      offender: 219,
      agency: agencies.length,
      person: personas.length + colleagues.length,
      identifier: people.flatMap(({ identifiers }) => identifiers).length,
      hosted_record: buildHostedRecords(people).length,
      consent_event: people.flatMap(({ consent }) => consent).length,
    })
  })

  it('gives back a person of the story as the gateway reads them, hosted records opening in their own row only', async () => {
    const question = { offenderIds: [storyId('sam')], agencyIds: ['fresh-steps'], categories: ['address', 'selection-score'] as const }
    const sam = (await readFacts(fresh.db, question)).subjects.get(storyId('sam'))!
    expect(sam).toMatchObject({ givenName: 'Sam', bornOn: '1994-08-19', leadAgencyId: 'fresh-steps', statutory: false })
    expect(sam.relationships).toMatchObject([{ kind: 'lead-case-manager', personSub: 'keyworker' }])
    expect(sam.consentEvents).toMatchObject([{ kind: 'given', happenedAt: new Date('2026-02-10T10:30:00.000Z') }])
    expect(sam.hosted.map(({ category }) => category).sort()).toEqual(['address', 'selection-score'])
    const [one, two] = sam.hosted
    const policy = { marking: 'official-sensitive', graded: false, consent: 'none' } as const
    expect(openItems(one!, sealer, policy)).toMatchObject({ outcome: 'items', items: [{ originator: 'fresh-steps' }] })
    expect(openItems({ ...one!, id: two!.id }, sealer, policy)).toMatchObject({ outcome: 'unavailable' })
  })

  it('appoints people from a first instant on, vetted where the cast says so', async () => {
    const rows = await select<{ role: string; vetted: boolean }>(
      `select ap.role, p.intelligence_vetted_until > statement_timestamp() as vetted
         from appointment ap join person p on p.agency_id = ap.agency_id and p.sub = ap.person_sub
        where ap.person_sub = $1 and ap.area_id = 'calder' and ap.from_at <= statement_timestamp() and ap.to_at is null
        order by ap.role`,
      ['analyst'],
    )
    expect(rows).toEqual([
      { role: 'core-member', vetted: true },
      { role: 'intel-officer', vetted: true },
    ])
  })

  it('has each agreement signed by every party’s own signatory over its hash', async () => {
    const signatures = await select<{ agency_id: string; jws: string; jwk: unknown }>(`
      select s.agency_id, s.jws, k.jwk
        from agreement_signature s join signatory_key k on k.agency_id = s.agency_id and k.person_sub = s.person_sub
       order by s.agency_id`)
    expect(signatures.map(({ agency_id }) => agency_id)).toEqual(terms.parties)
    for (const { jws, jwk } of signatures) expect(await verifySignature(jws, jwk)).toBe(hash)
  })

  it('follows the issuers to another port, and touches nothing when they have not moved', async () => {
    const versions = () =>
      select<{ id: string; version: number; jwks_uri: string }>('select a.id, a.version, a.jwks_uri from agency a order by a.id')
    const before = await versions()
    expect(await seedSandbox(fresh.db, usesAt(4001))).toBe('already-seeded')
    expect(await versions()).toEqual(before)
    expect(await seedSandbox(fresh.db, usesAt(4002))).toBe('already-seeded')
    const after = await versions()
    expect(after.every(({ jwks_uri }) => jwks_uri.startsWith('http://127.0.0.1:4002/'))).toBe(true)
    // Once for the issuer's keys, once for where the console's people sign in.
    expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version + 2))
  })
})
