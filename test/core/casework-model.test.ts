import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awaitsReleaseDecision, type CaseState } from '../../src/core/casework/lead/case-state.ts'
import { consentConsequence } from '../../src/core/casework/strand/consent-consequence.ts'
import { decideCustody } from '../../src/core/casework/strand/custody.ts'
import { decideMove } from '../../src/core/casework/strand/decide-move.ts'
import { consentFollowUp } from '../../src/core/case/consent.ts'
import { daysAfter, londonDay } from '../../src/core/london.ts'
import { strands, type AgencyKind, type Strand } from '../../src/core/vocabulary.ts'
import { custodyStatuses, strandTriggers, type CustodyStatus, type StrandTrigger } from '../../src/core/case-vocabulary.ts'
import { shipped } from '../support/facts.ts'

const rules = shipped.bundle.change!

const agencies: readonly { id: string; kind: AgencyKind }[] = [
  { id: 'police', kind: 'police' },
  { id: 'dip-police', kind: 'dip-police' },
  { id: 'dip', kind: 'dip' },
  { id: 'probation', kind: 'probation' },
  { id: 'yos', kind: 'yos' },
  { id: 'provider', kind: 'third-sector' },
  { id: 'young', kind: 'yp-provider' },
  { id: 'prison', kind: 'prison' },
  { id: 'prison-two', kind: 'prison' },
]
const kindOf = (id: string | null): AgencyKind | null => agencies.find((one) => one.id === id)?.kind ?? null
const ids = agencies.map(({ id }) => id)

/** The case, what happened to it so far, and what waits: a case's whole life without a database. */
interface World {
  readonly state: CaseState
  readonly at: Date
  readonly pending: { toStrand: Strand; toLead: string; row: string } | null
  readonly refused: 'none' | 'asked' | 'decided'
  readonly history: readonly Moved[]
}
interface Moved {
  readonly by: string
  readonly why: StrandTrigger | 'registration'
  readonly strand: Strand
  readonly lead: string
  readonly leadBefore: string | null
}

type Step =
  | {
      readonly do: 'move'
      readonly by: string
      readonly toStrand: Strand
      readonly trigger: StrandTrigger
      readonly provider: string | null
      readonly cites: boolean
    }
  | { readonly do: 'answer'; readonly by: string; readonly accepted: boolean }
  | { readonly do: 'custody'; readonly by: string; readonly status: CustodyStatus; readonly establishment: string | null }
  | { readonly do: 'consent'; readonly kind: 'given' | 'refused' | 'withdrawn' | 'sought' | 'no-capacity' }
  | { readonly do: 'decide' }
  | { readonly do: 'years'; readonly days: number }
  | { readonly do: 'supervise'; readonly by: 'probation' | 'yos' | null }

const someone = fc.constantFrom(...ids)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      by: someone,
      toStrand: fc.constantFrom(...strands),
      trigger: fc.oneof(fc.constantFrom(...strandTriggers), fc.constantFrom('release', 'consent-refused', 'conference-decision')),
      provider: fc.constantFrom('provider', 'young', null),
      cites: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), by: someone, accepted: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('custody' as const),
      by: someone,
      status: fc.constantFrom(...custodyStatuses),
      establishment: fc.constantFrom('prison', 'prison-two', null),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('consent' as const),
      kind: fc.constantFrom('given', 'refused', 'withdrawn', 'sought', 'no-capacity'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'decide' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('years' as const), days: fc.integer({ min: 1, max: 500 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('supervise' as const), by: fc.constantFrom('probation', 'yos', null) }) },
)

const begin = fc.record({
  cohort: fc.constantFrom('ppo', 'iom', 'dyo'),
  age: fc.integer({ min: 11, max: 40 }),
  dip: fc.boolean(),
  strand: fc.constantFrom(...strands),
})

