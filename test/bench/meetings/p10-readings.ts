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

/** P10: reading a paragraph of minutes, and retrieving a permitted part, beside an ordinary enquiry in the same run. */
export const p10 = async (rounds = 5, seconds = 3, connections = 64): Promise<readonly Row[]> => {
  const world = await openWorld()
  const people = await addPeople(world, 20)
  const server = await startServer({ connection: world.app, dataDir: world.dataDir, audience, kind: 'gateway' })
  try {
    const post = poster(world, server.url)
    const meetings: Paths[] = []
    for (const [place, offenderId] of people.entries()) meetings.push(await holdMeeting(post, offenderId, place))
    const token = (persona: string) => mintToken({ dataDir: world.dataDir, persona, audience, ttlSeconds: 600 })
    const bearer = async (persona: string) => ({
      headers: { authorization: `Bearer ${await token(persona)}` },
      url: server.url,
      connections,
    })
    const same = [JSON.stringify(looking)]
    const loads: Record<'enquiry' | 'reading' | 'retrieval', Omit<Load, 'seconds'>> = {
      enquiry: { ...(await bearer('analyst')), bodies: people.map(bodyFor) },
      reading: { ...(await bearer('case-manager')), bodies: same, paths: meetings.map(({ reading }) => reading) },
      retrieval: { ...(await bearer('analyst')), bodies: same, paths: meetings.map(({ retrieval }) => retrieval) },
    }
    const rates: Record<keyof typeof loads, number[]> = { enquiry: [], reading: [], retrieval: [] }
    let failed = 0
    for (const load of Object.values(loads)) await measure({ ...load, seconds: 4 })
    await analyze(world)
    for (let round = 0; round < rounds; round += 1) {
      for (const name of Object.keys(loads) as (keyof typeof loads)[]) {
        const run = await measure({ ...loads[name], seconds })
        rates[name].push(run.perSecond)
        failed += run.failed
      }
    }
    const [enquiry, reading, retrieval] = [median(rates.enquiry), median(rates.reading), median(rates.retrieval)]
    return [
      { what: 'P10 enquiry of three categories, requests/s', value: enquiry, note: `${failed} not answered 200` },
      { what: 'P10 reading of a paragraph of minutes, requests/s', value: reading },
      { what: 'P10 retrieval under a permission, requests/s', value: retrieval },
      { what: 'P10 enquiry : reading', value: enquiry / reading, goal: '<= 1.2', met: enquiry / reading <= 1.2 },
      { what: 'P10 enquiry : retrieval', value: enquiry / retrieval, goal: '<= 1.2', met: enquiry / retrieval <= 1.2 },
    ]
  } finally {
    server.stop()
    await world.close()
  }
}
