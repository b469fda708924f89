import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { copies } from './register/copies.ts'
import { p1 } from './p1-enquiry.ts'
import { p3 } from './p3-decisions.ts'
import { p4 } from './p4-federated.ts'
import { growthOfAgreements, growthOfPeople, growthOfRules } from './p5-growth.ts'
import { p6 } from './log/p6-log-search.ts'
import { p7 } from './log/p7-replay.ts'
import { p8 } from './log/p8-sealing.ts'
import { p10 } from './meetings/p10-readings.ts'
import { p9 } from './p9-start.ts'
import { printRows, type Row } from './table.ts'

/** `npm run bench` runs all and writes bench.json; `npm run bench -- p1 p3` runs those. Nothing is asserted: machines differ. */
const benches: Record<string, () => Promise<readonly Row[]>> = {
  p1: () => p1(),
  p3: () => Promise.resolve(p3()),
  p4: () => p4(),
  'p5-rules': () => Promise.resolve(growthOfRules()),
  'p5-agreements': growthOfAgreements,
  'p5-people': growthOfPeople,
  p6: () => p6(),
  p7,
  p8: () => p8(),
  p9: () => p9(),
  copies: () => copies(),
  p10: () => p10(),
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in benches))
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
const machine = `${cpus()[0]?.model ?? 'unknown'} x ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, commit ${commit}`
console.log(machine)
const results: Record<string, readonly Row[]> = {}
for (const name of asked.length === 0 ? Object.keys(benches) : asked) {
  console.log(`\n${name}`)
  const rows = await benches[name]!()
  console.log(printRows(rows))
  results[name] = rows
}
writeFileSync('bench.json', JSON.stringify({ machine, at: new Date().toISOString(), results }, null, 2))
