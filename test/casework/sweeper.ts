import { generateKeyPairSync } from 'node:crypto'
import type pg from 'pg'
import { connect } from '../../src/db/db.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { makePolicyShelf } from '../../src/gateway/policies/policy-shelf.ts'
import { startClocks } from '../../src/jobs/clocks.ts'

/** An instance that dies in the middle of a sweep: `before` its commit, or `after` it and before its job is marked as done. */
export interface SweeperTask {
  readonly connection: pg.ClientConfig
  readonly now: string
  readonly hang: 'before' | 'after'
}

const task = JSON.parse(process.argv[2] ?? 'null') as SweeperTask | null
if (task !== null) {
  const database = connect({ connection: task.connection, max: 2 })
  const log = await openLogWriter(database, { kid: 'killed', privateKey: generateKeyPairSync('ed25519').privateKey })
  const hang = (): never => {
    process.stdout.write('hanging\n')
    // Blocks the whole process, as one that is out of memory or out of time would.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    throw new Error('unreachable')
  }
  await startClocks({
    ...{ database, connection: task.connection, policies: makePolicyShelf(), partnershipId: 'ridings-partnership', pollSeconds: 0.5 },
    onError: () => undefined,
    now: () => new Date(task.now),
    log: {
      append: (...given) => (task.hang === 'before' ? Promise.resolve(hang()) : log.append(...given)),
      committed: () => hang(),
      settle: (...given) => log.settle(...given),
    },
  })
}
