import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchJwks } from '../../src/fetch-jwks.ts'
import { fillSandbox, type RunningSandbox } from '../../src/fill-sandbox.ts'
import { shipPolicy } from '../../src/gateway/policies/ship-policy.ts'
import { makeLog } from '../../src/http/request-log.ts'
import { createServer, type Tls } from '../../src/http/server.ts'
import { readRecordKey, readSigningKey, staffKeyFrom } from '../../src/keys.ts'
import { getPersona } from '../../src/sandbox/personas.ts'
import type { Misbehaviour } from '../../src/sandbox/systems/agency-system.ts'
import { mintSystemToken, mintToken } from '../../src/sandbox/tokens.ts'
import { makeSealer } from '../../src/sources/hosted.ts'
import { httpSource } from '../../src/sources/http.ts'
import { type Gateway, type GatewayOptions, makeGateway } from '../../src/wiring.ts'
import { freshDatabase, type FreshDatabase } from './database.ts'
import { policyDirectory, shipped } from './facts.ts'
import { ask, type Asker, type Reply, type Sent } from './ask.ts'

export const audience = 'urn:offender-information-gateway:test'

export interface Instance {
  readonly url: string
  readonly gateway: Gateway
  readonly server: Server
  /** Lines the gateway wrote for its operators. */
  readonly log: readonly string[]
  as(persona: string): Asker
  /** A system of an agency, without a person. */
  asSystem(clientId: string): Asker
  /** Any request as it is; what `as` builds on. */
  send(sent: Sent): Promise<Reply>
  close(): Promise<void>
}

export interface TestGateway extends Instance {
  readonly database: FreshDatabase
  readonly sandbox: RunningSandbox
  readonly dataDir: string
  /** A further instance on the same database, keys and agency systems. */
  another(more?: InstanceOptions): Promise<Instance>
  /** The agency's own system behaves like this from the next question on; null: as it should. */
  misbehave(agencyId: string, how: Misbehaviour | null): void
  /** How often the agency's own system has given a record so far. */
  answered(agencyId: string): number
}

export interface InstanceOptions extends Partial<
  Pick<GatewayOptions, 'searchLimit' | 'packageLimit' | 'now' | 'doors' | 'bearerAllowed' | 'sealing' | 'signingKey'>
> {
  readonly tls?: Tls
  /** For all that an agency's own system may take; shorter than shipped, so that a test of one that hangs need not wait. */
  readonly sourceTimeoutMs?: number
}

/**
 * The shipped gateway on a database of its own, filled with the sandbox's people and agreements, with the agencies' systems and
 * issuers as real servers. Call it in `beforeAll` and `close` it in `afterAll`.
 */
export const openGateway = async (options: InstanceOptions = {}): Promise<TestGateway> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-journey-'))
  const database = await freshDatabase()
  const sealer = makeSealer({ current: readRecordKey(sandboxConfig(dataDir)), older: [] })
  await shipPolicy(database.db, shipped)
  const sandbox = await fillSandbox(database.db, { config: sandboxConfig(dataDir), sealer })
  const open = (more: InstanceOptions): Promise<Instance> => openInstance({ dataDir, database, sandbox, sealer }, { ...options, ...more })
  const first = await open({})
  const others: Instance[] = []
  const systemOf = (agencyId: string) => sandbox.systems.find((system) => system.agencyId === agencyId)!
  return {
    ...first,
    database,
    sandbox,
    dataDir,
    another: async (more = {}) => {
      const instance = await open(more)
      others.push(instance)
      return instance
    },
    misbehave: (agencyId, how) => systemOf(agencyId).misbehave(how),
    answered: (agencyId) => systemOf(agencyId).answered(),
    close: async () => {
      for (const instance of [...others, first]) await instance.close()
      await sandbox.close()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const sandboxConfig = (dataDir: string) => ({
  mode: 'sandbox' as const,
  dataDir,
  policiesDir: policyDirectory,
  keys: { signingFile: null, recordFile: null },
})

interface Shared {
  readonly dataDir: string
  readonly database: FreshDatabase
  readonly sandbox: RunningSandbox
  readonly sealer: ReturnType<typeof makeSealer>
}

const openInstance = async (shared: Shared, options: InstanceOptions): Promise<Instance> => {
  const { tls, sourceTimeoutMs, doors, ...rest } = options
  const log: string[] = []
  const gateway = await makeGateway({
    database: { connection: shared.database.appConnection },
    audience,
    bearerAllowed: true,
    signingKey: readSigningKey(sandboxConfig(shared.dataDir)),
    sealer: shared.sealer,
    staffKey: staffKeyFrom(readRecordKey(sandboxConfig(shared.dataDir))),
    sources: sourcesOf(shared.sandbox, sourceTimeoutMs),
    partnershipId: 'ridings-partnership',
    fetchJwks,
    log: makeLog('info', { write: (line: string) => void log.push(line) }),
    searchLimit: { most: 10_000, windowSeconds: 60 },
    packageLimit: { most: 10_000, windowSeconds: 3600 },
    doors: { requestsPerWindow: 100_000, ...doors },
    ...rest,
  })
  const server = createServer(gateway.app, tls ?? null)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`
  let open = true
  const close = async (): Promise<void> => {
    if (!open) return
    open = false
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
    await gateway.close()
  }
  return { url, gateway, server, log, close, ...askersAt(url, shared.dataDir) }
}

const sourcesOf = ({ descriptions }: RunningSandbox, timeoutMs: number | undefined) => {
  const categories = new Map(shipped.bundle.categories.map((category) => [category.id, category]))
  return descriptions.map((description) =>
    httpSource(timeoutMs === undefined ? description : { ...description, timeoutMs }, {
      readSecret: (file) => readFileSync(file, 'utf8').trim(),
      categoryOf: (id) => categories.get(id),
    }),
  )
}

const askersAt = (url: string, dataDir: string): Pick<Instance, 'as' | 'asSystem' | 'send'> => {
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (name: string, mint: () => Promise<string>): Promise<string> => {
    const token = tokens.get(name) ?? mint()
    tokens.set(name, token)
    return token
  }
  const asker = (token: () => Promise<string>): Asker => {
    const send = async (sent: Omit<Sent, 'url'> & { path: string }): Promise<Reply> =>
      ask({ ...sent, url: url + sent.path, headers: { authorization: `Bearer ${await token()}`, ...sent.headers } })
    return {
      get: (path, headers) => send({ method: 'GET', path, headers }),
      delete: (path, headers) => send({ method: 'DELETE', path, headers }),
      post: (path, body, headers) => send({ method: 'POST', path, body, headers }),
      put: (path, body, headers) => send({ method: 'PUT', path, body, headers }),
    }
  }
  return {
    as: (persona) => asker(() => tokenOf(persona, () => mintToken({ dataDir, persona: getPersona(persona).name, audience }))),
    asSystem: (clientId) => asker(() => tokenOf(`system ${clientId}`, () => mintSystemToken({ dataDir, clientId, audience }))),
    send: (sent) => ask({ ...sent, url: sent.url.startsWith('/') ? url + sent.url : sent.url }),
  }
}
