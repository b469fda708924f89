import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Caller } from './core/caller.ts'
import { Fault } from './core/fault.ts'
import { connect, type ConnectOptions, type Database } from './db/db.ts'
import { readFacts } from './db/facts.ts'
import { listMigrations } from './db/server/migrate.ts'
import { checkDurability } from './db/server/ready.ts'
import { makeConsoleStores } from './db/console/console-stores.ts'
import { forgetEndedSessions } from './db/console/sessions.ts'
import { findClient, findIssuer } from './db/registry/registry.ts'
import { forgetExpired, makeRememberProof } from './db/doors/replay.ts'
import { countSearch } from './db/doors/search-quota.ts'
import { makeCommitChange } from './gateway/commit/commit-change.ts'
import { makePackageDoor, type PackageDoor } from './gateway/disclosure/package/package-door.ts'
import type { EnquireUses } from './gateway/enquiry/enquire.ts'
import { logRefusedRequest } from './gateway/log/log-refused-request.ts'
import { newId } from './gateway/new-id.ts'
import { admitKey, keyProblems } from './gateway/log/keys/admit-key.ts'
import { makeStrangers } from './gateway/log/log-strangers.ts'
import { noteNotDelivered } from './gateway/log/note-not-delivered.ts'
import { openLogWriter } from './gateway/commit/log-writer.ts'
import { reasonWords } from './gateway/policies/reason-words.ts'
import { ruleList } from './gateway/policies/rule-list.ts'
import { makePolicyShelf } from './gateway/policies/policy-shelf.ts'
import { makeReleaseCommit } from './gateway/commit/release-commit.ts'
import { makeStandings } from './gateway/standings.ts'
import { makeApp } from './http/app.ts'
import { loadContract } from './http/contract.ts'
import { makeMetrics } from './http/routes/metrics.ts'
import type { DoorOptions } from './http/uses.ts'
import { makeAuthenticate } from './identity/authenticate.ts'
import { certificateThumbprint, checkPublicJwk } from './identity/key-check.ts'
import { challengeFor } from './identity/refusal.ts'
import { defaultSealing, type SealingOptions, startEvidence, witnessesOf } from './evidence.ts'
import { publishedTree } from './gateway/log/checkpoint.ts'
import { makeOperations } from './operations.ts'
import { remembering } from './remembering.ts'
import { openItems, type Sealer } from './sources/hosted.ts'
import type { Source } from './sources/source.ts'

export interface GatewayOptions {
  readonly database: ConnectOptions
  readonly audience: string
  /** True in the sandbox only. */
  readonly bearerAllowed: boolean
  readonly signingKey: { readonly kid: string; readonly privateKey: KeyObject }
  readonly sealer: Sealer
  /** What agencies hash their staff's names and addresses under; it stands in no database. */
  readonly staffKey: Uint8Array
  readonly sources: readonly Source[]
  /** The governance body in whose name the register answers where a person has no lead agency. */
  readonly partnershipId: string
  /** Asks an issuer for its keys; redirects, size and time are its business. */
  readonly fetchJwks: (uri: string) => Promise<{ readonly status: number; readonly body: Uint8Array }>
  readonly log: Logger
  readonly doors?: Partial<DoorOptions>
  readonly sealing?: Partial<SealingOptions>
  readonly searchLimit?: { readonly most: number; readonly windowSeconds: number }
  /** How often one address may try to open sealed packages. */
  readonly packageLimit?: { readonly most: number; readonly windowSeconds: number }
  /** The door's clock; a decision's clock is always the database's. */
  readonly now?: () => Date
}

export interface Gateway {
  readonly app: ReturnType<typeof makeApp>
  readonly metrics: ReturnType<typeof makeMetrics>
  readonly database: Database
  readonly packages: PackageDoor
  close(): Promise<void>
}

const HOUSEKEEPING_MS = 60_000

