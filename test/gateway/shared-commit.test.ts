import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import type { Policies } from '../../src/core/decision/policy.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import type { Draft, Work } from '../../src/gateway/commit/logged-work.ts'
import { makeReleaseCommit, type ReleaseCommit } from '../../src/gateway/commit/release-commit.ts'
import { makeStandings } from '../../src/gateway/standings.ts'
import { makeKey } from '../evidence/sealing-support.ts'
import { addPerson, seedRegistry } from '../support/agreement-registry.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
let release: ReleaseCommit
let work: Work
beforeAll(async () => {
  fresh = await freshDatabase()
  await seedRegistry(fresh)
  const caller = await addPerson(fresh, 'ridings-police', 'analyst')
  const policies = { find: () => Promise.resolve({ bundle: { reasons: {} } } as unknown as Policies) }
  release = makeReleaseCommit({
    ...{ database: fresh.db, standings: makeStandings(), policies, log: await openLogWriter(fresh.db, makeKey()) },
    ...{ monotonic: () => performance.now(), notDelivered: () => undefined },
  })
  work = { caller, operation: '', offenderId: null, categories: [], decide: () => draft }
})
afterAll(() => fresh.drop())
beforeEach(() => (tries = {}))

const draft: Draft = {
  entry: { event: 'consultation', effect: 'permit', reason: null, offenderId: null, purpose: null, content: {} },
  ...{ receipt: {}, disclosures: [], validUntil: null },
  answer: ({ entryId }) => ({ status: 200, body: {}, entryId }),
}

let tries: Record<string, number>
const named = (operation: string, prepare: Work['prepare']): Work => ({
  ...{ ...work, operation },
  prepare: (tx, reading) => {
    tries[operation] = (tries[operation] ?? 0) + 1
    return prepare!(tx, reading)
  },
})
const plain = (operation: string) => named(operation, () => Promise.resolve(() => draft))
const busy = (operation: string) => named(operation, () => Promise.reject(new Fault('unavailable', 'This changed just now.')))
const refusedByPostgres = (operation: string) =>
  named(operation, async (tx) => {
    await tx.query({ text: 'select 1 / 0' })
    return () => draft
  })
const outcomesOf = async (works: readonly Work[]) =>
  (await Promise.allSettled(works.map(release))).map((one) => (one.status === 'fulfilled' ? one.value.status : 'failed'))
const logged = async (operation: string): Promise<number> =>
  (
    await fresh.owner.query({
      text: `select from access_log_payload p where convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = $1`,
      values: [operation],
    })
  ).rowCount

describe('work that shares a commit', () => {
  it('is decided once each, and who cannot be is told so without an entry', async () => {
    expect(await outcomesOf([plain('a1'), busy('b1'), plain('c1')])).toEqual([200, 'failed', 200])
    expect(tries).toEqual({ a1: 1, b1: 1, c1: 1 })
    expect(await Promise.all(['a1', 'b1', 'c1'].map(logged))).toEqual([1, 0, 1])
  })

  it('is tried one by one where PostgreSQL refused a neighbour, each answered once and logged once', async () => {
    expect(await outcomesOf([plain('a2'), refusedByPostgres('b2'), plain('c2')])).toEqual([200, 'failed', 200])
    expect(tries).toEqual({ a2: 2, b2: 2, c2: 2 })
    expect(await Promise.all(['a2', 'b2', 'c2'].map(logged))).toEqual([1, 0, 1])
  })

  it('is told of its own trouble only when it is over: nothing is logged of who was told that they get nothing', async () => {
    let first = true
    // Meanwhile what stood in the way has gone: a second try would release.
    const once = named('b3', () => {
      if (!first) return Promise.resolve(() => draft)
      first = false
      return Promise.reject(new Fault('unavailable', 'This changed just now.'))
    })
    const [told] = await outcomesOf([once, refusedByPostgres('c3')])
    expect(await logged('b3')).toBe(told === 200 ? 1 : 0)
    expect(tries.b3).toBe(2)
  })

  it('fails alone in what it writes beside its entry', async () => {
    const beside = { ...draft, alongside: () => Promise.reject(new Error('no')) }
    const works = [plain('a4'), named('b4', () => Promise.resolve(() => beside)), plain('c4')]
    expect(await outcomesOf(works)).toEqual([200, 'failed', 200])
    expect(await Promise.all(['a4', 'b4', 'c4'].map(logged))).toEqual([1, 0, 1])
  })
})
