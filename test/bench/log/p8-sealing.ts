import { mintToken } from '../../../src/sandbox/tokens.ts'
import { addPeople, openWorld } from '../data.ts'
import { type Load, measure, median, type RunningServer, startServer } from '../load.ts'
import { audience, bodyFor } from '../p1-enquiry.ts'
import type { Row } from '../table.ts'

/** The gateway without a sealer, with one, and as it is shipped: one that also reads what is sealed into the officers' search index. */
const contestants = {
  off: { sealing: false, indexing: false },
  sealing: { sealing: true, indexing: false },
  shipped: { sealing: true, indexing: true },
} as const
type Contestant = keyof typeof contestants
const names = Object.keys(contestants) as Contestant[]

/** P8: what sealing and indexing the log take from the enquiries of a busy gateway, in rounds, each on a database of its own. */
export const p8 = async (rounds = 8, seconds = 5): Promise<readonly Row[]> => {
  const running = await Promise.all(names.map(open))
  try {
    for (const { load } of running) await measure({ ...load, seconds: 10 })
    const found: Record<Contestant, number[]> = { off: [], sealing: [], shipped: [] }
    for (let round = 0; round < rounds; round += 1) {
      // There and back, so that none is always measured after the same one.
      for (const { name, load } of round % 2 === 0 ? running : running.toReversed()) {
        found[name].push((await measure({ ...load, seconds })).perSecond)
      }
    }
    const [off, sealing, shipped] = [median(found.off), median(found.sealing), median(found.shipped)]
    return [
      { what: 'P8 enquiries/s without sealing', value: off },
      { what: 'P8 with sealing : without', value: sealing / off, goal: '>= 0.95', met: sealing / off >= 0.95 },
      { what: 'P8 with sealing and indexing : without', value: shipped / off },
    ]
  } finally {
    for (const { close } of running) await close()
  }
}

const open = async (name: Contestant) => {
  const world = await openWorld()
  const people = await addPeople(world, 2_000)
  const bodies = people.filter((_id, index) => index % 2 === 0).map(bodyFor)
  const server: RunningServer = await startServer({
    ...{ kind: 'gateway', connection: world.app, dataDir: world.dataDir, audience },
    ...contestants[name],
  })
  const token = await mintToken({ dataDir: world.dataDir, persona: 'analyst', audience, ttlSeconds: 600 })
  const load: Omit<Load, 'seconds'> = { bodies, headers: { authorization: `Bearer ${token}` }, url: server.url }
  const close = async (): Promise<void> => {
    server.stop()
    await world.close()
  }
  return { name, load, close }
}
