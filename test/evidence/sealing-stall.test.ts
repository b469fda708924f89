import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Policies } from '../../src/core/decision/policy.ts'
import { withTransaction } from '../../src/db/db.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import type { Draft, Work } from '../../src/gateway/commit/logged-work.ts'
import { makeReleaseCommit, type ReleaseCommit } from '../../src/gateway/commit/release-commit.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { makeStandings } from '../../src/gateway/standings.ts'
import { sealOnce } from '../../src/jobs/sealer.ts'
import { addPerson, seedRegistry } from '../support/agreement-registry.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { commitEntries, makeKey, origin } from './sealing-support.ts'

const key = makeKey()
let fresh: FreshDatabase
let release: ReleaseCommit
let work: Work
let offenderId: string
beforeAll(async () => {
  fresh = await freshDatabase()
  await seedRegistry(fresh)
  const caller = await addPerson(fresh, 'ridings-police', 'analyst')
  offenderId = newId()
  await fresh.owner.query({
    text: `insert into offender (id, given_name, family_name, cohort, area_id) values ($1, 'Sam', 'Example', 'iom', 'calder')`,
    values: [offenderId],
  })
  const log = await openLogWriter(fresh.db, key)
  const policies = { find: () => Promise.resolve({ bundle: { reasons: {} } } as unknown as Policies) }
  const standings = makeStandings()
  release = makeReleaseCommit({
    database: fresh.db,
    standings,
    policies,
    log,
    monotonic: () => performance.now(),
    notDelivered: () => undefined,
  })
  work = { caller, operation: 'enquire', offenderId, categories: [], decide: () => draftOf(true) }
})
afterAll(() => fresh.drop())

const draftOf = (releases: boolean): Draft => ({
  entry: { event: 'disclosure', effect: releases ? 'permit' : 'deny', reason: null, offenderId, purpose: 'risk-management', content: {} },
  receipt: {},
  disclosures: releases ? [lineOf()] : [],
  validUntil: null,
  answer: (committed) => ({ status: 200, body: {}, entryId: committed.entryId }),
})
const lineOf = (): Draft['disclosures'][number] => ({
  position: 0,
  offenderId,
  category: 'identity',
  fields: ['givenName'],
  items: 1,
  supplierAgencyId: 'ridings-police',
  recipientAgencyId: 'ridings-police',
  recipientPersonSub: 'analyst',
  purpose: 'risk-management',
  outbound: 'share',
  agreementId: null,
  agreementVersion: null,
})

test('a log unsealed for fifteen minutes stops releases, alone and among others, but neither refusals nor emergency access', async () => {
  const log = await openLogWriter(fresh.db, key)
  await commitEntries(fresh.db, log, [{}])
  expect((await release(work)).status).toBe(200)
  await withTransaction(fresh.owner, async (tx) => {
    await tx.query({ text: `set local session_replication_role = 'replica'` })
    await tx.query({ text: `update log_batch set committed_at = committed_at - interval '15 minutes'` })
  })
  const outcomes = await Promise.allSettled([
    release(work),
    release({ ...work, decide: () => draftOf(false) }),
    release({ ...work, emergency: true }),
    release(work),
  ])
  expect(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.status : (outcome.reason as { code: string }).code)),
  ).toEqual(['unavailable', 200, 200, 'unavailable'])
  await sealOnce({ database: fresh.db, origin, privateKey: key.privateKey })
  expect((await release(work)).status).toBe(200)
})

test('a quiet night stops nothing: what was sealed long ago is no entry that waits', async () => {
  await sealOnce({ database: fresh.db, origin, privateKey: key.privateKey })
  await withTransaction(fresh.owner, async (tx) => {
    await tx.query({ text: `set local session_replication_role = 'replica'` })
    await tx.query({ text: `update log_batch set committed_at = committed_at - interval '9 hours'` })
    await tx.query({
      text: `update log_checkpoint set covers_until = covers_until - interval '9 hours', sealed_at = sealed_at - interval '9 hours'`,
    })
  })
  expect((await release(work)).status).toBe(200)
})
