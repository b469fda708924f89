import type pg from 'pg'
import { addStartupOptions } from '../../../../src/db/db.ts'
import { fetchJwks } from '../../../../src/fetch-jwks.ts'
import { readPolicyFiles } from '../../../../src/gateway/policies/policy-files.ts'
import { makeLog } from '../../../../src/http/request-log.ts'
import { createServer } from '../../../../src/http/server.ts'
import { readRecordKey, readSigningKey, staffKeyFrom } from '../../../../src/keys.ts'
import { listenLocally } from '../../../../src/sandbox/local-server.ts'
import type { SourceDescription } from '../../../../src/sources/description.ts'
import { makeSealer } from '../../../../src/sources/hosted.ts'
import { httpSource } from '../../../../src/sources/http.ts'
import { type GatewayOptions, makeGateway } from '../../../../src/wiring.ts'
import { audience } from '../tokens.ts'
import { makeFirstLookGateway } from './first-look-gateway.ts'
import { skewClock } from './skew-clock.ts'

/**
 * Which gateway: the shipped one, or a broken one that a harness has to catch. `first-look` decides on what it read before it
 * fetched, `own-clock` besides that by its own clock; `no-locks` is the shipped one on a database whose locks hold nobody.
 */
export type Build = 'shipped' | 'first-look' | 'own-clock' | 'no-locks'

export interface ProcessSettings {
  readonly build: Build
  readonly connection: pg.PoolConfig
  readonly dataDir: string
  readonly policiesDir: string
  readonly sources: readonly SourceDescription[]
  /** By how much the machine's clock is wrong, and the door's: a door an hour wrong lets no valid token in. */
  readonly skewMs: number
  readonly doorSkewMs: number
}

const settings = JSON.parse(process.argv[2]!) as ProcessSettings
const trueNow = skewClock(settings.skewMs)

const optionsFrom = ({ connection, dataDir, policiesDir, sources, build }: ProcessSettings): GatewayOptions => {
  const config = { mode: 'sandbox', dataDir, keys: { signingFile: null, recordFile: null } } as const
  const categories = new Map(readPolicyFiles(policiesDir).bundle.categories.map((category) => [category.id, category]))
  return {
    database: {
      connection: build === 'no-locks' ? addStartupOptions(connection, '-c search_path=unlocked,pg_catalog,public') : connection,
    },
    audience,
    bearerAllowed: true,
    signingKey: readSigningKey(config),
    sealer: makeSealer({ current: readRecordKey(config), older: [] }),
    staffKey: staffKeyFrom(readRecordKey(config)),
    sources: sources.map((one) => httpSource(one, { readSecret: () => '', categoryOf: (id) => categories.get(id) })),
    partnershipId: 'ridings-partnership',
    fetchJwks,
    log: makeLog('error'),
    doors: { requestsPerWindow: 1_000_000 },
    now: () => new Date(trueNow() + settings.doorSkewMs),
  }
}

const make =
  settings.build === 'shipped' || settings.build === 'no-locks' ? makeGateway : makeFirstLookGateway(settings.build === 'own-clock')
const gateway = await make(optionsFrom(settings))
const server = createServer(gateway.app)
const url = await listenLocally(server, 0)
process.once('disconnect', () => process.exit(0))
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
  gateway.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
process.send!({ url })