const register = (drawn: { cohort: 'ppo' | 'iom' | 'dyo'; age: number; dip: boolean; strand: Strand }): World => {
  const at = new Date('2026-03-02T10:00:00Z')
  const state: CaseState = {
    ...{ cohort: drawn.cohort, bornOn: daysAfter(londonDay(at), -drawn.age * 366), statutory: true, supervisorAgencyId: 'probation' },
    ...{ supervisorKind: 'probation', dip: drawn.dip, custodyAgencyId: null, areaId: 'calder', strand: drawn.strand },
    ...{ leadAgencyId: 'probation', leadAgencyKind: 'probation' },
  }
  return {
    state,
    at,
    pending: null,
    refused: 'none',
    history: [{ by: 'probation', why: 'registration', strand: drawn.strand, lead: 'probation', leadBefore: null }],
  }
}

const settle = (world: World, moved: Moved): World => ({
  ...world,
  pending: null,
  state: { ...world.state, strand: moved.strand, leadAgencyId: moved.lead, leadAgencyKind: kindOf(moved.lead) },
  history: [...world.history, moved],
})

const move = (world: World, asked: Extract<Step, { do: 'move' }>): World => {
  const { state, at } = world
  const evidence = rules.evidence.kinds.map(({ id }) => ({ id, kind: id, state: 'accepted' }))
  const verdict = decideMove({
    ...{ state, at, rules, callerAgencyId: asked.by, agencies, namedLeadId: null },
    provider: asked.provider === null ? null : { id: asked.provider, kind: kindOf(asked.provider)!, signed: true, delivers: true },
    move: {
      ...{ toStrand: asked.toStrand, trigger: asked.trigger, justification: 'Because.', conferenceId: 'c', policeDecisionId: 'd' },
      evidenceIds: asked.cites ? evidence.map(({ id }) => id) : [],
    },
    grounds: {
      evidence,
      conference: { kind: 'case-conference', areaId: 'calder', heldOn: '2026-03-01', onAgenda: true },
      policeDecision: world.refused === 'decided' ? { outcome: 'catch-and-control', state: 'to-be-recorded' } : null,
    },
  })
  if (!verdict.allowed) return world
  const moved = { by: asked.by, why: asked.trigger, strand: asked.toStrand, lead: verdict.leadAgencyId, leadBefore: state.leadAgencyId }
  if (!verdict.immediate)
    return world.pending === null ? { ...world, pending: { toStrand: moved.strand, toLead: moved.lead, row: verdict.row } } : world
  const settled = settle(world, moved)
  return asked.trigger === 'consent-refused' ? { ...settled, refused: 'none' } : settled
}

const custody = (world: World, said: Extract<Step, { do: 'custody' }>): World => {
  const caller = { id: said.by, kind: kindOf(said.by)! }
  const verdict = decideCustody({ state: world.state, caller, status: said.status, establishmentId: said.establishment, rules })
  if (!verdict.allowed || verdict.effect === 'none') return world
  if (verdict.effect === 'release') return { ...world, state: { ...world.state, custodyAgencyId: null } }
  const held = { ...world, state: { ...world.state, custodyAgencyId: said.establishment } }
  return settle(held, {
    by: said.by,
    why: 'custody-entry',
    strand: 'rehabilitate-and-resettle',
    lead: said.establishment!,
    leadBefore: world.state.leadAgencyId,
  })
}

const consent = (world: World, kind: Extract<Step, { do: 'consent' }>['kind']): World => {
  const event = { kind, scope: { categories: [], recipients: [], purposes: [] }, capacityBasis: 'adult-presumed' } as const
  const followUp = consentFollowUp(event, {
    ...{ policeAgencies: ['police'], categories: ['engagement'], purposes: ['risk-management'] },
    refusedBefore: world.refused !== 'none',
  })
  const consequence = consentConsequence(followUp, world.state.custodyAgencyId !== null)
  if (consequence === null) return world
  return { ...world, refused: consequence.overtakesPoliceDecision ? 'none' : world.refused === 'none' ? 'asked' : world.refused }
}

