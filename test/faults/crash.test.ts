import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLog, type LogFindings } from '../support/faults/check-log.ts'
import type { Reply } from '../support/faults/client.ts'
import { analyst, enquireAs, enquiryAbout } from '../support/faults/contests.ts'
import type { GatewayProcess } from '../support/faults/gateway/start-gateway.ts'
import { type LoadResult, startLoad } from '../support/faults/load.ts'
import { note } from '../support/faults/measure/report.ts'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import { percentile } from '../support/faults/measure/welch.ts'
import { openRig, type Rig } from '../support/faults/rig.ts'
import { addSubjects } from '../support/faults/subjects.ts'

const { gatewayKills, databaseKills, requestsPerSecond, limitMs } = currentSizes()
/** What a dying server's children may still finish, after which nothing can be committed until it is started again. */
const dyingMs = 300
const deadMs = 500

let rig: Rig
let gateways: [GatewayProcess, GatewayProcess]
let people: { readonly known: readonly string[]; readonly elsewhere: readonly string[] }
let result: LoadResult
let findings: LogFindings
const outages: { readonly from: number; readonly to: number }[] = []
const restartsMs: number[] = []
const recoveriesMs: number[] = []

beforeAll(async () => {
  rig = await openRig()
  people = {
    known: await addSubjects(rig.owner, rig.sealer, { count: 50 }),
    elsewhere: await addSubjects(rig.owner, rig.sealer, { count: 10, areaId: 'holme' }),
  }
  const first = await rig.gateway()
  // The log's first batch is the only one that may link to none: it is there before the second gateway looks for it.
  await send(0, [first.url])
  gateways = [first, await rig.gateway()]
  await runFaults()
  findings = await checkLog(rig.owner, rig.publicKey, result.received)
}, limitMs)

afterAll(async () => {
  await rig?.close()
})

/** Data, refusals of every stage, bad requests and changes, in turn. */
const send = async (position: number, urls: readonly string[]): Promise<Reply> => {
  const url = urls[position % urls.length]!
  const known = people.known[position % people.known.length]!
  const turn = Math.floor(position / urls.length) % 10
  if (turn === 6) return enquireAs(rig, analyst, people.elsewhere[position % people.elsewhere.length]!)(url)
  const token = await rig.tokenFor(analyst)
  const ask = (body: object): Promise<Reply> => rig.ask({ url, path: '/v1/enquiries', token, body })
  if (turn === 7) return ask({ ...enquiryAbout(known), purpose: null })
  if (turn === 8) return ask({ ...enquiryAbout(known), categories: 'everything' })
  if (turn === 9) {
    const body = {
      kind: 'given',
      capacityBasis: 'adult-presumed',
      evidence: 'Said so',
      happenedAt: new Date(Date.now() - 5_000).toISOString(),
    }
    const keyworker = await rig.tokenFor({ agencyId: 'fresh-steps', sub: 'keyworker' })
    return rig.ask({ url, path: `/v1/offenders/${known}/consent-events`, token: keyworker, body })
  }
  return ask(enquiryAbout(known))
}

const runFaults = async (): Promise<void> => {
  const load = startLoad(requestsPerSecond, (position) =>
    send(
      position,
      gateways.map((gateway) => gateway.url),
    ),
  )
  await delay(500)
  for (let kill = 0; kill < gatewayKills; kill += 1) await killGateway(kill % 2 === 0 ? 0 : 1)
  for (let kill = 0; kill < databaseKills; kill += 1) await killDatabase()
  result = await load.stop()
}

const killGateway = async (which: 0 | 1): Promise<void> => {
  await gateways[which].kill()
  const diedAt = performance.now()
  gateways[which] = await rig.gateway()
  restartsMs.push(performance.now() - diedAt)
  await delay(200 + Math.random() * 400)
}

const killDatabase = async (): Promise<void> => {
  await rig.cluster.kill()
  await delay(dyingMs)
  const from = performance.now()
  await delay(deadMs)
  outages.push({ from, to: performance.now() })
  await rig.cluster.start()
  const upAt = performance.now()
  for (const { url } of gateways) await untilServing(url)
  recoveriesMs.push(performance.now() - upAt)
  await delay(500)
}

const untilServing = async (url: string): Promise<void> => {
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    const reply = await enquireAs(rig, analyst, people.known[0]!)(url).catch(() => null)
    if (reply?.status === 200) return
    await delay(20)
  }
  throw new Error(`${url} does not serve although the database does.`)
}

const whileDown = (): LoadResult['answered'] =>
  result.answered.filter((one) => outages.some(({ from, to }) => one.beganAt >= from && one.endedAt <= to))

describe('a gateway killed, and a database killed, under load', () => {
  it('leaves every answer that a client received in the log', () => {
    const { received, answered, cutOff, nameless } = result
    const withData = answered.filter((one) => one.withData).length
    note({
      what: `${gatewayKills} kills of a gateway, ${databaseKills} of PostgreSQL`,
      measured: `${answered.length} answers (${withData} with data), ${cutOff} cut off; ${findings.missing.length} of ${received.length} not in the log`,
      bar: '0 not in the log',
    })
    note({
      what: 'listening again after a kill',
      measured: `p50 ${percentile(restartsMs, 0.5).toFixed(0)} ms, p95 ${percentile(restartsMs, 0.95).toFixed(0)} ms`,
      bar: '<= 3000 ms p95',
    })
    expect(withData).toBeGreaterThan(requestsPerSecond / 2)
    expect(nameless).toBe(0)
    expect(findings.missing).toEqual([])
  })

  it('leaves a log whose batches, signatures, links and receipts all verify', () => {
    note({
      what: 'the log afterwards',
      measured:
        `${findings.entries} entries in ${findings.batches} batches: ${findings.broken.length} broken, ` +
        `${findings.unproved.length} receipts unproved, ${findings.absentLinks.length} absent links, ${findings.roots} root`,
      bar: '0, 0, 0, 1',
    })
    expect(findings).toMatchObject({ broken: [], unproved: [], absentLinks: [], roots: 1 })
    expect(result.received.some(({ receipt }) => receipt !== null)).toBe(true)
  })

  it('answers 503 while the database is down, and never 200', () => {
    const down = whileDown()
    const statuses = [...new Set(down.map(({ status }) => status))]
    note({
      what: 'while PostgreSQL was down',
      measured: `${down.length} answers, statuses ${statuses.join(' ')}; serving again p95 ${percentile(recoveriesMs, 0.95).toFixed(0)} ms`,
      bar: 'only 503; <= 5000 ms',
    })
    expect(down.length).toBeGreaterThan(0)
    expect(statuses).toEqual([503])
  })

  it('is checked by something that finds an answer the log does not hold', async () => {
    const forged = { entryId: randomUUID(), status: 200, receipt: null }
    const checked = await checkLog(rig.owner, rig.publicKey, [...result.received.slice(0, 10), forged])
    expect(checked.missing).toEqual([forged.entryId])
  })

  it('is checked by something that finds a receipt of another entry', async () => {
    const [one, other] = result.received.filter(({ receipt }) => receipt !== null)
    const swapped = { ...one!, receipt: other!.receipt }
    const checked = await checkLog(rig.owner, rig.publicKey, [swapped])
    expect(checked.unproved).toEqual([one!.entryId])
  })
})
