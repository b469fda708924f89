import { setTimeout as sleep } from 'node:timers/promises'
import { mintToken } from '../../../src/sandbox/tokens.ts'
import { addPeople, openWorld } from '../data.ts'
import { measure, median, startServer } from '../load.ts'
import { audience, bodyFor } from '../p1-enquiry.ts'
import type { Row } from '../table.ts'

/** P8: what sealing and indexing the log take from the enquiries of a busy gateway, in rounds with and without, one server at a time. */
export const p8 = async (rounds = 4, seconds = 4): Promise<readonly Row[]> => {
  const world = await openWorld()
  try {
    const people = await addPeople(world, 2_000)
    const bodies = people.filter((_id, index) => index % 2 === 0).map(bodyFor)
    const found: Record<'on' | 'off', number[]> = { on: [], off: [] }
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ['on', 'off'] as const) {
        const order = { kind: 'gateway', connection: world.app, dataDir: world.dataDir, audience, sealing: name === 'on' } as const
        const server = await startServer(order)
        const token = await mintToken({ dataDir: world.dataDir, persona: 'analyst', audience, ttlSeconds: 600 })
        const load = { bodies, headers: { authorization: `Bearer ${token}` } }
        await measure({ ...load, url: server.url, seconds: 2 })
        // What the round before left unsealed is nobody's load in this one.
        await sleep(4_000)
        found[name].push((await measure({ ...load, url: server.url, seconds })).perSecond)
        server.stop()
      }
    }
    const [on, off] = [median(found.on), median(found.off)]
    return [
      { what: 'P8 enquiries/s without sealing', value: off },
      { what: 'P8 enquiries/s with sealing', value: on },
      { what: 'P8 with : without', value: on / off, goal: '>= 0.95', met: on / off >= 0.95 },
    ]
  } finally {
    await world.close()
  }
}
