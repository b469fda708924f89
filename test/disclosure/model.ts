import fc from 'fast-check'
import { expect } from 'vitest'
import { type Name, named } from '../conference/support.ts'
import { must } from '../journeys/support/agree.ts'
import { idOf } from '../casework/strand/strand-support.ts'
import { type Disclosures, type Scene, textsOf, to, versionOf } from './support.ts'

export const people = ['chair', 'deputy', 'case-manager', 'analyst'] as const
export type Person = (typeof people)[number] & Name

/** Requests, delegations and the rest are named by how many came before; what names none of them is left out. */
export type Act =
  | { readonly kind: 'appoint' | 'end-appointment' | 'delegate' | 'accept' | 'end-delegation' }
  | { readonly kind: 'request'; readonly by: Person; readonly recipient: Person }
  | { readonly kind: 'decide'; readonly by: Person; readonly nth: number; readonly part: boolean; readonly refuse: boolean }
  | { readonly kind: 'revoke'; readonly by: Person; readonly nth: number }
  | { readonly kind: 'expire'; readonly nth: number }
  | { readonly kind: 'read'; readonly by: Person; readonly nth: number; readonly purpose: 'risk-management' | 'prevent-detect' }

interface Asked {
  readonly requestId: string
  readonly by: Person
  readonly recipient: Person
  state: 'submitted' | 'refused' | 'active' | 'revoked' | 'expired'
  permissionId: string
  texts: readonly string[]
}

/** What a plain reading of the rules expects, kept apart from the code that it checks. */
export interface World {
  readonly scene: Scene
  readonly asked: Asked[]
  /** The case manager's appointment as a second chair of the area, while there is one. */
  secondChair: string | null
  delegation: { readonly id: string; accepted: boolean } | null
  reads: number
  granted: number
  refusedReads: number
}

export const texts = ['One.', 'Two.']

/** @param scene of an earlier sequence, whose requests are over and done with: a year has no more days for meetings than sequences need */
export const begin = async (house: Disclosures, scene?: Scene): Promise<World> => ({
  scene: scene ?? (await house.scene(texts)),
  ...{ asked: [], secondChair: null, delegation: null, reads: 0, granted: 0, refusedReads: 0 },
})

/** What was begun for this sequence does not reach into the next. */
export const finish = async (house: Disclosures, world: World): Promise<void> => {
  await play(house, world, { kind: 'end-appointment' })
  await play(house, world, { kind: 'end-delegation' })
}

const actsAsChair = (world: World, who: Person): boolean =>
  who === 'chair' || (who === 'case-manager' && world.secondChair !== null) || (who === 'deputy' && world.delegation?.accepted === true)
const mayDecide = (world: World, { by, recipient }: Asked, who: Person): boolean =>
  actsAsChair(world, who) && who !== by && who !== recipient

export const play = async (house: Disclosures, world: World, act: Act): Promise<void> => {
  switch (act.kind) {
    case 'request': {
      const requestId = await house.requested(world.scene, to(act.recipient), act.by)
      world.asked.push({ requestId, by: act.by, recipient: act.recipient, state: 'submitted', permissionId: '', texts: [] })
      return
    }
    case 'decide':
    case 'revoke':
    case 'expire':
    case 'read': {
      const asked = world.asked[act.nth % Math.max(1, world.asked.length)]
      if (asked !== undefined) await playOn(house, world, { act, asked })
      return
    }
    default:
      return playOffice(house, world, act.kind)
  }
}

const playOffice = async (
  house: Disclosures,
  world: World,
  kind: 'appoint' | 'end-appointment' | 'delegate' | 'accept' | 'end-delegation',
): Promise<void> => {
  if (kind === 'appoint' && world.secondChair === null) {
    const body = { ...named['case-manager'], role: 'chair', areaId: 'calder', fromAt: new Date(Date.now() - 60_000).toISOString() }
    world.secondChair = idOf(await house.as('admin').post('/v1/appointments', body), 'appointmentId')
  }
  if (kind === 'end-appointment' && world.secondChair !== null) {
    must(await house.as('admin').post(`/v1/appointments/${world.secondChair}/end`, { why: 'Moved' }), 200)
    world.secondChair = null
  }
  if (kind === 'delegate' && world.delegation === null) {
    world.delegation = { id: await house.delegate({ acts: ['decide-disclosure', 'revoke-permission'] }), accepted: false }
  }
  if (kind === 'accept' && world.delegation !== null) {
    const reply = await house.accept(world.delegation.id)
    expect(reply.status).toBe(world.delegation.accepted ? 409 : 201)
    world.delegation.accepted = true
  }
  if (kind === 'end-delegation' && world.delegation !== null) {
    must(await house.as('chair').post(`/v1/delegations/${world.delegation.id}/revocation`, { why: 'Back at work' }), 201)
    world.delegation = null
  }
}

