import pg from 'pg'
import { addStartupOptions } from '../db.ts'

const role = 'gateway_app'

/**
 * The connection that the gateway works with on a database given by URL: always as `gateway_app`, which may only add to the evidence.
 * Needs the migrations to have run, since they make the role.
 * @param owner a connection that may grant the role, when the gateway's own user lacks it
 * @throws Error with the statement to run when the user may not become `gateway_app`
 */
export async function findAppConnection(connection: pg.PoolConfig, owner: pg.PoolConfig = connection): Promise<pg.PoolConfig> {
  const user = await ask(connection, `select current_user::text as answer`)
  if (user === role) return connection
  const asApp = addStartupOptions(connection, `-c role=${role}`)
  if (await mayConnect(asApp)) return asApp
  // From PostgreSQL 16 on, whoever makes a role may grant it but is not yet one who may become it.
  await ask(owner, `grant ${role} to ${pg.escapeIdentifier(user)}`).catch(() => undefined)
  if (await mayConnect(asApp)) return asApp
  throw new Error(
    `The database user ${user} may not become ${role}. As the owner of the database, run: grant ${role} to ${pg.escapeIdentifier(user)}`,
  )
}

async function ask(connection: pg.PoolConfig, text: string): Promise<string> {
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ answer?: string }>(text)
    return rows[0]?.answer ?? ''
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The server refuses the connection itself when the role may not be taken; another failure is told as it is. */
async function mayConnect(connection: pg.PoolConfig): Promise<boolean> {
  try {
    return (await ask(connection, `select current_user::text as answer`)) === role
  } catch (error) {
    if (error instanceof pg.DatabaseError && ['42501', '22023', '42704'].includes(error.code ?? '')) return false
    throw error
  }
}
