import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintToken } from '../../src/sandbox/tokens.ts'
import { addPeople, openWorld } from './data.ts'
import { measure, median, startServer } from './load.ts'
import { audience, bodyFor } from './p1-enquiry.ts'
import type { Row } from './table.ts'

const root = join(import.meta.dirname, '../..')

/** P9: start to ready with the bundled database and warm data; memory after many enquiries; start with a million people. */
export const p9 = async (enquiries = 100_000, people = 1_000_000): Promise<readonly Row[]> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-start-'))
  try {
    await startToReady(dataDir)
    const warm = [await startToReady(dataDir), await startToReady(dataDir), await startToReady(dataDir)]
    const grown = await memoryGrowth(enquiries)
    const many = await startWithPeople(people)
    return [
      { what: 'P9 npm start to ready, warm data, s', value: median(warm), goal: '<= 3', met: median(warm) <= 3 },
      { what: `P9 memory growth over ${enquiries} enquiries, MB`, value: grown, goal: '< 50', met: grown < 50 },
      { what: `P9 start with ${people} people, s`, value: many, goal: '<= 5', met: many <= 5 },
    ]
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const startToReady = (dataDir: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn('npm', ['start'], { cwd: root, env: { ...process.env, DATA_DIR: dataDir, PORT: '0' }, detached: true })
    let took = NaN
    child.stdout.on('data', (chunk: Buffer) => {
      if (Number.isNaN(took) && chunk.includes('is ready')) {
        took = (performance.now() - started) / 1_000
        process.kill(-child.pid!, 'SIGTERM')
      }
    })
    child.once('close', () => (Number.isNaN(took) ? reject(new Error('the gateway did not become ready')) : resolve(took)))
  })

const memoryGrowth = async (enquiries: number): Promise<number> => {
  const world = await openWorld()
  const people = await addPeople(world, 5_000)
  const server = await startServer({ kind: 'gateway', connection: world.app, dataDir: world.dataDir, audience })
  try {
    let done = 0
    let before = NaN
    const bodies = people.filter((_id, index) => index % 5 === 0).map(bodyFor)
    while (done < enquiries) {
      const token = await mintToken({ dataDir: world.dataDir, persona: 'analyst', audience, ttlSeconds: 600 })
      const seconds = 5
      const run = await measure({ url: server.url, bodies, headers: { authorization: `Bearer ${token}` }, seconds })
      done += run.perSecond * seconds
      // Counted from after the warm-up: compiled code and filled caches are not growth.
      if (Number.isNaN(before)) before = (await server.ask('memory')).rss
    }
    return ((await server.ask('memory')).rss - before) / 2 ** 20
  } finally {
    server.stop()
    await world.close()
  }
}

const startWithPeople = async (people: number): Promise<number> => {
  const world = await openWorld()
  try {
    await addPeople(world, people, false)
    const started = performance.now()
    const server = await startServer({ kind: 'gateway', connection: world.app, dataDir: world.dataDir, audience })
    const ready = await fetch(`${server.url}/health/readiness`)
    const took = (performance.now() - started) / 1_000
    server.stop()
    if (ready.status !== 200) throw new Error(`not ready: ${await ready.text()}`)
    return took
  } finally {
    await world.close()
  }
}
