import { readdirSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type pg from 'pg'
import { parse } from 'yaml'
import type { Config } from './config.ts'
import { findAppConnection } from './db/server/app-role.ts'
import { connect, type Database } from './db/db.ts'
import { startPostgres } from './db/server/embedded.ts'
import { migrate } from './db/server/migrate.ts'
import { readPolicyFiles } from './gateway/policies/policy-files.ts'
import { shipPolicy } from './gateway/policies/ship-policy.ts'
import { metricsServer } from './http/routes/metrics.ts'
import { admitKey } from './gateway/log/keys/admit-key.ts'
import { makeCurrentKey } from './gateway/log/keys/current-key.ts'
import { createServer } from './http/server.ts'
import type { DoorOptions } from './http/uses.ts'
import { readWitnesses } from './evidence.ts'
import { fetchJwks } from './fetch-jwks.ts'
import { prepareJobs } from './jobs/boss.ts'
import { requireNoRestore } from './jobs/high-water.ts'
import { startTimers } from './jobs/start-timers.ts'
import { highWaterOf, readRecordKey, readSigningKey, staffKeyFrom } from './keys.ts'
import { fillSandbox, type RunningSandbox } from './fill-sandbox.ts'
import { parseSourceDescription, type SourceDescription } from './sources/description.ts'
import { makeSealer } from './sources/hosted.ts'
import { httpSource } from './sources/http.ts'
import { httpMoves } from './sources/moves/http-moves.ts'
import type { MoveRegister } from './sources/moves/move-register.ts'
import { type Gateway, makeGateway } from './wiring.ts'

/** A running gateway with all that was started for it. */
export interface House {
  readonly gateway: Gateway
  readonly url: string
  readonly sandbox: RunningSandbox | null
  /** One sentence about the database: which, and where its data is. */
  readonly databaseSays: string
  /**
   * Reads the key's file again and signs with what it holds from now on; gives its id.
   * @throws Error when the file holds no key that may sign this log: then nothing changes
   */
  takeOverKey(): Promise<string>
  /** Stops taking requests, lets those under way end, then closes everything in turn. */
  close(): Promise<void>
}

export interface OpenOptions {
  readonly config: Config
  readonly log: Logger
  readonly doors?: Partial<DoorOptions>
}

/** Starts everything in the order in which it is needed; what was started is stopped again when a later step fails. */
export const openHouse = async ({ config, log, doors }: OpenOptions): Promise<House> => {
  const closers: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const postgres = await openDatabase(config, log)
    closers.push(postgres.stop)
    const setUp = connect({ connection: postgres.app, max: 2 })
    const shipped = readPolicyFiles(config.policiesDir)
    const signingKey = makeCurrentKey(readSigningKey(config))
    const highWater = highWaterOf(config, signingKey)
    const recordKey = readRecordKey(config)
    const sealer = makeSealer({ current: recordKey, older: [] })
    const sandbox = await withDatabase(setUp, async () => {
      // Before anything is written into it: an older log must not grow as if nothing had happened.
      await requireNoRestore(setUp, highWater)
      await shipPolicy(setUp, shipped)
      return config.mode === 'sandbox' ? fillSandbox(setUp, { config, sealer }) : null
    })
    if (sandbox !== null) closers.push(() => sandbox.close())
    const categories = new Map(shipped.bundle.categories.map((category) => [category.id, category]))
    const readSecret = (file: string): string => readFileSync(file, 'utf8').trim()
    const descriptions = sandbox?.descriptions ?? readDescriptions(config.sourcesDir)
    const describe = (description: SourceDescription) => httpSource(description, { readSecret, categoryOf: (id) => categories.get(id) })
    const gateway = await makeGateway({
      database: { connection: postgres.app, log: (message) => log.warn(message) },
      audience: config.identity.audience,
      bearerAllowed: config.mode === 'sandbox',
      signingKey,
      sealer,
      staffKey: staffKeyFrom(recordKey),
      sources: descriptions.map(describe),
      partnershipId: config.partnershipId,
      fetchJwks,
      sealing: { origin: config.logOrigin, highWaterFile: highWater.file, ...readWitnesses(config.witnessesFile) },
      log,
      doors: { publicUrl: config.http.publicUrl, ...doors },
    })
    closers.push(() => gateway.close())
    const timers = await startTimers({
      ...{ connection: postgres.app, partnershipId: config.partnershipId, signingKey },
      ...{ sealer, staffKey: staffKeyFrom(recordKey) },
      moves: findMoves(descriptions, readSecret),
      tell: (level, message, about) => log[level](about, message),
    })
    closers.push(() => timers.stop())
    const server = createServer(gateway.app, readTls(config))
    const url = await listen(server, config)
    closers.push(() => stopListening(server))
    if (config.http.metricsPort !== null) {
      const metrics = metricsServer(gateway.metrics)
      await listenOn(metrics, config.http.metricsPort, config.http.host)
      closers.push(() => stopListening(metrics))
    }
    const takeOverKey = async (): Promise<string> => {
      const key = readSigningKey(config)
      await admitKey(gateway.database, { origin: config.logOrigin, key })
      signingKey.replace(key)
      return key.kid
    }
    return { gateway, url, sandbox, databaseSays: postgres.says, takeOverKey, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

const withDatabase = async <Result>(database: Database, use: () => Promise<Result>): Promise<Result> => {
  try {
    return await use()
  } finally {
    await database.end()
  }
}

interface OpenedDatabase {
  readonly app: pg.PoolConfig
  readonly says: string
  readonly stop: () => Promise<void>
}

const openDatabase = async (config: Config, log: Logger): Promise<OpenedDatabase> => {
  const tell = (message: string): void => log.info(message)
  if (config.database.url !== null) {
    const given = { connectionString: config.database.url }
    const owner = { connectionString: config.database.ownerUrl ?? config.database.url }
    await migrate({ connection: owner, log: tell })
    await prepareJobs(owner, { onError: (message, cause) => log.warn({ err: cause }, message) })
    const app = await findAppConnection(given, owner)
    return { app, says: 'the PostgreSQL that DATABASE_URL names', stop: () => Promise.resolve() }
  }
  const postgres = await startPostgres({ dataDir: config.dataDir, log: tell })
  try {
    await migrate({ connection: postgres.ownerConnection, log: tell })
    await prepareJobs(postgres.ownerConnection, { onError: (message, cause) => log.warn({ err: cause }, message) })
  } catch (cause) {
    await postgres.stop()
    throw cause
  }
  const as = postgres.runsAs === null ? '' : `, as user ${postgres.runsAs}`
  return {
    app: postgres.appConnection,
    says: `PostgreSQL ${postgres.version} with its data in ${postgres.home}${as}`,
    stop: () => postgres.stop(),
  }
}

const readDescriptions = (directory: string | null): readonly SourceDescription[] =>
  directory === null
    ? []
    : readdirSync(directory)
        .filter((name) => name.endsWith('.yaml'))
        .sort()
        .map((name) => parseSourceDescription(parse(readFileSync(join(directory, name), 'utf8')), name))

/** The one system that is the record of strands: of two, nobody could say which is right. */
const findMoves = (descriptions: readonly SourceDescription[], readSecret: (file: string) => string): MoveRegister | null => {
  const found = descriptions.map((description) => httpMoves(description, { readSecret })).filter((moves) => moves !== null)
  if (found.length > 1)
    throw new Error(`Only one system is the record of strands; ${found.map((one) => one.agencyId).join(' and ')} are described as one.`)
  return found[0] ?? null
}

const readTls = (config: Config) =>
  config.http.tls === null ? null : { key: readFileSync(config.http.tls.keyFile), cert: readFileSync(config.http.tls.certFile) }

const PORTS_TRIED = 20

/** The default port, or the next free one when nobody asked for it by name. */
const listen = async (server: Server, config: Config): Promise<string> => {
  const { host, port, portWasSet } = config.http
  const scheme = config.http.tls === null ? 'http' : 'https'
  for (let candidate = port; ; candidate += 1) {
    try {
      const taken = await listenOn(server, candidate, host)
      return `${scheme}://${host}:${taken}`
    } catch (cause) {
      const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!inUse) throw cause
      if (portWasSet)
        throw new Error(`Port ${port} is in use. Set PORT to another one, or leave it unset to take the next free one.`, { cause })
      if (candidate >= port + PORTS_TRIED) throw cause
    }
  }
}

const listenOn = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

/** No new requests; those under way end by themselves, idle connections are closed. */
const stopListening = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 8_000).unref()
  })
