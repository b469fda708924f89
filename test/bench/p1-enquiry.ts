import pg from 'pg'
import { mintToken } from '../../src/sandbox/tokens.ts'
import { addPeople, benchCategories, openWorld } from './data.ts'
import { certificateLoad, dpopHeaders, serverCertificate } from './bound-tokens.ts'
import { type Load, measure, median, startServer } from './load.ts'
import type { Row } from './table.ts'

export const audience = 'urn:bench'

export const bodyFor = (offenderId: string): string =>
  JSON.stringify({
    offenderId,
    categories: benchCategories.map((id) => ({ id })),
    purpose: 'risk-management',
    legalGateway: 'dpa35-task',
    justification: 'Preparing the Calder conference',
  })

type Contestant = 'select' | 'log' | 'gateway' | 'dpop' | 'mtls'

const mapValues = <Key extends string, From, To>(from: Record<Key, From>, change: (value: From) => To): Record<Key, To> =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value as From)])) as Record<Key, To>

/** P1 and P2: the fully enforced and durably logged enquiry beside a route that only selects, and one that selects and logs. */
export const p1 = async (rounds = 5, seconds = 4): Promise<readonly Row[]> => {
  const world = await openWorld()
  const people = await addPeople(world, 10_000)
  const owner = new pg.Client(world.owner)
  await owner.connect()
  await owner.query(
    'create table bare_log (id bigint generated always as identity primary key, at timestamptz default now(), who text, whom uuid, what text)',
  )
  await owner.query('grant select, insert on bare_log to gateway_app')
  await owner.end()
  const order = { connection: world.app, dataDir: world.dataDir, audience }
  const servers = {
    select: await startServer({ ...order, kind: 'select' }),
    log: await startServer({ ...order, kind: 'select-and-log' }),
    gateway: await startServer({ ...order, kind: 'gateway' }),
    overTls: await startServer({ ...order, kind: 'gateway', tls: await serverCertificate() }),
  }
  try {
    const token = await mintToken({ dataDir: world.dataDir, persona: 'analyst', audience, ttlSeconds: 600 })
    const bodies = people.filter((_id, index) => index % 10 === 0).map(bodyFor)
    const bearer = { bodies, headers: { authorization: `Bearer ${token}` } }
    const proofs = await dpopHeaders(world, { audience, url: servers.gateway.url })
    const certificate = await certificateLoad(world, audience)
    const loads: Record<Contestant, Omit<Load, 'seconds'>> = {
      select: { ...bearer, url: servers.select.url },
      log: { ...bearer, url: servers.log.url },
      gateway: { ...bearer, url: servers.gateway.url },
      dpop: { bodies, headers: {}, headersFor: proofs.next, url: servers.gateway.url },
      mtls: { bodies, ...certificate, url: servers.overTls.url },
    }
    const found: Record<Contestant, number[]> = { select: [], log: [], gateway: [], dpop: [], mtls: [] }
    let failed = 0
    // Long enough for the engine to have compiled what runs all day: cold, every figure is lower.
    for (const load of Object.values(loads)) await measure({ ...load, seconds: 10 })
    for (let round = 0; round < rounds; round += 1) {
      for (const name of Object.keys(loads) as Contestant[]) {
        if (name === 'dpop') proofs.stock(seconds * 2_000)
        const run = await measure({ ...loads[name], seconds })
        found[name].push(run.perSecond)
        failed += run.failed
      }
    }
    const rate = Math.floor(median(found.gateway) / 2)
    const tail: Record<'log' | 'gateway', number[]> = { log: [], gateway: [] }
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ['log', 'gateway'] as const) {
        tail[name].push((await measure({ ...loads[name], seconds, rate })).p99)
      }
    }
    const { select, log, gateway, dpop, mtls } = mapValues(found, median)
    return [
      { what: 'P1 select only, requests/s', value: select },
      { what: 'P1 select and one committed row, requests/s', value: log },
      { what: 'P1 enquiry, bearer (sandbox), requests/s', value: gateway, note: `${failed} not answered 200` },
      {
        what: 'P1 enquiry, DPoP, requests/s',
        value: dpop,
        note: `${(dpop / log).toFixed(2)} x select and log, ${(dpop / select).toFixed(2)} x select only`,
      },
      {
        what: 'P1 enquiry, mTLS, requests/s',
        value: mtls,
        note: `${(mtls / log).toFixed(2)} x select and log, ${(mtls / select).toFixed(2)} x select only`,
      },
      { what: 'P1 enquiry : select and log', value: gateway / log, goal: '>= 2.0', met: gateway / log >= 2 },
      { what: 'P1 enquiry : select only', value: gateway / select, goal: '>= 1.0', met: gateway / select >= 1 },
      { what: `P2 p99 at ${rate}/s, select and log, ms`, value: median(tail.log) },
      { what: `P2 p99 at ${rate}/s, enquiry, ms`, value: median(tail.gateway) },
      {
        what: 'P2 enquiry : select and log',
        value: median(tail.gateway) / median(tail.log),
        goal: '<= 1.5',
        met: median(tail.gateway) <= 1.5 * median(tail.log),
      },
    ]
  } finally {
    for (const server of Object.values(servers)) server.stop()
    await world.close()
  }
}
