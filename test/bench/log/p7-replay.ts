import pg from 'pg'
import { connect } from '../../../src/db/db.ts'
import { bundlesIn } from '../../../src/gateway/log/replay/find-bundles.ts'
import { replayLog } from '../../../src/gateway/log/replay/replay-log.ts'
import { mintToken } from '../../../src/sandbox/tokens.ts'
import { addPeople, openWorld } from '../data.ts'
import { measure, median, startServer } from '../load.ts'
import { audience, bodyFor } from '../p1-enquiry.ts'
import type { Row } from '../table.ts'

const SIZES = [10_000, 20_000, 40_000] as const
const ROUNDS = 3

/** Real entries of enquiries, as often again as it takes: to decide one again is the same work the second time. */
const multiply = `
  with made as materialized (
    select p.salt, p.canonical, p.event, p.effect, row_number() over (order by n, p.entry_id) as place
      from access_log_payload p, generate_series(1, $2::int) as n where p.event in ('disclosure', 'consultation', 'access-denied')
  ), ids as materialized (
    select m.place - 1 as leaf, (left(uuid_v7_floor(statement_timestamp())::text, 15) || lpad(to_hex(m.place), 3, '0') || '-'
           || right(gen_random_uuid()::text, 17))::uuid as id, m.salt, m.canonical, m.event, m.effect from made m where m.place <= $1
  ), payload as (
    insert into access_log_payload (entry_id, salt, canonical, event, effect) select i.id, i.salt, i.canonical, i.event, i.effect from ids i
  )
  insert into log_leaf (leaf_index, entry_id, leaf_hash) select i.leaf, i.id, sha256('leaf') from ids i`

/** P7: stored decisions made again, from the database, with the rules they name; and whether twice as many take twice as long. */
export const p7 = async (): Promise<readonly Row[]> => {
  const world = await openWorld()
  const owner = new pg.Client(world.owner)
  await owner.connect()
  const database = connect({ connection: world.app, max: 2, statementTimeoutMillis: 60_000, idleInTransactionMillis: 60_000 })
  try {
    const people = await addPeople(world, 500)
    const server = await startServer({ kind: 'gateway', connection: world.app, dataDir: world.dataDir, audience })
    const token = await mintToken({ dataDir: world.dataDir, persona: 'analyst', audience, ttlSeconds: 600 })
    await measure({ url: server.url, headers: { authorization: `Bearer ${token}` }, bodies: people.map(bodyFor), seconds: 3 })
    server.stop()
    const { rows: real } = await owner.query<{ count: string }>('select count(*) as count from access_log_payload')
    await owner.query(`set session_replication_role = 'replica'`)
    await owner.query('delete from log_leaf')
    await owner.query(multiply, [SIZES.at(-1), Math.ceil(SIZES.at(-1)! / Math.max(1, Number(real[0]!.count) - 10))])
    for (const table of ['log_leaf', 'access_log_payload']) await owner.query(`vacuum analyze ${table}`)
    // All sizes in each round: what else the machine does then falls on all of them.
    const found = SIZES.map((): number[] => [])
    const notes: string[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, size] of SIZES.entries()) {
        const started = performance.now()
        const cpu = process.cpuUsage()
        const { entries, decisions, findings } = await replayLog(database, { to: size, findBundle: bundlesIn(database) })
        found[i]!.push((decisions * 1_000) / (performance.now() - started))
        const { user, system } = process.cpuUsage(cpu)
        const perCpu = ((decisions * 1e6) / (user + system)).toFixed(0)
        notes[i] = `${entries} entries, ${decisions} decisions, ${findings.length} differences, ${perCpu} a CPU second`
      }
    }
    const rates = found.map(median)
    const [first, last] = [rates[0]!, rates.at(-1)!]
    return [
      ...SIZES.map((size, i): Row => ({ what: `P7 ${size} entries, decisions again/s, one thread`, value: rates[i]!, note: notes[i] })),
      { what: 'P7 a million decisions, s (from the largest)', value: 1e6 / last, goal: '<= 30', met: 1e6 / last <= 30 },
      { what: 'P7 rate at the largest : at the smallest', value: last / first, goal: '>= 0.9 (linear)', met: last / first >= 0.9 },
    ]
  } finally {
    await database.end()
    await owner.end()
    await world.close()
  }
}