interface On {
  readonly act: Extract<Act, { kind: 'decide' | 'revoke' | 'expire' | 'read' }>
  readonly asked: Asked
}

const playOn = async (house: Disclosures, world: World, { act, asked }: On): Promise<void> => {
  if (act.kind === 'decide') return decide(house, world, { act, asked })
  if (asked.permissionId === '') return
  if (act.kind === 'revoke') {
    const may = actsAsChair(world, act.by)
    const reply = await house.revoke(asked.permissionId, act.by)
    expect([act, reply.status === 201]).toEqual([act, may && asked.state === 'active'])
    if (reply.status === 201) asked.state = 'revoked'
    return
  }
  if (act.kind === 'expire') {
    if (asked.state !== 'active') return
    await expireNow(house, asked.permissionId)
    asked.state = 'expired'
    return
  }
  const reply = await house.retrieve(asked.permissionId, act.by, { purpose: act.purpose })
  const may = asked.state === 'active' && act.by === asked.recipient && act.purpose === 'risk-management'
  // Exactly what was granted, or nothing at all.
  expect([act, reply.status === 200, textsOf(reply)]).toEqual([act, may, may ? asked.texts : []])
  if (may) world.reads += 1
  else world.refusedReads += 1
}

const decide = async (
  house: Disclosures,
  world: World,
  { act, asked }: { readonly act: Extract<Act, { kind: 'decide' }>; readonly asked: Asked },
): Promise<void> => {
  const part = { decision: 'grant-part', paragraphs: [versionOf(world.scene.paragraphs[1]!)] }
  const body = act.refuse ? { decision: 'refuse' } : act.part ? part : { decision: 'grant-whole' }
  const version = asked.state === 'submitted' ? 1 : asked.state === 'revoked' ? 3 : 2
  const reply = await house.decide(asked.requestId, body, act.by, `"${version}"`)
  const may = asked.state === 'submitted' && mayDecide(world, asked, act.by)
  expect([act, asked.by, asked.recipient, reply.status === 201]).toEqual([act, asked.by, asked.recipient, may])
  if (!may) return
  asked.state = act.refuse ? 'refused' : 'active'
  if (act.refuse) return
  asked.permissionId = String(reply.body.permissionId)
  asked.texts = act.part ? texts.slice(1) : texts
  world.granted += 1
}

/** Its last day ends now; what was read under it before stays what was read within it. */
const expireNow = async (house: Disclosures, permissionId: string): Promise<void> => {
  const { owner } = house.database
  await owner.query({ text: 'alter table permission disable trigger all' })
  await owner.query({ text: 'update permission set expires_at = statement_timestamp() where id = $1', values: [permissionId] })
  await owner.query({ text: 'alter table permission enable trigger all' })
}

const person = fc.constantFrom<Person>(...people)
const nth = fc.nat({ max: 5 })
export const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('appoint', 'end-appointment') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('delegate', 'accept', 'accept', 'end-delegation') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('request'),
      by: fc.constantFrom<Person>('analyst', 'chair', 'case-manager'),
      recipient: person,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('decide'),
      by: person,
      nth,
      part: fc.boolean(),
      refuse: fc.integer().map((n) => n % 6 === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke'), by: person, nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire'), nth }) },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ kind: fc.constant('read'), by: person, nth },
      purpose: fc.constantFrom('risk-management', 'risk-management', 'risk-management', 'prevent-detect'),
    }),
  },
) as fc.Arbitrary<Act>

/** Reads that no permission explains, and decisions in one's own cause; counted from what stands in the tables. */
export const unexplained = async (house: Disclosures, conferenceId: string): Promise<{ reads: number; stray: number; own: number }> => {
  const text = `
    select count(t.entry_id) as reads,
           count(t.entry_id) filter (where (t.holder_agency, t.holder_sub) <> (r.recipient_agency, r.recipient_sub)
             or t.retrieved_at < m.from_at or t.retrieved_at >= m.expires_at
             or exists (select from disclosure_request_event e
                         where e.request_id = r.id and e.kind = 'revoked' and e.happened_at <= t.retrieved_at)) as stray,
           (select count(*) from disclosure_request_event e join disclosure_request q on q.id = e.request_id
             where q.conference_id = $1 and e.kind in ('granted-whole', 'granted-part', 'refused')
               and (e.by_agency, e.by_person) in ((q.requester_agency, q.requester_sub), (q.recipient_agency, q.recipient_sub))) as own
      from disclosure_request r
      join permission m on m.request_id = r.id
      join permission_retrieval t on t.permission_id = m.id
     where r.conference_id = $1`
  const { rows } = await house.database.owner.query<{ reads: number; stray: number; own: number }>({ text, values: [conferenceId] })
  return rows[0]!
}
