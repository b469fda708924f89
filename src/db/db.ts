import type { Writable } from 'node:stream'
import pg from 'pg'
import { CommitUnknown, toFault } from './postgres/errors.ts'

export { CommitUnknown } from './postgres/errors.ts'

/** One statement; a name makes it a prepared statement of its connection. */
export interface Query {
  readonly name?: string
  readonly text: string
  readonly values?: readonly unknown[]
}

export interface Rows<Row> {
  readonly rows: Row[]
  /** Rows touched or returned. */
  readonly rowCount: number
}

/** Anything that answers a query: the pool, each query then a transaction of its own, or an open transaction. */
export interface Db {
  /** @throws Fault `unavailable` when the database cannot answer now; whatever else PostgreSQL refuses is thrown as it came */
  query<Row>(query: Query): Promise<Rows<Row>>
}

/** An open transaction; unusable once its function has returned. */
export interface Tx extends Db {
  readonly inTransaction: true
}

/** The pool of connections of one role. */
export interface Database extends Db {
  /** A connection of one's own, which must be released; use `withTransaction` instead wherever it suffices. */
  acquire(): Promise<pg.PoolClient>
  /** What the operations door tells: connections open, idle, and requests waiting for one. */
  load(): { readonly total: number; readonly idle: number; readonly waiting: number }
  end(): Promise<void>
}

export interface ConnectOptions {
  readonly connection: pg.PoolConfig
  readonly max?: number
  /** How many may wait for a connection before the next is refused at once. */
  readonly maxWaiting?: number
  readonly lockTimeoutMillis?: number
  readonly statementTimeoutMillis?: number
  readonly idleInTransactionMillis?: number
  readonly applicationName?: string
  /**
   * No plan looks at the values, so a named statement is planned once. What a release asks is found by its keys, however many of them
   * there are, and to plan it again for each would cost more than to run it.
   */
  readonly plansOnce?: boolean
  /** Told of connections that broke while idle, as they do when the server restarts. */
  readonly log?: (message: string) => void
}

/** Instants that PostgreSQL calls infinite become the first and last instants of `Date`, so that they still compare. */
const endOfTimeMillis = 8.64e15

