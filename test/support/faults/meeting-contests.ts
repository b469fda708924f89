import { createHash } from 'node:crypto'
import { daysAfter, londonDay } from '../../../src/core/london.ts'
import { confidentialityStatement } from '../../../src/sandbox/cast.ts'
import type { Reply } from './client.ts'
import type { Field } from './contests.ts'
import type { Contest } from './race.ts'
import type { Who } from './tokens.ts'

const chair: Who = { agencyId: 'ridings-police', sub: 'chair' }
const spoc: Who = { agencyId: 'ridings-partnership', sub: 'spoc' }
const keyworker: Who = { agencyId: 'fresh-steps', sub: 'keyworker' }
const deputy: Who = { agencyId: 'ridings-probation', sub: 'deputy' }

const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the review' }
const statementHash = createHash('sha256').update(confidentialityStatement).digest('base64url')
let held = 0

const post =
  ({ rig }: Pick<Field, 'rig'>, who: Who, path: string, body?: unknown) =>
  async (url: string): Promise<Reply> =>
    rig.ask({ url, path, token: await rig.tokenFor(who), body })

const made = async (reply: Promise<Reply>): Promise<Reply['body']> => {
  const { status, text, body } = await reply
  if (status >= 300) throw new Error(`What the round needs was not made: ${status} ${text}`)
  return body
}

interface Meeting {
  readonly path: string
  readonly offenderId: string
}

