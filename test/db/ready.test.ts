import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Db } from '../../src/db/db.ts'
import { listMigrations } from '../../src/db/server/migrate.ts'
import { checkDurability } from '../../src/db/server/ready.ts'
import { emptyDatabase, freshDatabase, type FreshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
const migrations = listMigrations()
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.drop())

test('a migrated database on a durable server is ready for the application', async () => {
  expect(await checkDurability(fresh.db, migrations)).toEqual({ ready: true, problems: [] })
})

test('synchronous_commit off for the role or database is found', async () => {
  const connection = { ...fresh.appConnection, options: `${fresh.appConnection.options ?? ''} -c synchronous_commit=off` }
  const db = connect({ connection })
  const { ready, problems } = await checkDurability(db, migrations)
  await db.end()
  expect(ready).toBe(false)
  expect(problems).toEqual([expect.stringContaining('synchronous_commit off')])
})

test('working as a role that may change the evidence is found', async () => {
  expect((await checkDurability(fresh.owner, migrations)).problems).toEqual([expect.stringContaining('must work as gateway_app')])
})

/** The real answer with one setting changed: the server of the tests itself always runs with these on. */
const telling = (change: Readonly<Record<string, unknown>>): Db => ({
  query: async (query) => {
    const reply = await fresh.db.query<never>(query)
    const rows = reply.rows.map((row: object) => ('fsync' in row ? { ...row, ...change } : row) as never)
    return { ...reply, rows }
  },
})

test.each([
  [{ fsync: 'off' }, 'fsync off'],
  [{ fullPageWrites: 'off' }, 'full_page_writes off'],
  [{ synchronousCommit: 'local' }, 'synchronous_commit local'],
  [{ synchronousCommit: 'remote_write' }, 'synchronous_commit remote_write'],
  [{ version: 140_012 }, 'older than version 15'],
  [{ standby: true }, 'standby'],
])('a server with %o is not ready', async (change, problem) => {
  expect(await checkDurability(telling(change), migrations)).toEqual({ ready: false, problems: [expect.stringContaining(problem)] })
})

test('a missing, an edited and an unknown migration are each named', async () => {
  const [first, ...rest] = migrations
  if (first === undefined) throw new Error('There are no migrations.')
  const expected = [{ ...first, sha256: '0'.repeat(64) }, ...rest.slice(0, -1), { name: '9999-later', sha256: '' }]
  const { ready, problems } = await checkDurability(fresh.db, expected)
  expect(ready).toBe(false)
  expect(problems).toEqual([
    'The migration 9999-later has not run.',
    `The migration ${first.name} ran in another form.`,
    `The database holds the migration ${rest.at(-1)?.name ?? ''} of a newer gateway.`,
  ])
})

test('an empty database and one that does not answer are problems, not errors', async () => {
  const { ownerConnection, drop } = await emptyDatabase()
  const empty = connect({ connection: ownerConnection })
  expect((await checkDurability(empty, migrations)).problems).toEqual(['The database has not been migrated.'])
  await empty.end()
  await drop()
  const gone = connect({ connection: { host: '/nowhere', user: 'gateway_app' } })
  expect(await checkDurability(gone, migrations)).toEqual({ ready: false, problems: ['The database cannot answer at the moment.'] })
  await gone.end()
})
