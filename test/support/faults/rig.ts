import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Database } from '../../../src/db/db.ts'
import { migrate } from '../../../src/db/server/migrate.ts'
import { readAgreementFile } from '../../../src/gateway/agreements/import-agreements.ts'
import { termsHash } from '../../../src/gateway/agreements/terms-hash.ts'
import { shipPolicy } from '../../../src/gateway/policies/ship-policy.ts'
import { readRecordKey, readSigningKey } from '../../../src/keys.ts'
import { startIssuers } from '../../../src/sandbox/issuers.ts'
import { seedSandbox } from '../../../src/sandbox/seed.ts'
import { makeSealer, sealItems, type Sealer } from '../../../src/sources/hosted.ts'
import { policyDirectory, shipped } from '../facts.ts'
import { type Client, makeClient } from './client.ts'
import { type FaultCluster, startCluster } from './cluster.ts'
import type { ProcessSettings } from './gateway/gateway-process.ts'
import { type GatewayProcess, startGateway } from './gateway/start-gateway.ts'
import { makeTokens } from './tokens.ts'

/** A database of the harness's own with the sandbox's partnership in it, and gateways to start on it. */
export interface Rig {
  readonly cluster: FaultCluster
  /** As superuser, for preparing people and reading the evidence. */
  readonly owner: Database
  readonly sealer: Sealer
  readonly ask: Client['ask']
  readonly tokenFor: ReturnType<typeof makeTokens>
  /** What the log's signatures verify with. */
  readonly publicKey: KeyObject
  gateway(settings?: Partial<Pick<ProcessSettings, 'build' | 'sources' | 'skewMs' | 'doorSkewMs'>>): Promise<GatewayProcess>
  close(): Promise<void>
}

export const openRig = async (): Promise<Rig> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-faults-'))
  const config = { mode: 'sandbox', dataDir, keys: { signingFile: null, recordFile: null } } as const
  const cluster = await startCluster(dataDir)
  await migrate({ connection: cluster.owner, log: () => undefined })
  const owner = connect({ connection: cluster.owner, max: 4, statementTimeoutMillis: 120_000 })
  const sealer = makeSealer({ current: readRecordKey(config), older: [] })
  await shipPolicy(owner, shipped)
  const issuers = await startIssuers({ dataDir })
  await seedSandbox(owner, {
    dataDir,
    jwksUriOf: (agencyId) => issuers.jwksUriOf(agencyId),
    discoveryUriOf: (agencyId) => issuers.discoveryUriOf(agencyId),
    seal: (items, recordId) => sealItems(items, recordId, sealer),
    agreements: shippedAgreements(),
  })
  const client = makeClient()
  const started: GatewayProcess[] = []
  return {
    cluster,
    owner,
    sealer,
    ask: client.ask,
    tokenFor: makeTokens(dataDir),
    publicKey: createPublicKey(readSigningKey(config).privateKey),
    gateway: async (settings = {}) => {
      const place = { connection: cluster.app, dataDir, policiesDir: policyDirectory }
      const gateway = await startGateway({ build: 'shipped', sources: [], skewMs: 0, doorSkewMs: 0, ...place, ...settings })
      started.push(gateway)
      return gateway
    },
    close: async () => {
      await Promise.all(started.map((gateway) => gateway.kill()))
      await client.close()
      await issuers.close()
      await owner.end()
      await cluster.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const shippedAgreements = () => {
  const directory = join(policyDirectory, 'agreements')
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readAgreementFile({ name, text: readFileSync(join(directory, name), 'utf8') }))
    .map((terms) => ({ terms, hash: termsHash(terms) }))
}
