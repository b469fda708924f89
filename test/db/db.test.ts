import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { findAppConnection } from '../../src/db/server/app-role.ts'
import { addStartupOptions, CommitUnknown, connect, withTransaction, type Tx } from '../../src/db/db.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
  await fresh.owner.query({ text: 'create table note (id integer primary key deferrable initially deferred)' })
})
afterAll(() => fresh.drop())

const notes = async () =>
  (await fresh.owner.query<{ id: number }>({ text: 'select note.id from note order by note.id' })).rows.map(({ id }) => id)
const insert = (tx: Tx, id: number) => tx.query({ text: 'insert into note (id) values ($1)', values: [id] })
const caught = async (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )

test('a transaction commits what its function did, or nothing of it', async () => {
  expect(await withTransaction(fresh.owner, async (tx) => (await insert(tx, 1)).rowCount)).toBe(1)
  await expect(
    withTransaction(fresh.owner, async (tx) => {
      await insert(tx, 2)
      throw new Error('on second thoughts')
    }),
  ).rejects.toThrow('on second thoughts')
  expect(await notes()).toEqual([1])
})

test('a failed statement that was passed over is not taken for a commit', async () => {
  const attempt = withTransaction(fresh.owner, async (tx) => {
    await insert(tx, 3)
    await tx.query({ text: 'select 1 / 0' }).catch(() => undefined)
  })
  await expect(attempt).rejects.toThrow('was rolled back')
  expect(await notes()).toEqual([1])
})

test('what is asked at once is answered in turn, each at an instant of its own', async () => {
  const [first, second] = await withTransaction(fresh.owner, (tx) =>
    Promise.all([
      tx.query<{ ended: Date }>({ text: 'select clock_timestamp() as ended from pg_sleep(0.05)' }),
      tx.query<{ began: Date }>({ text: 'select statement_timestamp() as began' }),
    ]),
  )
  expect(second.rows[0]!.began.getTime()).toBeGreaterThanOrEqual(first.rows[0]!.ended.getTime())
})

test('what was asked behind a failure is not done, and is told of that failure', async () => {
  const told = await caught(
    withTransaction(fresh.owner, async (tx) => {
      const before = [insert(tx, 4), tx.query({ text: 'select 1 / 0' })]
      // A statement that is to be prepared behind a failure is not there when it is asked for the second time.
      const named = { name: 'not-asked-before', text: 'select 1' }
      const behind = [insert(tx, 5), tx.query(named), tx.query(named), tx.query({ text: 'select 2' })]
      const asked = await Promise.allSettled([...before, ...behind])
      expect(asked.map(({ status }) => status)).toEqual(['fulfilled', ...Array<string>(5).fill('rejected')])
      const [, failed, ...others] = asked.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : null))
      expect(others).toEqual(others.map(() => failed))
      throw failed
    }),
  )
  expect(told).toMatchObject({ code: '22012' })
  expect(await notes()).toEqual([1])
})

test.each([
  [{ plansOnce: true }, 'asPool', { once: 3, anew: 0 }],
  [{ plansOnce: true }, 'eachTime', { once: 0, anew: 3 }],
  [{}, 'asPool', { once: 0, anew: 3 }],
] as const)('a pool of %j plans a named statement of a transaction planned %s as it says', async (options, planned, plans) => {
  const db = connect({ connection: fresh.ownerConnection, ...options })
  const named = { name: 'by-ids', text: 'select note.id from note where note.id = any($1::integer[])', values: [[1]] }
  const kept = await withTransaction(
    db,
    async (tx) => {
      for (let asked = 0; asked < 3; asked += 1) await tx.query(named)
      const text = `select p.generic_plans as once, p.custom_plans as anew from pg_prepared_statements p where p.name = 'by-ids'`
      return (await tx.query({ text })).rows
    },
    planned,
  )
  expect(kept).toEqual([plans])
  await db.end()
})

test('an error at commit is known to have rolled back, and is no fault of the database', async () => {
  const error = await caught(withTransaction(fresh.owner, (tx) => insert(tx, 1)))
  expect(error).toBeInstanceOf(pg.DatabaseError)
  expect(error).toMatchObject({ code: '23505' })
})

test('a connection lost before the answer to COMMIT leaves an unknown commit', async () => {
  // Waits inside COMMIT, so that the session can be ended there.
  await fresh.owner.query({
    text: `create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(3); return null; end'`,
  })
  await fresh.owner.query({ text: 'create table slow (id integer)' })
  await fresh.owner.query({
    text: 'create constraint trigger slow_commit after insert on slow deferrable initially deferred for each row execute function dawdle()',
  })
  const attempt = caught(withTransaction(fresh.owner, (tx) => tx.query({ text: 'insert into slow (id) values (1)' })))
  const end = `select pg_terminate_backend(pid) as ended from pg_stat_activity where datname = current_database() and lower(query) = 'commit' and state = 'active'`
  for (let ended = 0; ended === 0;) ended = (await fresh.owner.query({ text: end })).rowCount
  const error = await attempt
  expect(error).toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 })
  expect((error as Fault).cause).toBeInstanceOf(CommitUnknown)
})

