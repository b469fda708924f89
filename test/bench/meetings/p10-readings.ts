import { createHash } from 'node:crypto'
import pg from 'pg'
import { daysAfter, londonDay } from '../../../src/core/london.ts'
import { confidentialityStatement } from '../../../src/sandbox/cast.ts'
import { mintToken } from '../../../src/sandbox/tokens.ts'
import { addPeople, type BenchWorld, openWorld } from '../data.ts'
import { type Load, measure, median, startServer } from '../load.ts'
import { audience, bodyFor } from '../p1-enquiry.ts'
import type { Row } from '../table.ts'

const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the review' }
const chair = { agencyId: 'ridings-police', sub: 'chair' }
const caseManager = { agencyId: 'ridings-probation', sub: 'case-manager' }
const analyst = { agencyId: 'ridings-police', sub: 'analyst' }
const statement = { statementVersion: 1, statementHash: createHash('sha256').update(confidentialityStatement).digest('base64url') }
const found = { riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'] }
const why = { necessity: 'Needed for the visit.', proportionality: 'One paragraph.' }

type Post = (as: string, path: string, body: object, headers?: Readonly<Record<string, string>>) => Promise<Record<string, unknown>>

const poster =
  (world: BenchWorld, url: string): Post =>
  async (persona, path, body, headers = {}) => {
    const token = await mintToken({ dataDir: world.dataDir, persona, audience, ttlSeconds: 600 })
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const told = (await response.json()) as Record<string, unknown>
    if (response.status >= 300) throw new Error(`${path}: ${response.status} ${JSON.stringify(told)}`)
    return told
  }

interface Paths {
  readonly reading: string
  readonly retrieval: string
}

/** A meeting of its own about each person, read by who was there and retrieved by who was not. */
const holdMeeting = async (post: Post, offenderId: string, place: number): Promise<Paths> => {
  const heldOn = daysAfter(londonDay(new Date()), -1 - place)
  const { conferenceId } = await post('spoc', '/v1/conferences', { kind: 'dmm', areaId: 'calder', heldOn, chair })
  const path = `/v1/conferences/${String(conferenceId)}`
  await post('spoc', `${path}/agenda`, { offenderId, item: 'review' })
  await post('spoc', `${path}/discussions`, { offenderId, ...found, finding: 'Four burglaries in a month.' })
  const paragraphs = [{ text: 'Seen at a house under watch.', offenderId, originatorAgencyId: 'ridings-police', source: 'another-person' }]
  await post('spoc', `${path}/minutes`, { form: 'minutes', paragraphs })
  await post('spoc', `${path}/attendance`, { people: [{ ...caseManager, part: 'core-member', state: 'attended' }] })
  await post('case-manager', `${path}/acknowledgements`, statement)
  const { justification: _, ...power } = looking
  const asked = { conferenceId, offenderId, recipient: analyst, ...power, ...why, what: 'What was said.', lessIntrusive: 'None.' }
  const { requestId } = await post('analyst', '/v1/disclosure-requests', asked)
  const decision = { decision: 'grant-whole', ...found, ...why }
  const granted = await post('chair', `/v1/disclosure-requests/${String(requestId)}/decisions`, decision, { 'if-match': '"1"' })
  return { reading: `${path}/readings`, retrieval: `/v1/disclosures/${String(granted.permissionId)}/retrievals` }
}

/** As autovacuum does within a minute: sessions that planned while the tables were empty would walk them for ever longer. */
const analyze = async (world: BenchWorld): Promise<void> => {
  const owner = new pg.Client(world.owner)
  await owner.connect()
  await owner.query('analyze')
  await owner.end()
}

/** Many at once, as P1 has it, and one after the other, as one person reads: in short turns, since so little load wavers with the machine. */
const LOADS = [
  { connections: 64, rounds: 7, seconds: 2 },
  { connections: 1, rounds: 31, seconds: 1 },
] as const

/** P10: reading a paragraph of minutes, and retrieving a permitted part, beside an ordinary enquiry in the same run. */
export const p10 = async (): Promise<readonly Row[]> => {
  const world = await openWorld()
  const people = await addPeople(world, 20)
  const server = await startServer({ connection: world.app, dataDir: world.dataDir, audience, kind: 'gateway' })
  try {
    const post = poster(world, server.url)
    const meetings: Paths[] = []
    for (const [place, offenderId] of people.entries()) meetings.push(await holdMeeting(post, offenderId, place))
    const bearer = async (persona: string) => {
      const token = await mintToken({ dataDir: world.dataDir, persona, audience, ttlSeconds: 600 })
      return { headers: { authorization: `Bearer ${token}` }, url: server.url }
    }
    const same = [JSON.stringify(looking)]
    const asked: Asked = {
      enquiry: { ...(await bearer('analyst')), bodies: people.map(bodyFor) },
      reading: { ...(await bearer('case-manager')), bodies: same, paths: meetings.map(({ reading }) => reading) },
      retrieval: { ...(await bearer('analyst')), bodies: same, paths: meetings.map(({ retrieval }) => retrieval) },
    }
    for (const load of Object.values(asked)) await measure({ ...load, connections: 64, seconds: 4 })
    await analyze(world)
    const rows: Row[] = []
    for (const load of LOADS) rows.push(...(await compare(asked, load)))
    return rows
  } finally {
    server.stop()
    await world.close()
  }
}

type Asked = Record<'enquiry' | 'reading' | 'retrieval', Omit<Load, 'seconds' | 'connections'>>
const kinds = ['enquiry', 'reading', 'retrieval'] as const

/** The three in turn; each ratio is the median over the rounds, in which the machine was alike for all three. */
const compare = async (asked: Asked, { connections, rounds, seconds }: (typeof LOADS)[number]): Promise<readonly Row[]> => {
  const rates: Record<(typeof kinds)[number], number[]> = { enquiry: [], reading: [], retrieval: [] }
  let failed = 0
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) {
      const run = await measure({ ...asked[kind], connections, seconds })
      rates[kind].push(run.perSecond)
      failed += run.failed
    }
  }
  const at = connections === 1 ? 'one at a time' : `${connections} at once`
  const speeds = kinds.map((kind) => ({ what: `P10 ${kind}, ${at}, requests/s`, value: median(rates[kind]) }))
  const ratios = (['reading', 'retrieval'] as const).map((kind) => {
    const value = median(rates.enquiry.map((enquiry, round) => enquiry / rates[kind][round]!))
    return { what: `P10 enquiry : ${kind}, ${at}`, value, goal: '<= 1.2', met: value <= 1.2 }
  })
  return [{ ...speeds[0]!, note: `${failed} not answered 200` }, ...speeds.slice(1), ...ratios]
}
