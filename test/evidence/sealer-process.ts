import { createPrivateKey, createPublicKey } from 'node:crypto'
import { connect } from '../../src/db/db.ts'
import type pg from 'pg'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { startSealing } from '../../src/jobs/sealing-loop.ts'
import { commitEntries, origin } from './sealing-support.ts'

/** A gateway's log and sealer and nothing else, to be killed: it says each entry that was committed, as a client would be told. */
const { connection, pem } = JSON.parse(process.argv[2]!) as { connection: pg.PoolConfig; pem: string }
const privateKey = createPrivateKey(pem)
const key = { kid: 'log-key', privateKey, publicKey: createPublicKey(privateKey) }
const database = connect({ connection, max: 4 })
startSealing({ database, origin, privateKey, pauseMillis: 1, log: { warn: () => undefined, error: () => undefined } })
const log = await openLogWriter(database, key)
for (let i = 0; ; i += 1) {
  const ids = await commitEntries(
    database,
    log,
    Array.from({ length: 1 + (i % 5) }, () => ({ content: { i } })),
  )
  process.stdout.write(`${ids.join('\n')}\n`)
}
