import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyBundle } from '../../../src/cli/log/verify-bundle.ts'
import { generateBundle } from './generate-bundle.ts'

/** Quality P8: how long a bundle takes to check, with commits of the size they have under load and with commits of one entry each. */
const measure = async (entries: number, perCommit: number, commitsPerCheckpoint: number): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'bundle-speed-'))
  const bundle = join(directory, 'bundle.zip')
  await generateBundle(bundle, { entries, perCommit, commitsPerCheckpoint })
  const size = Math.round(statSync(bundle).size / 1_048_576)
  const [times, used]: [number[], number[]] = [[], []]
  for (let round = 0; round < 3; round += 1) {
    const [began, cpu] = [performance.now(), process.cpuUsage()]
    const { findings } = await verifyBundle({ bundle })
    if (findings.length > 0) throw new Error(`a sound bundle was found wanting: ${JSON.stringify(findings[0])}`)
    times.push(performance.now() - began)
    const { user, system } = process.cpuUsage(cpu)
    used.push((user + system) / 1_000_000)
  }
  for (const list of [times, used]) list.sort((left, right) => left - right)
  const seconds = (times[1]! / 1000).toFixed(2)
  console.log(
    `${entries} entries, ${perCommit} a commit, ${size} MiB: ${seconds} s, ${used[1]!.toFixed(2)} s of processor time (medians of 3, ${availableParallelism()} threads)`,
  )
  rmSync(directory, { recursive: true, force: true })
}

const entries = Number(process.argv[2] ?? 1_000_000)
await measure(entries, 64, 8)
if (!process.argv.includes('--busy')) await measure(Math.round(entries / 10), 1, 1)
