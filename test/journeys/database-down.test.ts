import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import type { Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries, entryOf } from '../support/logged.ts'
import { consentOf, enquire, inventedId, recordConsent } from './support/requests.ts'

let house: TestGateway
/** In another database of the same server, so that it outlives what is done to the gateway's. */
let admin: pg.Client
let name: string
beforeAll(async () => {
  house = await openGateway()
  name = String(house.database.ownerConnection.database)
  admin = new pg.Client(inject('postgres').owner)
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await house.close()
})

const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Checking' }

/** A read, a refusal, a shielded refusal, a search, a list, a change, a bad request and somebody without a token. */
const everything = (): Promise<readonly Reply[]> =>
  Promise.all([
    enquire(house.as('analyst'), 'sam', 'identity selection-score'),
    enquire(house.as('analyst'), 'sam', 'arrest-disposal'),
    enquire(house.as('analyst'), 'casey', 'engagement'),
    enquire(house.as('nurse'), inventedId(), 'identity'),
    house.as('analyst').post('/v1/searches', { list: 'own-area', ...looking }),
    house.as('analyst').get('/v1/me/access'),
    recordConsent(house.as('keyworker'), 'sam', consentOf('sought')),
    house.as('analyst').post('/v1/enquiries', { nothing: true }),
    house.send({ method: 'GET', url: '/v1/me/access' }),
  ])

const areUnavailable = (replies: readonly Reply[]): void => {
  for (const reply of replies) {
    expect([reply.status, reply.body.code]).toEqual([503, 'unavailable'])
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    // Nothing of what is wrong behind the door is told.
    expect(reply.text).not.toMatch(/postgres|database|socket|gateway_app|relation/i)
  }
}

const recovers = async (): Promise<void> => {
  await vi.waitFor(
    async () => {
      const reply = await enquire(house.as('analyst'), 'sam', 'identity selection-score arrest-disposal')
      expect(reply.status).toBe(200)
      expect(await entryOf(house.database, reply)).toMatchObject({ effect: 'permit' })
    },
    { timeout: 5_000, interval: 100 },
  )
  expect((await everything()).map((reply) => reply.status)).toEqual([200, 200, 403, 404, 200, 200, 201, 400, 401])
}

const disconnectAll = () => admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])

/** Changes a setting of the database until the work is done; every connection is made anew both times. */
const withDatabase = async (broken: string, mended: string, work: () => Promise<void>): Promise<void> => {
  await admin.query(`alter database ${name} ${broken}`)
  await disconnectAll()
  try {
    await work()
  } finally {
    await admin.query(`alter database ${name} ${mended}`)
    await disconnectAll()
  }
}

describe('a database', () => {
  it('is up to begin with', recovers)

  it('that takes no connections is 503 with Retry-After for everybody, never 200, and all is well afterwards', async () => {
    await withDatabase('allow_connections false', 'allow_connections true', async () => {
      areUnavailable(await everything())
      expect((await house.send({ method: 'GET', url: '/health/liveness' })).status).toBe(200)
      expect((await house.send({ method: 'GET', url: '/health/readiness' })).status).toBe(503)
    })
    await recovers()
    expect((await house.send({ method: 'GET', url: '/health/readiness' })).status).toBe(200)
  })

  it('that has become read-only is 503 too: what cannot be logged is not told', async () => {
    const before = await countEntries(house.database)
    await withDatabase('set default_transaction_read_only = on', 'reset default_transaction_read_only', async () => {
      areUnavailable(await everything())
    })
    expect(await countEntries(house.database)).toBe(before)
    await recovers()
  })

  it('whose role may not connect is 503 too', async () => {
    await admin.query(`revoke connect on database ${name} from public`)
    await disconnectAll()
    try {
      areUnavailable(await everything())
    } finally {
      await admin.query(`grant connect on database ${name} to public`)
    }
    await recovers()
  })

  it('whose connections are cut while requests run answers each of them wholly or not at all', async () => {
    const before = await countEntries(house.database, `p.effect = 'permit' and p.event <> 'intent'`)
    const waves: Promise<readonly Reply[]>[] = []
    for (let place = 0; place < 12; place += 1) {
      waves.push(Promise.all(Array.from({ length: 6 }, () => enquire(house.as('analyst'), 'sam', 'identity selection-score'))))
      await sleep(15)
      if (place % 3 === 2) await disconnectAll()
    }
    const replies = (await Promise.all(waves)).flat()
    expect(replies.every((reply) => reply.status === 200 || reply.status === 503)).toBe(true)
    const answered = replies.filter((reply) => reply.status === 200)
    for (const reply of answered) expect(await entryOf(house.database, reply)).toMatchObject({ effect: 'permit' })
    expect(await countEntries(house.database, `p.effect = 'permit' and p.event <> 'intent'`)).toBeGreaterThanOrEqual(
      before + answered.length,
    )
    await recovers()
  })

  it('that is held up by a lock for too long is 503 for whoever needs it, and no sooner released than it answers', async () => {
    const holder = await house.database.owner.acquire()
    await holder.query('begin')
    // The lock of the policy in force (class 1), which every decision shares.
    await holder.query('select pg_advisory_xact_lock(1, -2128831035)')
    try {
      const begun = performance.now()
      const reply = await enquire(house.as('analyst'), 'sam', 'identity')
      expect([reply.status, Number(reply.headers.get('retry-after'))]).toEqual([503, 1])
      expect(performance.now() - begun).toBeLessThan(3_000)
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    await recovers()
  })
})
