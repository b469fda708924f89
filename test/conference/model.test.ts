import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import { type Meetings, type Name, named, openMeetings } from './support.ts'

let house: Meetings
beforeAll(async () => {
  house = await openMeetings()
})
afterAll(() => house.close())

const people = ['chair', 'deputy', 'case-manager', 'keyworker'] as const
type Person = (typeof people)[number]

type Act =
  | { readonly kind: 'attend'; readonly who: Person; readonly state: string }
  | { readonly kind: 'exclude'; readonly who: Person; readonly by: 'chair' | 'deputy' }
  | { readonly kind: 'acknowledge' | 'withdraw' | 'read'; readonly who: Person }
  | { readonly kind: 'delegate'; readonly papers: boolean }
  | { readonly kind: 'accept' | 'revoke' }

/** What a plain reading of the rules expects, kept apart from the code that it checks. */
interface World {
  readonly state: Map<Person, string>
  readonly acknowledged: Set<Person>
  /** Newest last; the acts that matter here are reading and excluding. */
  readonly delegations: { readonly id: string; readonly papers: boolean; accepted: boolean; revoked: boolean }[]
  reads: number
}

const was = ({ state }: World, who: Person): boolean => (state.get(who) ?? (who === 'chair' ? 'attended' : 'absent')) === 'attended'
const live = (world: World, papers: boolean): boolean =>
  world.delegations.some((one) => one.accepted && !one.revoked && one.papers === papers)
const mayRead = (world: World, who: Person): string => {
  const standsIn = who === 'deputy' && world.state.get(who) !== 'excluded' && live(world, true) && was(world, 'chair')
  if (!was(world, who) && !standsIn) return 'not-attendee'
  return world.acknowledged.has(who) ? 'read' : 'not-acknowledged'
}

const play = async (conferenceId: string, world: World, act: Act): Promise<void> => {
  switch (act.kind) {
    case 'attend': {
      const reply = await house.attend(conferenceId, { [act.who]: act.state })
      const excluded = world.state.get(act.who) === 'excluded'
      expect([act, reply.status]).toEqual([act, excluded ? 403 : 201])
      if (!excluded) world.state.set(act.who, act.state)
      return
    }
    case 'exclude': {
      const reply = await house.attend(conferenceId, { [act.who]: 'excluded' }, act.by)
      const may = act.by === 'chair' || live(world, false)
      expect([act, reply.status]).toEqual([act, may ? 201 : 403])
      if (may) world.state.set(act.who, 'excluded')
      return
    }
    case 'acknowledge': {
      const reply = await house.acknowledge(conferenceId, act.who)
      const may = act.who === 'chair' || world.state.has(act.who) || (act.who === 'deputy' && live(world, true))
      expect([act, reply.status]).toEqual([act, may ? 201 : 403])
      if (may) world.acknowledged.add(act.who)
      return
    }
    case 'withdraw': {
      const reply = await house.as(act.who).post(`/v1/conferences/${conferenceId}/acknowledgements/withdrawal`)
      expect([act, reply.status]).toEqual([act, world.acknowledged.has(act.who) ? 201 : 409])
      world.acknowledged.delete(act.who)
      return
    }
    case 'delegate': {
      const acts = [act.papers ? 'read-papers' : 'exclude-attendee']
      world.delegations.push({ id: await house.delegate({ conferenceId, acts }), papers: act.papers, accepted: false, revoked: false })
      return
    }
    case 'accept':
    case 'revoke':
      return answer(world, act.kind)
    case 'read': {
      const reply = await house.read(conferenceId, act.who)
      const expected = mayRead(world, act.who)
      expect([act, reply.status === 200 ? 'read' : reply.body.code]).toEqual([act, expected])
      if (expected === 'read') world.reads += 1
    }
  }
}

const answer = async (world: World, kind: 'accept' | 'revoke'): Promise<void> => {
  const last = world.delegations.at(-1)
  if (last === undefined) return
  if (kind === 'accept') {
    const reply = await house.accept(last.id)
    expect(reply.status).toBe(last.accepted || last.revoked ? 409 : 201)
    if (!last.revoked) last.accepted = true
    return
  }
  const reply = await house.as('chair').post(`/v1/delegations/${last.id}/revocation`, { why: 'Back at work' })
  expect(reply.status).toBe(last.revoked ? 409 : 201)
  last.revoked = true
}

const who = fc.constantFrom(...people)
const sizes = currentSizes()

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('attend'), who, state: fc.constantFrom('attended', 'apologies', 'invited-absent') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exclude'), who, by: fc.constantFrom('chair', 'deputy') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('acknowledge'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw'), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delegate'), papers: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('accept', 'revoke') }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read'), who }) },
) as fc.Arbitrary<Act>

describe('whatever is recorded, in whatever order', () => {
  it(
    'a paper is read by exactly those who were there or stand in for a chair who was, and acknowledged; each reading is on record',
    async () => {
      let read = 0
      await fc.assert(
        fc.asyncProperty(fc.array(acts, { minLength: 10, maxLength: 24 }), async (sequence) => {
          const { conferenceId, offenderId } = await house.meeting()
          await house.write(conferenceId, [{ text: 'Four burglaries.', offenderId }])
          const world: World = { state: new Map(), acknowledged: new Set(), delegations: [], reads: 0 }
          const beginning: readonly Act[] = [
            { kind: 'attend', who: 'keyworker', state: 'attended' },
            { kind: 'acknowledge', who: 'keyworker' },
            { kind: 'acknowledge', who: 'chair' },
            { kind: 'delegate', papers: true },
            { kind: 'accept' },
          ]
          for (const act of [...beginning, ...sequence]) await play(conferenceId, world, act)
          const text = `select count(*) as count from paragraph_reading r join paragraph p on p.id = r.paragraph_id where p.conference_id = $1`
          const { rows } = await house.database.owner.query<{ count: number }>({ text, values: [conferenceId] })
          expect(rows[0]!.count).toBe(world.reads)
          read += world.reads
        }),
        { numRuns: sizes.meetings },
      )
      // A run in which nobody ever read would have proved nothing.
      expect(read).toBeGreaterThan(sizes.meetings)
    },
    sizes.limitMs,
  )

  it('is noticed by the model where it is wrong: an acknowledgement that nobody gave', async () => {
    const { conferenceId, offenderId } = await house.meeting()
    await house.write(conferenceId, [{ text: 'Four burglaries.', offenderId }])
    const world: World = { state: new Map(), acknowledged: new Set<Person>(['keyworker']), delegations: [], reads: 0 }
    await play(conferenceId, world, { kind: 'attend', who: 'keyworker', state: 'attended' })
    await expect(play(conferenceId, world, { kind: 'read', who: 'keyworker' })).rejects.toThrow('to deeply equal')
    expect(Object.keys(named) as readonly Name[]).toEqual(expect.arrayContaining([...people]))
  })
})
