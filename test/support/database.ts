import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { connect, type Database } from '../../src/db/db.ts'

export interface FreshDatabase {
  /** As `gateway_app`, as the gateway works. */
  readonly db: Database
  /** As a superuser, for what the gateway itself may not do. */
  readonly owner: Database
  readonly appConnection: pg.PoolConfig
  readonly ownerConnection: pg.PoolConfig
  drop(): Promise<void>
}

/** A migrated, empty database of one's own: call it in `beforeAll` and `drop` it in `afterAll`. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('postgres')
  const database = `${server.prefix}_${randomBytes(6).toString('hex')}`
  await administer(`create database ${database} template ${server.template}`)
  const appConnection = { ...server.app, database }
  const ownerConnection = { ...server.owner, database }
  const db = connect({ connection: appConnection, max: 20 })
  const owner = connect({ connection: ownerConnection, max: 4 })
  return {
    db,
    owner,
    appConnection,
    ownerConnection,
    drop: async () => {
      await Promise.all([db.end(), owner.end()])
      await administer(`drop database if exists ${database} with (force)`)
    },
  }
}

/** How DATABASE_URL names that database. */
export const urlOf = ({ host, port, user, password, database }: pg.PoolConfig): string => {
  const secret = typeof password === 'string' ? `:${encodeURIComponent(password)}` : ''
  const place = `host=${encodeURIComponent(String(host))}&port=${String(port)}`
  return `postgres://${String(user)}${secret}@localhost/${String(database)}?${place}`
}

/** A database without a single table. */
export async function emptyDatabase(): Promise<{ readonly ownerConnection: pg.PoolConfig; drop(): Promise<void> }> {
  const server = inject('postgres')
  const database = `${server.prefix}_${randomBytes(6).toString('hex')}`
  await administer(`create database ${database}`)
  return {
    ownerConnection: { ...server.owner, database },
    drop: () => administer(`drop database if exists ${database} with (force)`),
  }
}

async function administer(text: string): Promise<void> {
  const client = new pg.Client(inject('postgres').owner)
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