function parseTypes(): pg.CustomTypesConfig {
  const parseInstant = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => unknown
  const parsers: Readonly<Record<number, (text: string) => unknown>> = {
    [pg.types.builtins.INT8]: parseSafeInteger,
    // A calendar day has no zone: `YYYY-MM-DD` as it stands.
    [pg.types.builtins.DATE]: (text) => text,
    [pg.types.builtins.TIMESTAMPTZ]: (text) =>
      text === 'infinity' ? new Date(endOfTimeMillis) : text === '-infinity' ? new Date(-endOfTimeMillis) : parseInstant(text),
  }
  return {
    getTypeParser: (oid, format) =>
      (format === 'binary' ? undefined : parsers[oid]) ?? (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
  }
}

function parseSafeInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} does not fit a number`)
  return number
}

/** Opens a pool; connections are made when first needed. */
export function connect(options: ConnectOptions): Database {
  const { max = 20, maxWaiting = 1_000, statementTimeoutMillis = 5_000, plansOnce = false, log } = options
  const pool = new pg.Pool({
    ...withSessionSettings(options),
    max,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // What is asked at once goes to the server at once, which answers in that order.
    pipeline: true,
    // The server's own limit comes first, of each of several that were asked at once; this is for a server that does not answer at all.
    query_timeout: 4 * statementTimeoutMillis + 2_000,
    // A plan that is kept was made of what its session knew of the tables.
    ...(plansOnce ? { maxLifetimeSeconds: 600 } : {}),
    application_name: options.applicationName ?? 'gateway',
    types: parseTypes(),
  })
  // Between two queries nobody listens, and an error without a listener ends the process; one may come in the very bytes that
  // complete the connection, so that the next turn of the event loop would be too late to listen.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  pool.on('error', (error) => log?.(`An idle database connection broke: ${error.message}`))
  const acquire = async (): Promise<pg.PoolClient> => {
    if (pool.waitingCount >= maxWaiting) throw toFault(new Error('timeout exceeded when trying to connect'))
    return pool.connect().catch((error: unknown) => {
      throw toFault(error)
    })
  }
  return {
    acquire,
    query: queryWith(acquire),
    load: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    end: () => pool.end(),
  }
}

/** Each query on a connection of its own; one that broke is not given to the next. */
function queryWith(acquire: Database['acquire']): Db['query'] {
  return async <Row>(query: Query) => {
    const client = await acquire()
    let broken = true
    try {
      const result = await run<Row>(client, query)
      broken = false
      return result
    } catch (error) {
      broken = !(error instanceof pg.DatabaseError) || error.severity !== 'ERROR'
      throw toFault(error)
    } finally {
      client.release(broken)
    }
  }
}

function withSessionSettings(options: ConnectOptions): pg.PoolConfig {
  const {
    connection,
    plansOnce = false,
    lockTimeoutMillis = 1_000,
    statementTimeoutMillis = 5_000,
    idleInTransactionMillis = 10_000,
  } = options
  const settings = {
    statement_timeout: statementTimeoutMillis,
    lock_timeout: lockTimeoutMillis,
    idle_in_transaction_session_timeout: idleInTransactionMillis,
    // The release commit reads again after its locks (design section 4), which only this level does.
    default_transaction_isolation: 'read\\ committed',
    timezone: 'UTC',
    plan_cache_mode: plansOnce ? 'force_generic_plan' : 'auto',
  }
  const added = Object.entries(settings).map(([name, value]) => `-c ${name}=${String(value)}`)
  return addStartupOptions(connection, added.join(' '))
}

/** Adds to the options sent at connection; those in a URL would otherwise win over those beside it. */
export function addStartupOptions(connection: pg.PoolConfig, added: string): pg.PoolConfig {
  const join = (former: string | null | undefined): string => [added, former].filter(Boolean).join(' ')
  if (connection.connectionString === undefined) return { ...connection, options: join(connection.options) }
  const url = new URL(connection.connectionString)
  const options = join([url.searchParams.get('options'), connection.options].filter(Boolean).join(' '))
  url.searchParams.delete('options')
  return { ...connection, connectionString: url.href.replace(/\?$/, ''), options }
}

async function run<Row>(client: pg.ClientBase, { name, text, values }: Query): Promise<Rows<Row>> {
  const { rows, rowCount } = await client.query({ name, text, values: values as unknown[] | undefined })
  return { rows: rows as Row[], rowCount: rowCount ?? 0 }
}

/** What searches by criteria of many kinds is planned for the ones given, whatever the pool does. */
const begins = { asPool: 'begin', eachTime: 'begin; set local plan_cache_mode = auto' } as const

/**
 * Runs `work` in one transaction and commits it durably before returning.
 * @throws Fault `unavailable`, whose cause is `CommitUnknown` when nobody can tell whether it was committed
 */
export async function withTransaction<Result>(
  db: Database,
  work: (tx: Tx) => Promise<Result>,
  planned: keyof typeof begins = 'asPool',
): Promise<Result> {
  const client = await db.acquire()
  let open = true
  let broken = true
  let failed: unknown = null
  let breath = (): void => undefined
  const tx: Tx = {
    inTransaction: true,
    // Statements asked at once run one after the other, each with a clock and a snapshot of its own turn.
    query: async <Row>(query: Query): Promise<Rows<Row>> => {
      if (!open) throw new Error('This transaction is over.')
      breath()
      try {
        return await run<Row>(client, query)
      } catch (error) {
        // Whatever followed a failure was not done either, and it is the failure that says why.
        if (failed === null || !isPassedOver(error)) failed = error
        throw toFault(failed)
      }
    },
  }
  try {
    breath = holdBack(client)
    await client.query(begins[planned])
    const result = await work(tx)
    open = false
    await commit(client)
    broken = false
    return result
  } catch (error) {
    open = false
    if (!(error instanceof CommitUnknown)) broken = !(await rollback(client))
    throw toFault(error)
  } finally {
    client.release(broken)
  }
}

/** What is asked from now until all that runs now has asked goes to the server in one piece; each piece costs both sides a wake-up. */
function holdBack(client: pg.ClientBase): () => void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection
  let held = false
  return () => {
    if (held) return
    held = true
    stream.cork()
    // Once more round, because `together` asks with the next tick.
    process.nextTick(() =>
      process.nextTick(() => {
        held = false
        stream.uncork()
      }),
    )
  }
}

/** Behind a failure nothing is tried (SQLSTATE in_failed_sql_transaction), nor what was to be prepared there found (26000). */
const isPassedOver = (error: unknown): boolean => error instanceof pg.DatabaseError && ['25P02', '26000'].includes(error.code ?? '')

async function commit(client: pg.ClientBase): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => {
    // An ERROR at commit rolled back. Anything worse, or silence, may have come after the commit was on disk.
    if (error instanceof pg.DatabaseError && error.severity === 'ERROR') throw error
    throw new CommitUnknown(error)
  })
  // A statement failed and `work` did not say so: PostgreSQL answers such a COMMIT with ROLLBACK and no error.
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a failed statement was passed over.')
}

async function rollback(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('rollback')
    return true
  } catch {
    return false
  }
}
