import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actingChair, chairedOn, type ChairFacts, type ChairQuestion, type Delegation } from '../../src/core/conference/acting-chair.ts'
import { acknowledgementOf, attendanceOf, type MeetingFile } from '../../src/core/conference/attendance.ts'
import { delegationState } from '../../src/core/conference/delegation-state.ts'
import { attendanceStates, delegatedActs } from '../../src/core/case-vocabulary.ts'

const at = (ms: number): Date => new Date(Date.UTC(2026, 5, 1) + ms)
const chair = { agencyId: 'police', sub: 'chair' }
const deputy = { agencyId: 'probation', sub: 'deputy' }
const other = { agencyId: 'probation', sub: 'other' }
const conference = { id: 'c1', areaId: 'north' }

const delegation = (more: Partial<Delegation> = {}): Delegation => ({
  ...{ id: 'd1', areaId: 'north', conferenceId: null, chair, deputy, acts: ['decide-disclosure'] },
  ...{ fromAt: at(1_000), toAt: at(9_000), acceptedAt: at(0), endedAt: null },
  ...more,
})
const facts = (delegations: readonly Delegation[], chairTo: Date | null = null): ChairFacts => ({
  chairs: [{ person: chair, fromAt: at(0), toAt: chairTo }],
  delegations,
})
const ask = (ms: number, more: Partial<ChairQuestion> = {}): ChairQuestion => ({
  ...{ person: deputy, conference, act: 'decide-disclosure', at: at(ms), ...more },
})
const may = (given: ChairFacts, question: ChairQuestion): string => {
  const authority = actingChair(given, question)
  return authority.may ? authority.as : authority.because
}