test('a transaction handed out of its function is dead', async () => {
  const leaked = await withTransaction(fresh.owner, async (tx) => tx)
  await expect(leaked.query({ text: 'select 1' })).rejects.toThrow('This transaction is over')
})

test.each([
  ['a lock that is held', { lockTimeoutMillis: 50 }, 'select note.id from note for update', 1],
  ['a statement that takes too long', { statementTimeoutMillis: 50 }, 'select pg_sleep(5)', 2],
])('%s is a fault to be tried again', async (_, limits, text, seconds) => {
  const db = connect({ connection: fresh.ownerConnection, ...limits })
  await withTransaction(fresh.owner, async (tx) => {
    await tx.query({ text: 'select note.id from note for update' })
    const error = await caught(db.query({ text }))
    expect(error).toBeInstanceOf(Fault)
    expect(error).toMatchObject({ code: 'unavailable', retryAfterSeconds: seconds })
  })
  await db.end()
})

test('writing where only reading is possible is a fault to be tried again', async () => {
  const db = connect({ connection: addStartupOptions(fresh.ownerConnection, '-c default_transaction_read_only=on') })
  expect(await caught(withTransaction(db, (tx) => insert(tx, 9)))).toMatchObject({ code: 'unavailable' })
  await db.end()
})

test('an exhausted pool refuses within its time, at once when too many wait already, and recovers', async () => {
  const db = connect({ connection: fresh.ownerConnection, max: 1, maxWaiting: 1 })
  const held = await db.acquire()
  const began = Date.now()
  const waiting = caught(db.query({ text: 'select 1' }))
  expect(await caught(db.query({ text: 'select 1' }))).toMatchObject({ code: 'unavailable' })
  expect(Date.now() - began).toBeLessThan(1_000)
  expect(await waiting).toMatchObject({ code: 'unavailable' })
  expect(Date.now() - began).toBeLessThan(4_000)
  held.release()
  expect((await db.query({ text: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
  await db.end()
})

test('what a request got wrong stays what PostgreSQL called it', async () => {
  expect(await caught(fresh.owner.query({ text: 'select nonsense' }))).toMatchObject({ code: '42703' })
  expect((await fresh.owner.query({ text: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
})

test('numbers, days and instants arrive without loss', async () => {
  const text = `select 9007199254740991::bigint as n, '2026-03-29'::date as day, '2026-03-29T01:30:00Z'::timestamptz as at,
    '-infinity'::timestamptz as first, 'infinity'::timestamptz as last`
  const { rows } = await fresh.db.query({ text })
  expect(rows[0]).toEqual({
    n: 9_007_199_254_740_991,
    day: '2026-03-29',
    at: new Date('2026-03-29T01:30:00Z'),
    first: new Date(-8.64e15),
    last: new Date(8.64e15),
  })
  await expect(fresh.db.query({ text: 'select 9007199254740993::bigint as n' })).rejects.toThrow(RangeError)
})

test('a database given by URL is worked on as gateway_app, whatever options the URL carries', async () => {
  const { host, user, password, database, port } = fresh.ownerConnection
  const login = `${user ?? ''}${typeof password === 'string' ? `:${encodeURIComponent(password)}` : ''}`
  const options = encodeURIComponent('-c application_name=mine')
  const connectionString = `postgres://${login}@${encodeURIComponent(host ?? '')}:${String(port)}/${database ?? ''}?options=${options}`
  const db = connect({ connection: await findAppConnection({ connectionString }) })
  const { rows } = await db.query({
    text: `select current_user::text as user, current_setting('lock_timeout') as wait, current_setting('transaction_isolation') as isolation`,
  })
  expect(rows).toEqual([{ user: 'gateway_app', wait: '1s', isolation: 'read committed' }])
  await db.end()
})

test('a user who may not become gateway_app is told which grant is missing', async () => {
  const name = `stranger_${String(process.pid)}`
  await fresh.owner.query({ text: `create role ${name} login password 'x'` })
  try {
    const stranger = { ...fresh.ownerConnection, user: name, password: 'x' }
    await expect(findAppConnection(stranger)).rejects.toThrow(`grant gateway_app to "${name}"`)
    expect(await findAppConnection(stranger, fresh.ownerConnection)).toMatchObject({ user: name, options: '-c role=gateway_app' })
  } finally {
    await fresh.owner.query({ text: `drop role ${name}` })
  }
})