const walk = (world: World, done: Step): World => {
  switch (done.do) {
    case 'move':
      return move(world, done)
    case 'answer': {
      const { pending } = world
      if (pending === null || pending.toLead !== done.by || world.state.custodyAgencyId !== null) return world
      if (!done.accepted) return { ...world, pending: null }
      return settle(world, {
        by: done.by,
        why: 'conference-decision',
        strand: pending.toStrand,
        lead: pending.toLead,
        leadBefore: world.state.leadAgencyId,
      })
    }
    case 'custody':
      return custody(world, done)
    case 'consent':
      return consent(world, done.kind)
    case 'decide':
      return world.refused === 'asked' && world.state.custodyAgencyId === null ? { ...world, refused: 'decided' } : world
    case 'years':
      return { ...world, at: new Date(world.at.getTime() + done.days * 86_400_000) }
    case 'supervise':
      return { ...world, state: { ...world.state, statutory: done.by !== null, supervisorAgencyId: done.by, supervisorKind: done.by } }
  }
}

/** What must hold after every step. */
const check = (before: World, after: World, done: Step): void => {
  const { state, history } = after
  expect(strands).toContain(state.strand)
  expect(ids).toContain(state.leadAgencyId)
  expect(state.areaId).toBe('calder')
  if (state.custodyAgencyId !== null)
    expect([state.strand, state.leadAgencyId]).toEqual(['rehabilitate-and-resettle', state.custodyAgencyId])
  const last = history.at(-1)!
  expect([state.strand, state.leadAgencyId]).toEqual([last.strand, last.lead])
  if (history.length === before.history.length) return
  expect(history.length).toBe(before.history.length + 1)
  const byOutgoing = last.by === before.state.leadAgencyId
  const byIncoming = last.by === last.lead
  if (last.why === 'custody-entry') expect(rules.custody.recordedBy).toContain(kindOf(last.by))
  else if (last.why === 'consent-refused') expect([byIncoming, before.refused]).toEqual([true, 'decided'])
  else if (last.why === 'release') expect([byIncoming, awaitsReleaseDecision(before.state)]).toEqual([true, true])
  else if (done.do === 'answer') expect([byIncoming, before.pending?.toLead]).toEqual([true, last.by])
  else expect([byOutgoing, last.lead]).toEqual([true, before.state.leadAgencyId])
}

const runs = 400
const steps = 60

describe('a case through any sequence of what may happen to it', () => {
  it('has one owner, one strand and one lead, is led by the prison in custody, and is explained by its events', () => {
    let [walked, moves] = [0, 0]
    const reached = new Set<string>()
    fc.assert(
      fc.property(begin, fc.array(step, { minLength: steps, maxLength: steps }), (drawn, taken) => {
        let world = register(drawn)
        for (const done of taken) {
          const next = walk(world, done)
          check(world, next, done)
          walked += 1
          moves += next.history.length - world.history.length
          for (const { why } of next.history) reached.add(why)
          world = next
        }
      }),
      { numRuns: runs },
    )
    expect(walked).toBe(runs * steps)
    // A walk on which nothing moves would prove nothing.
    expect(moves).toBeGreaterThan(runs)
    expect([...reached]).toEqual(expect.arrayContaining(['custody-entry', 'release', 'consent-refused', 'conference-decision']))
  })

  it('is caught when a move is made by somebody who does not lead', () => {
    const world = register({ cohort: 'iom', age: 30, dip: false, strand: 'prevent-and-deter' })
    const forged = settle(world, {
      by: 'police',
      why: 'police-intel',
      strand: 'catch-and-control',
      lead: 'probation',
      leadBefore: 'probation',
    })
    const asked = { do: 'move', by: 'police', toStrand: 'catch-and-control', trigger: 'police-intel', provider: null, cites: true } as const
    expect(() => check(world, forged, asked)).toThrow()
    expect(walk(world, asked)).toBe(world)
    expect(() => check(world, { ...world, state: { ...world.state, custodyAgencyId: 'prison' } }, asked)).toThrow()
    expect(() => check(world, { ...world, state: { ...world.state, strand: 'catch-and-control' } }, asked)).toThrow()
  })
})
