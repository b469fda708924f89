import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consentFor } from '../../src/core/case/consent.ts'
import type { ConsentQuestion } from '../../src/core/case/consent.ts'
import type { ConsentEvent } from '../../src/core/snapshot.ts'

const start = Date.parse('2026-01-01T00:00:00Z')
const instant = fc.integer({ min: 0, max: 60 }).map((minutes) => new Date(start + minutes * 60_000))
const some = <T>(...values: T[]): fc.Arbitrary<T[]> => fc.oneof({ weight: 2, arbitrary: fc.constant<T[]>([]) }, fc.subarray(values))
const scope = fc.record({
  categories: some('engagement', 'ete', 'drug-treatment'),
  recipients: some('ridings-police', 'hollins-lettings'),
  purposes: some('risk-management', 'rehab-support'),
}) as fc.Arbitrary<ConsentEvent['scope']>
const event: fc.Arbitrary<ConsentEvent> = fc.record({
  id: fc.uuid(),
  offenderId: fc.constantFrom('o1', 'o1', 'o2'),
  kind: fc.constantFrom('sought', 'given', 'given', 'given', 'refused', 'withdrawn', 'no-capacity'),
  scope,
  capacityBasis: fc.constantFrom('adult-presumed', 'adult-presumed', 'adult-presumed', 'young-16-17', 'mca-assessed-lacks', null),
  evidence: fc.constant(null),
  happenedAt: instant,
  expiresAt: fc.option(instant, { freq: 1 }),
  recordedAt: instant,
})
const events = fc.uniqueArray(event, { selector: ({ id }) => id, maxLength: 12 })
const question = fc.record({
  offenderId: fc.constant('o1'),
  category: fc.constantFrom('engagement', 'drug-treatment'),
  recipient: fc.constantFrom('ridings-police', 'hollins-lettings'),
  purpose: fc.constantFrom('risk-management', 'rehab-support'),
  bornOn: fc.constantFrom('1990-05-01', '1990-05-01', null),
  at: instant,
}) as fc.Arbitrary<ConsentQuestion>

const opens = (list: readonly ConsentEvent[], asked: ConsentQuestion): boolean => {
  const { state, scope: reach } = consentFor(list, asked)
  return (state === 'given' || state === 'given-limited') && reach === 'covers'
}
const coversAll = { categories: [], recipients: [], purposes: [] }

describe('consent, whatever was said', () => {
  it('opens gates at all, so that the properties below mean something', () => {
    const opened = fc.sample(fc.tuple(events, question), { numRuns: 1000, seed: 7 }).filter(([list, asked]) => opens(list, asked))
    expect(opened.length).toBeGreaterThan(50)
  })

  it('never opens a gate after a withdrawal without a new grant', () => {
    fc.assert(
      fc.property(events, events, question, (before, after, asked) => {
        const withdrawnAt = new Date(asked.at.getTime() - 30 * 60_000)
        const withdrawal: ConsentEvent = {
          id: 'w',
          offenderId: 'o1',
          kind: 'withdrawn',
          scope: coversAll,
          capacityBasis: 'adult-presumed',
          evidence: null,
          happenedAt: withdrawnAt,
          expiresAt: null,
          recordedAt: withdrawnAt,
        }
        const earlier = before.filter(({ happenedAt }) => happenedAt < withdrawnAt)
        const later = after.filter(({ happenedAt, kind }) => happenedAt > withdrawnAt && kind !== 'given')
        expect(opens([...earlier, withdrawal, ...later], asked)).toBe(false)
      }),
    )
  })

  it('never depends on the events of another person', () => {
    fc.assert(
      fc.property(events, question, (list, asked) => {
        const own = list.filter(({ offenderId }) => offenderId === 'o1')
        expect(consentFor(list, asked)).toEqual(consentFor(own, asked))
      }),
    )
  })

  it('does not depend on the order of the events', () => {
    const shuffled = events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
    fc.assert(
      fc.property(shuffled, question, ([list, other], asked) => {
        expect(consentFor(other, asked)).toEqual(consentFor(list, asked))
      }),
    )
  })

  it('is the same until the instant at which it says it lapses', () => {
    fc.assert(
      fc.property(events, question, fc.integer({ min: 0, max: 60 }), (list, asked, minutes) => {
        const now = consentFor(list, asked)
        const later = new Date(asked.at.getTime() + minutes * 60_000)
        fc.pre(now.lapsesAt === null || later < now.lapsesAt)
        const then = consentFor(list, { ...asked, at: later })
        expect({ ...then, lapsesAt: null }).toEqual({ ...now, lapsesAt: null })
      }),
    )
  })
})
