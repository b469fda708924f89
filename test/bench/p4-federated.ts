import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parseSourceDescription } from '../../src/sources/description.ts'
import { httpSource } from '../../src/sources/http.ts'
import { median } from './load.ts'
import type { Row } from './table.ts'

const slowest = 40
const delays = [5, 10, 20, 30, slowest]

const slowSystem = (ms: number, hangs: () => boolean): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      request.resume()
      if (hangs()) return
      void delay(ms).then(() => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ person: 'X1', records: [{ service: 'mentoring' }] }))
      })
    })
    server.listen(0, '127.0.0.1', () => resolve(server))
  })

const sourceAt = (server: Server, agency: string) =>
  httpSource(
    parseSourceDescription(
      {
        agency,
        address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        identifierKind: 'crn',
        credential: { type: 'none' },
        timeoutMs: 300,
        categories: {
          engagement: {
            request: { method: 'POST', path: '/person', body: { id: '{identifier}' } },
            subject: 'person',
            records: 'records',
            item: '{ "fields": { "service": service }, "restricted": false }',
          },
        },
      },
      agency,
    ),
    { readSecret: () => '', categoryOf: () => undefined },
  )

/** P4: five sources asked together beside the slowest of them alone; and with one that hangs, the answer within that one's own limit. */
export const p4 = async (rounds = 60): Promise<readonly Row[]> => {
  let hanging = false
  const servers = await Promise.all(delays.map((ms, index) => slowSystem(ms, () => hanging && index === 0)))
  const sources = servers.map((server, index) => sourceAt(server, `agency-${index}`))
  const ask = async (asked: typeof sources): Promise<number> => {
    const started = performance.now()
    await Promise.all(asked.map((source) => source.fetch({ identifier: 'X1', categories: ['engagement'], requestId: 'bench' })))
    return performance.now() - started
  }
  try {
    const [alone, together, withHang]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await ask([sources[4]!]))
      together.push(await ask(sources))
    }
    hanging = true
    for (let round = 0; round < 3; round += 1) withHang.push(await ask(sources))
    const extra = median(together) - median(alone)
    return [
      { what: 'P4 slowest source alone, p50 ms', value: median(alone) },
      { what: 'P4 five sources together, p50 ms', value: median(together) },
      { what: 'P4 five sources : over the slowest, ms', value: extra, goal: '<= 15', met: extra <= 15 },
      {
        what: 'P4 with one hanging (its limit 300 ms), worst ms',
        value: Math.max(...withHang),
        goal: '<= 350',
        met: Math.max(...withHang) <= 350,
      },
    ]
  } finally {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  }
}
