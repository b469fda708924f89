import { createServer as createPlainServer } from 'node:http'
import express from 'express'
import pg from 'pg'
import { pino } from 'pino'
import { fetchJwks } from '../../src/fetch-jwks.ts'
import { makeLog } from '../../src/http/request-log.ts'
import { createServer } from '../../src/http/server.ts'
import { readRecordKey, readSigningKey, staffKeyFrom } from '../../src/keys.ts'
import { makeSealer } from '../../src/sources/hosted.ts'
import { makeGateway } from '../../src/wiring.ts'

/** One server of a measurement, in a process of its own: the gateway as it is shipped, or what it is measured against. */
export interface ServerOrder {
  readonly kind: 'gateway' | 'select' | 'select-and-log'
  readonly connection: pg.PoolConfig
  readonly dataDir: string
  readonly audience: string
  /** False: the log is left unsealed, to see what sealing takes. */
  readonly sealing?: boolean
  /** False: what is sealed is not read into the search index. */
  readonly indexing?: boolean
  readonly tls?: { readonly key: string; readonly cert: string }
}

const order = JSON.parse(process.argv[2] ?? '{}') as ServerOrder

const gateway = async () => {
  const config = { mode: 'sandbox', dataDir: order.dataDir, keys: { signingFile: null, recordFile: null } } as const
  const recordKey = readRecordKey(config)
  const opened = await makeGateway({
    database: { connection: order.connection },
    audience: order.audience,
    bearerAllowed: true,
    signingKey: readSigningKey(config),
    sealer: makeSealer({ current: recordKey, older: [] }),
    staffKey: staffKeyFrom(recordKey),
    sources: [],
    partnershipId: 'ridings-partnership',
    fetchJwks,
    log: makeLog('info', pino.destination({ dest: '/dev/null', sync: false })),
    doors: { requestsPerWindow: 1e9 },
    sealing: { on: order.sealing ?? true, indexed: order.indexing ?? true },
  })
  return createServer(opened.app, order.tls ?? null)
}

/** What a service without rules would do: look a record up and, in one case, commit one row that says so. */
const bare = (logs: boolean) => {
  const pool = new pg.Pool({ ...order.connection, max: 20 })
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(express.json())
  app.post('/v1/enquiries', async (request, response) => {
    const { offenderId } = request.body as { offenderId: string }
    const { rows } = await pool.query<{ category: string; sealed: Buffer }>({
      name: 'bare-select',
      text: `select h.category, h.sealed from hosted_record h where h.offender_id = $1 and h.category = any($2)`,
      values: [offenderId, ['address', 'interventions-plan', 'selection-score']],
    })
    if (logs) {
      await pool.query({
        name: 'bare-log',
        text: 'insert into bare_log (who, whom, what) values ($1, $2, $3)',
        values: ['analyst', offenderId, 'read'],
      })
    }
    response.json({ records: rows.map((row) => ({ category: row.category, sealed: row.sealed.toString('base64') })) })
  })
  return createPlainServer(app)
}

const server = order.kind === 'gateway' ? await gateway() : bare(order.kind === 'select-and-log')
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 })
})
process.on('message', (message) => {
  if (message === 'memory') {
    globalThis.gc?.()
    process.send?.({ rss: process.memoryUsage().rss, heapUsed: process.memoryUsage().heapUsed })
  }
})
process.once('disconnect', () => process.exit(0))