describe('who may act as chair', () => {
  it.each([
    ['starts', facts([delegation()]), 1_000, ['not-started', 'delegate', 'delegate']],
    ['ends', facts([delegation()]), 9_000, ['delegate', 'ended', 'ended']],
    ['is accepted', facts([delegation({ acceptedAt: at(3_000) })]), 3_000, ['not-accepted', 'delegate', 'delegate']],
    ['is revoked', facts([delegation({ endedAt: at(4_000) })]), 4_000, ['delegate', 'ended', 'ended']],
    ['loses its chair', facts([delegation()], at(5_000)), 5_000, ['delegate', 'chair-ended', 'chair-ended']],
  ] as const)('changes at the very instant at which the delegation %s', (_what, given, instant, expected) => {
    expect([instant - 1, instant, instant + 1].map((ms) => may(given, ask(ms)))).toEqual(expected)
  })

  it('is the chair at the first instant of the appointment, for nobody, and not at its last', () => {
    const given: ChairFacts = { chairs: [{ person: chair, fromAt: at(1_000), toAt: at(2_000) }], delegations: [] }
    const asked = [999, 1_000, 1_001, 1_999, 2_000, 2_001].map((ms) => may(given, ask(ms, { person: chair })))
    expect(asked).toEqual(['none', 'chair', 'chair', 'chair', 'none', 'none'])
    expect(actingChair(given, ask(1_500, { person: chair }))).toMatchObject({ actingFor: null, delegationId: null, lapsesAt: at(2_000) })
  })

  it('is told for whom, by which delegation and until when', () => {
    expect(actingChair(facts([delegation()], at(7_000)), ask(2_000))).toEqual({
      ...{ may: true, as: 'delegate', actingFor: chair, delegationId: 'd1', lapsesAt: at(7_000) },
    })
    const longer = delegation({ id: 'd2', toAt: at(20_000) })
    expect(actingChair(facts([delegation(), longer]), ask(2_000))).toMatchObject({ delegationId: 'd2', lapsesAt: at(20_000) })
  })

  it('is a deputy under a standing delegation for whoever chairs then, and for nobody while nobody does', () => {
    const standing = delegation({ chair: null, toAt: null })
    const given: ChairFacts = {
      chairs: [
        { person: chair, fromAt: at(0), toAt: at(3_000) },
        { person: other, fromAt: at(4_000), toAt: null },
      ],
      delegations: [standing],
    }
    const asked = [2_000, 3_500, 4_000].map((ms) => actingChair(given, ask(ms)))
    expect(asked.map((one) => (one.may ? one.actingFor : one.because))).toEqual([chair, 'chair-ended', other])
    expect(may({ chairs: [{ person: deputy, fromAt: at(0), toAt: at(2_000) }], delegations: [standing] }, ask(2_500))).toBe('chair-ended')
  })

  it('is limited to the acts and meetings that the chair named, and never passed on', () => {
    expect(may(facts([delegation()]), ask(2_000, { act: 'read-papers' }))).toBe('act')
    expect(may(facts([delegation({ conferenceId: 'c2' })]), ask(2_000))).toBe('scope')
    expect(may(facts([delegation({ areaId: 'south' })]), ask(2_000))).toBe('scope')
    // Written by a delegate: no appointment stands behind it.
    const passedOn = delegation({ id: 'd3', chair: deputy, deputy: other })
    expect(may(facts([delegation(), passedOn]), ask(2_000, { person: other }))).toBe('chair-ended')
  })

  it('once valid stays so for the instant of the act, whatever ended since', () => {
    const ended = delegation({ endedAt: at(4_000) })
    expect(may(facts([ended], at(3_500)), ask(2_000))).toBe('delegate')
  })

  it('is nobody but by a live, accepted delegation of the chair that chairs then (any facts)', () => {
    const instant = fc.integer({ min: 0, max: 20 }).map((step) => at(step * 500))
    const maybe = fc.option(instant, { nil: null })
    const person = fc.constantFrom(chair, deputy, other)
    const anyDelegation: fc.Arbitrary<Delegation> = fc.record({
      id: fc.constantFrom('d1', 'd2', 'd3'),
      areaId: fc.constantFrom('north', 'south'),
      conferenceId: fc.constantFrom(null, 'c1', 'c2'),
      chair: fc.option(person, { nil: null }),
      deputy: person,
      acts: fc.subarray([...delegatedActs], { minLength: 1 }),
      fromAt: instant,
      toAt: maybe,
      acceptedAt: maybe,
      endedAt: maybe,
    })
    const held = fc.record({ person, fromAt: instant, toAt: maybe })
    fc.assert(
      fc.property(
        fc.record({ chairs: fc.array(held, { maxLength: 3 }), delegations: fc.array(anyDelegation, { maxLength: 4 }) }),
        fc.record({ person, conference: fc.constant(conference), act: fc.constantFrom(...delegatedActs), at: instant }),
        (given, question) => {
          const authority = actingChair(given, question)
          const chairing = given.chairs.filter((one) => one.fromAt <= question.at && (one.toAt === null || question.at < one.toAt))
          if (!authority.may) return !chairing.some((one) => one.person === question.person)
          if (authority.as === 'chair') return chairing.some((one) => one.person === question.person)
          return given.delegations.some(
            (one) =>
              one.id === authority.delegationId &&
              one.deputy === question.person &&
              one.areaId === 'north' &&
              one.conferenceId !== 'c2' &&
              one.acts.includes(question.act) &&
              delegationState(one, question.at) === 'in-force' &&
              authority.actingFor !== question.person &&
              chairing.some(({ person: chairs }) => chairs === authority.actingFor && (one.chair === null || one.chair === chairs)) &&
              (authority.lapsesAt === null || authority.lapsesAt > question.at),
          )
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('who chaired a day', () => {
  const day = { fromAt: at(2_000), toAt: at(4_000) }
  const standing = (more: Partial<Delegation> = {}) => facts([delegation({ acts: ['chair-meeting'], ...more })])
  const on = (given: ChairFacts, person = deputy) => {
    const authority = chairedOn(given, { person, areaId: 'north', day })
    return authority.may ? authority.as : authority.because
  }

  it.each([
    ['accepted before', standing(), 'delegate'],
    ['accepted in the course of it', standing({ acceptedAt: at(3_000) }), 'delegate'],
    ['accepted only afterwards', standing({ acceptedAt: at(4_000) }), 'not-accepted'],
    ['ended in the course of it', standing({ endedAt: at(2_001) }), 'delegate'],
    ['ended before', standing({ endedAt: at(2_000) }), 'ended'],
    ['begun only afterwards', standing({ fromAt: at(4_000) }), 'not-started'],
    ['never accepted', standing({ acceptedAt: null }), 'not-accepted'],
    ['for other acts', facts([delegation()]), 'act'],
    ['for one meeting only', standing({ conferenceId: 'c1' }), 'scope'],
    ['none at all, whatever the appointment', facts([]), 'none'],
  ] as const)('under a delegation %s', (_what, given, expected) => {
    expect(on(given)).toBe(expected)
  })

  it('as chair, where the appointment holds for a part of it', () => {
    const chaired = (fromAt: Date, toAt: Date | null) => on({ chairs: [{ person: chair, fromAt, toAt }], delegations: [] }, chair)
    expect([chaired(at(3_999), null), chaired(at(4_000), null), chaired(at(0), at(2_001)), chaired(at(0), at(2_000))]).toEqual([
      ...['chair', 'none', 'chair', 'none'],
    ])
  })
})

describe('who was at a meeting', () => {
  const file = (more: Partial<MeetingFile> = {}): MeetingFile => ({
    ...{ chair, spoc: { agencyId: 'partnership', sub: 'spoc' }, statementVersion: 2, invited: true, state: null, chairState: null },
    ...{ acknowledgedVersion: null, ownActions: 0, ...more },
  })
  const none = { may: false, because: 'none' } as const
  const standIn = { may: true, as: 'delegate', actingFor: chair, delegationId: 'd1', lapsesAt: null } as const

  it.each([
    ...attendanceStates.map((state) => [state, state === 'attended' ? 'attended' : 'not-attended'] as const),
    [null, 'not-attended'] as const,
  ])('with %s recorded: %s', (state, expected) => {
    expect(attendanceOf(file({ state }), deputy, none)).toBe(expected)
  })

  it('counts the chair by office, unless the record says otherwise, and whoever stands in for a chair that was there', () => {
    expect(attendanceOf(file(), chair, none)).toBe('attended')
    expect(attendanceOf(file({ state: 'apologies' }), chair, none)).toBe('not-attended')
    expect(attendanceOf(file(), deputy, standIn)).toBe('acting-chair')
    expect(attendanceOf(file({ chairState: 'apologies' }), deputy, standIn)).toBe('not-attended')
    expect(attendanceOf(file({ state: 'excluded' }), deputy, standIn)).toBe('not-attended')
    // A new chair of the area was not the chair of that meeting.
    expect(attendanceOf(file(), deputy, { ...standIn, actingFor: other })).toBe('not-attended')
  })

  it('holds an acknowledgement for the version that binds the meeting, and for no other', () => {
    expect([null, 1, 2, 3].map((acknowledgedVersion) => acknowledgementOf(file({ acknowledgedVersion })))).toEqual([
      ...['not-acknowledged', 'not-acknowledged', 'acknowledged', 'not-acknowledged'],
    ])
    expect(acknowledgementOf(file({ statementVersion: null }))).toBe('not-acknowledged')
  })
})