/** A meeting of its own for each round, whose minutes say one thing about one person. */
const holdMeeting = async (field: Field, offenderId: string, on?: string): Promise<Meeting> => {
  held += 1
  // Of each kind one a day, and the chair was appointed this year.
  const heldOn = on ?? daysAfter(londonDay(new Date()), -Math.ceil(held / 2))
  const conference = {
    kind: held % 2 === 0 ? 'dmm' : 'case-conference',
    areaId: 'calder',
    heldOn,
    chair: { agencyId: chair.agencyId, sub: chair.sub },
  }
  const { conferenceId } = await made(post(field, spoc, '/v1/conferences', conference)(field.url))
  const path = `/v1/conferences/${String(conferenceId)}`
  const finding = { offenderId, riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'], finding: 'Four burglaries.' }
  await made(post(field, spoc, `${path}/agenda`, { offenderId, item: 'review' })(field.url))
  await made(post(field, spoc, `${path}/discussions`, finding)(field.url))
  const paragraphs = [{ text: 'Four burglaries.', offenderId, originatorAgencyId: 'ridings-police' }]
  await made(post(field, spoc, `${path}/minutes`, { form: 'minutes', paragraphs })(field.url))
  return { path, offenderId }
}

const first = { statementVersion: 1, statementHash }
const acknowledge = (field: Field, who: Who, { path }: Meeting, statement = first): Promise<unknown> =>
  made(post(field, who, `${path}/acknowledgements`, statement)(field.url))

const attend = (field: Field, { path }: Meeting, state: string) =>
  post(field, chair, `${path}/attendance`, { people: [{ agencyId: keyworker.agencyId, sub: keyworker.sub, part: 'core-member', state }] })

const readersOf = (field: Field, who: Who, { path }: Meeting) =>
  Array.from({ length: field.readers }, () => post(field, who, `${path}/readings`, looking))

const roundsOf = async function* (field: Field): AsyncGenerator<Meeting> {
  for (const offenderId of field.offenderIds) yield holdMeeting(field, offenderId)
}

/** The reader takes back what they undertook for that meeting. */
export async function* acknowledgementWithdrawn(field: Field): AsyncGenerator<Contest> {
  for await (const meeting of roundsOf(field)) {
    await made(attend(field, meeting, 'attended')(field.url))
    await acknowledge(field, keyworker, meeting)
    yield {
      offenderId: meeting.offenderId,
      only: { personSub: keyworker.sub },
      readers: readersOf(field, keyworker, meeting),
      stop: post(field, keyworker, `${meeting.path}/acknowledgements/withdrawal`),
    }
  }
}

/** The chair sends the reader out of the room. */
export async function* attendeeExcluded(field: Field): AsyncGenerator<Contest> {
  for await (const meeting of roundsOf(field)) {
    await made(attend(field, meeting, 'attended')(field.url))
    await acknowledge(field, keyworker, meeting)
    const stop = attend(field, meeting, 'excluded')
    yield { offenderId: meeting.offenderId, only: { personSub: keyworker.sub }, readers: readersOf(field, keyworker, meeting), stop }
  }
}

/** The chair takes back the delegation under which the deputy reads. */
export async function* delegationRevoked(field: Field): AsyncGenerator<Contest> {
  for await (const meeting of roundsOf(field)) {
    const delegation = {
      ...{
        areaId: 'calder',
        conferenceId: meeting.path.slice('/v1/conferences/'.length),
        deputy: { agencyId: deputy.agencyId, sub: deputy.sub },
      },
      ...{ acts: ['read-papers'], fromAt: '2026-01-10T00:00:00Z', toAt: '2099-01-01T00:00:00Z' },
    }
    const { delegationId } = await made(post(field, chair, '/v1/delegations', delegation)(field.url))
    await made(post(field, deputy, `/v1/delegations/${String(delegationId)}/answer`, { decision: 'accept' })(field.url))
    await acknowledge(field, deputy, meeting)
    yield {
      offenderId: meeting.offenderId,
      only: { personSub: deputy.sub },
      readers: readersOf(field, deputy, meeting),
      stop: post(field, chair, `/v1/delegations/${String(delegationId)}/revocation`, { why: 'Back at work' }),
    }
  }
}

const analyst: Who = { agencyId: 'ridings-police', sub: 'analyst' }
const why = {
  what: 'What was said of the burglaries.',
  necessity: 'The visit cannot be planned without it.',
  proportionality: 'One paragraph, to one person.',
  lessIntrusive: 'A summary would leave out the addresses.',
}
const found = {
  ...{ decision: 'grant-whole', riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'] },
  ...{ necessity: 'Needed for the visit.', proportionality: 'No more than that.' },
}

/** The chair takes back the permission under which somebody who was not there retrieves what was said. */
export const permissionRevoked = (field: Field): AsyncGenerator<Contest> => revokedOver(field, {})

/** The same of a part of the record, kept in the gateway or asked for in its supplier's own system after the intent is committed. */
export const recordRevoked =
  (supplierAgencyId: 'young-horizons' | 'fresh-steps') =>
  (field: Field): AsyncGenerator<Contest> =>
    revokedOver(field, { records: [{ category: 'engagement', supplierAgencyId, fields: ['attendance', 'progress'] }] })

async function* revokedOver(field: Field, what: object): AsyncGenerator<Contest> {
  const { purpose, legalGateway } = looking
  for await (const { path, offenderId } of roundsOf(field)) {
    const conferenceId = path.slice('/v1/conferences/'.length)
    const recipient = { agencyId: analyst.agencyId, sub: analyst.sub }
    const asked = { conferenceId, offenderId, recipient, purpose, legalGateway, ...why, ...what }
    const { requestId } = await made(post(field, analyst, '/v1/disclosure-requests', asked)(field.url))
    const token = await field.rig.tokenFor(chair)
    const decision = { path: `/v1/disclosure-requests/${String(requestId)}/decisions`, headers: { 'if-match': '"1"' }, body: found }
    const { permissionId } = await made(field.rig.ask({ url: field.url, token, ...decision }))
    const disclosure = `/v1/disclosures/${String(permissionId)}`
    yield {
      offenderId,
      only: { personSub: analyst.sub },
      readers: Array.from({ length: field.readers }, () => post(field, analyst, `${disclosure}/retrievals`, looking)),
      stop: post(field, chair, `${disclosure}/revocation`, { why: 'Not needed any more' }),
    }
  }
}

/** A further version of the statement binds the meeting from now on: what was acknowledged is another undertaking. */
export async function* statementPublished(field: Field): AsyncGenerator<Contest> {
  const officer: Who = { agencyId: 'ridings-partnership', sub: 'ig-officer' }
  let binding = first
  for (const [round, offenderId] of field.offenderIds.entries()) {
    const fromOn = daysAfter(londonDay(new Date()), 2 + round)
    const meeting = await holdMeeting(field, offenderId, fromOn)
    // Before the day nobody has come; the chair prepares, and so has acknowledged what will be read out.
    await acknowledge(field, chair, meeting, binding)
    const text = `What is said here stays here. As read out from ${fromOn} on.`
    const stop = post(field, officer, '/v1/confidentiality-statements', { text, fromOn })
    yield { offenderId, only: { personSub: chair.sub }, readers: readersOf(field, chair, meeting), stop }
    binding = { statementVersion: binding.statementVersion + 1, statementHash: createHash('sha256').update(text).digest('base64url') }
  }
}
