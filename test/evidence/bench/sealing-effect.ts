import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../../src/db/db.ts'
import { migrate } from '../../../src/db/server/migrate.ts'
import { startPostgres } from '../../../src/db/server/embedded.ts'
import { openLogWriter } from '../../../src/gateway/commit/log-writer.ts'
import { sealOnce } from '../../../src/jobs/sealer.ts'
import { startSealing } from '../../../src/jobs/sealing-loop.ts'
import { commitEntries, makeKey, origin } from '../sealing-support.ts'

/**
 * Quality P8: what sealing takes from the commits of a busy log, in rounds with the sealer on and off in turn on one database. For the
 * whole gateway run the enquiry benchmark with `sealing: { on: false }` and without.
 */
const ROUNDS = 5
const SECONDS = 5
const WRITERS = 3
const ENTRIES = 32

const dataDir = mkdtempSync(join(tmpdir(), 'sealing-effect-'))
const postgres = await startPostgres({ dataDir, log: () => undefined })
await migrate({ connection: postgres.ownerConnection, log: () => undefined })
const database = connect({ connection: postgres.appConnection, max: 10 })
const key = makeKey()
const quiet = { warn: () => undefined, error: () => undefined }

const run = async (sealed: boolean): Promise<number> => {
  // What an unsealed round left behind is nobody's load in the next.
  while ((await sealOnce({ database, origin, privateKey: key.privateKey }))?.more !== false) await sleep(1)
  const loop = sealed ? startSealing({ database, origin, privateKey: key.privateKey, log: quiet }) : null
  await sleep(500)
  const until = performance.now() + SECONDS * 1000
  let commits = 0
  const write = async (): Promise<void> => {
    const log = await openLogWriter(database, key)
    while (performance.now() < until) {
      await commitEntries(
        database,
        log,
        Array.from({ length: ENTRIES }, (_, i) => ({ content: { i } })),
      )
      commits += 1
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
  await loop?.stop()
  return (commits * ENTRIES) / SECONDS
}

const median = (values: readonly number[]): number => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!
await run(true)
const ratios: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  const [off, on] =
    round % 2 === 0 ? [await run(false), await run(true)] : ([await run(true), await run(false)].reverse() as [number, number])
  ratios.push(on / off)
  console.log(`round ${round + 1}: off ${off.toFixed(0)} entries/s, on ${on.toFixed(0)} entries/s, ratio ${(on / off).toFixed(3)}`)
}
console.log(`median ratio, sealer on to off: ${median(ratios).toFixed(3)}`)
await database.end()
await postgres.stop()
rmSync(dataDir, { recursive: true, force: true })