/** Puts the house together: every store, key and clock reaches the pure rooms from here. */
export const makeGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const database = connect({ ...options.database, plansOnce: true })
  const monotonic = (): number => performance.now()
  const warn = (message: string, cause: unknown): void => options.log.warn({ err: cause }, message)
  const sealing = { ...defaultSealing, ...options.sealing }
  await admitKey(database, { origin: sealing.origin, key: options.signingKey })
  const log = await openLogWriter(database, options.signingKey)
  const standings = makeStandings()
  const policies = makePolicyShelf()
  const notDelivered = noteNotDelivered({ database, log, warn })
  const shared = { database, standings, policies, log, notDelivered }
  const releaseCommit = makeReleaseCommit({ ...shared, monotonic })
  const commitChange = makeCommitChange(shared)
  const strangers = makeStrangers({ database, log, monotonic, warn })
  const enquiry: EnquireUses = {
    releaseCommit,
    look: (work) => lookWith(shared, work),
    sources: options.sources,
    directory: standings.directory,
    partnershipId: options.partnershipId,
    openHosted: (record, definition) => openItems(record, options.sealer, definition),
  }
  const metrics = makeMetrics()
  const migrations = listMigrations()
  const packages = makePackageDoor({
    ...{ ...shared, commitChange, newId, records: enquiry, sealer: options.sealer, limit: options.packageLimit, warn },
  })
  const publicUrl = options.doors?.publicUrl ?? null
  const uses = { ...options, ...witnessesOf(sealing, options.signingKey), database, commitChange, enquiry, checkKey, policies, publicUrl }
  const app = makeApp(loadContract(), {
    operations: makeOperations(uses),
    authenticate: makeAuthenticate({
      audience: options.audience,
      allowBearer: options.bearerAllowed,
      // What a door remembers for a second is read again, under its lock, before anything leaves.
      findIssuer: remembering((issuer) => findIssuer(database, issuer), monotonic),
      findClient: remembering((clientId) => findClient(database, clientId), monotonic),
      fetchJwks: options.fetchJwks,
      rememberProof: makeRememberProof(database),
      now: options.now ?? ((): Date => new Date()),
    }),
    challengeFor,
    logInvalid: logRefusedRequest({ releaseCommit }),
    logUnauthenticated: ({ reason, sourceAddress }) => strangers.record({ reason, address: sourceAddress }),
    limitSearch: (key) => countSearch(database, key, options.searchLimit ?? { most: 60, windowSeconds: 60 }),
    readiness: async () => {
      const durability = await checkDurability(database, migrations)
      const alarms = evidence.alarms()
      // A database that cannot answer has said so already.
      const why = durability.ready ? await keyProblems(database, { origin: sealing.origin, key: options.signingKey }) : durability.problems
      return { ready: why.length === 0, why, ...(alarms.length === 0 ? {} : { alarms }) }
    },
    info: {
      name: 'offender-information-gateway',
      get logKey() {
        return publicKeyOf(options.signingKey)
      },
    },
    packages,
    tree: publishedTree(database),
    console: {
      stores: makeConsoleStores(database),
      ...{ reasons: reasonWords(database, policies), rules: ruleList(database, policies) },
      insecureProviders: options.bearerAllowed,
    },
    log: options.log,
    metrics,
    options: options.doors,
  })
  // After the contract was compiled, which leaves a new connection no time to answer.
  const { signingKey } = options
  const evidence = startEvidence({ database: options.database, sealing, signingKey, log: options.log, measured: metrics.measureSealing })
  const housekeeping = setInterval(() => {
    void strangers.flush()
    packages.noteLost().catch((cause: unknown) => warn('lost packages could not be noted', cause))
    forgetEndedSessions(database).catch((cause: unknown) => warn('ended sessions could not be forgotten', cause))
    forgetExpired(database).catch((cause: unknown) => warn('expired proofs could not be forgotten', cause))
  }, HOUSEKEEPING_MS)
  housekeeping.unref()
  return {
    app,
    metrics,
    database,
    packages,
    close: async () => {
      clearInterval(housekeeping)
      await strangers.flush()
      await evidence.stop()
      await database.end()
    },
  }
}

type Shared = Parameters<typeof makeCommitChange>[0]

/** The first look: facts without locks, good enough to choose whom to ask, never to release on. */
const lookWith = async ({ database, standings, policies }: Shared, work: Parameters<EnquireUses['look']>[0]) => {
  const caller: Caller = work.caller
  const read = await readFacts(database, {
    offenderIds: work.offenderId === null ? [] : [work.offenderId],
    agencyIds: [caller.agencyId],
    categories: work.categories,
  })
  if (read.policyHash === null) throw new Fault('unavailable', 'No policy is published.', { retryAfterSeconds: 5 })
  const standingOf = await standings.refresh(database, [caller], read.agencyVersions)
  return {
    at: read.at,
    standing: standingOf(caller, read.at),
    subject: work.offenderId === null ? null : (read.subjects.get(work.offenderId) ?? null),
    policies: await policies.find(database, read.policyHash),
    policyHash: read.policyHash,
  }
}

const checkKey = (key: { readonly jwk?: unknown; readonly certificate?: string }) =>
  Promise.resolve(key.certificate === undefined ? checkPublicJwk(key.jwk) : certificateThumbprint(key.certificate))

const publicKeyOf = (key: GatewayOptions['signingKey']) => ({ kid: key.kid, ...createPublicKey(key.privateKey).export({ format: 'jwk' }) })
