import { describe, expect, it } from 'vitest'
import { comesOfAgeAt, consentFollowUp, consentFor } from '../../src/core/case/consent.ts'
import type { ConsentQuestion } from '../../src/core/case/consent.ts'
import type { ConsentEvent } from '../../src/core/snapshot.ts'

const all = { categories: [], recipients: [], purposes: [] }
const event = (more: Partial<ConsentEvent> & { id: string; at: string }): ConsentEvent => ({
  offenderId: 'o1',
  kind: 'given',
  scope: all,
  capacityBasis: 'adult-presumed',
  evidence: 'signed form',
  happenedAt: new Date(more.at),
  expiresAt: null,
  recordedAt: new Date(more.at),
  ...more,
})
const question = (at: string, more: Partial<ConsentQuestion> = {}): ConsentQuestion => ({
  offenderId: 'o1',
  category: 'engagement',
  recipient: 'ridings-police',
  purpose: 'risk-management',
  bornOn: '1990-05-01',
  at: new Date(at),
  ...more,
})
const asked = '2026-06-01T10:01:00Z'
const given = event({ id: 'g', at: '2026-01-05T09:00:00Z' })
const toLandlord = { ...all, recipients: ['hollins-lettings'] }

describe('the state of consent for one category, recipient and purpose', () => {
  it.each<[string, ConsentEvent[], string, string, string | null]>([
    ['nothing was ever said', [], 'not-sought', 'unknown', null],
    ['it was asked and not answered', [event({ id: 's', at: '2026-01-01T00:00:00Z', kind: 'sought' })], 'pending', 'covers', 's'],
    ['it was given', [given], 'given', 'covers', 'g'],
    [
      'it was given within limits that cover',
      [{ ...given, scope: { ...all, recipients: ['ridings-police'] } }],
      'given-limited',
      'covers',
      'g',
    ],
    ['it was given within limits that do not', [{ ...given, scope: { ...all, categories: ['ete'] } }], 'given-limited', 'outside', 'g'],
    ['it was refused a minute ago', [given, event({ id: 'r', at: '2026-06-01T10:00:00Z', kind: 'refused' })], 'refused', 'covers', 'r'],
    ['it was withdrawn', [given, event({ id: 'w', at: '2026-06-01T10:00:00Z', kind: 'withdrawn' })], 'withdrawn', 'covers', 'w'],
    ['the refusal is ahead', [given, event({ id: 'r', at: '2026-06-01T10:02:00Z', kind: 'refused' })], 'given', 'covers', 'g'],
    [
      'a narrower refusal closes its own gate only',
      [given, event({ id: 'r', at: '2026-02-01T00:00:00Z', kind: 'refused', scope: toLandlord })],
      'given',
      'covers',
      'g',
    ],
    ['asking again changes no answer', [given, event({ id: 's', at: '2026-05-01T00:00:00Z', kind: 'sought' })], 'given', 'covers', 'g'],
    [
      'the newest grant expired; the older does not revive',
      [given, event({ id: 'e', at: '2026-02-01T00:00:00Z', expiresAt: new Date('2026-03-01T00:00:00Z') })],
      'expired',
      'covers',
      'e',
    ],
    [
      'a person who lacks capacity was recorded as refusing',
      [given, event({ id: 'r', at: '2026-05-01T00:00:00Z', kind: 'refused', capacityBasis: 'mca-assessed-lacks' })],
      'no-capacity',
      'covers',
      'r',
    ],
    [
      'a lack of capacity was recorded',
      [given, event({ id: 'n', at: '2026-05-01T00:00:00Z', kind: 'no-capacity', capacityBasis: null })],
      'no-capacity',
      'covers',
      'n',
    ],
    ['no basis of capacity was recorded', [{ ...given, capacityBasis: null }], 'invalid', 'covers', 'g'],
    ['another person gave it', [{ ...given, offenderId: 'o2' }], 'not-sought', 'unknown', null],
    [
      'an invalid limited grant elsewhere is no consent',
      [{ ...given, capacityBasis: null, scope: { ...all, categories: ['ete'] } }],
      'not-sought',
      'unknown',
      null,
    ],
  ])('%s', (_title, events, state, scope, eventId) => {
    expect(consentFor(events, question(asked))).toMatchObject({ state, scope, eventId })
  })

  it('keeps the landlord out after the narrower refusal', () => {
    const events = [given, event({ id: 'r', at: '2026-02-01T00:00:00Z', kind: 'refused', scope: toLandlord })]
    expect(consentFor(events, question(asked, { recipient: 'hollins-lettings' }))).toMatchObject({ state: 'refused', eventId: 'r' })
  })

  it('takes what was recorded later of two events of one instant, then the higher id', () => {
    const refusal = event({ id: 'a', at: '2026-01-05T09:00:00Z', kind: 'refused', recordedAt: new Date('2026-01-05T09:00:01Z') })
    expect(consentFor([refusal, given], question(asked)).eventId).toBe('a')
    expect(consentFor([{ ...refusal, recordedAt: given.recordedAt }, given], question(asked)).eventId).toBe('g')
  })

  it.each([
    ['2026-03-01T11:59:59.999Z', 'given'],
    ['2026-03-01T12:00:00.000Z', 'expired'],
    ['2026-03-01T12:00:00.001Z', 'expired'],
  ])('at %s a consent until noon is %s', (at, state) => {
    const until = { ...given, expiresAt: new Date('2026-03-01T12:00:00Z') }
    const answer = consentFor([until], question(at))
    expect(answer.state).toBe(state)
    expect(answer.lapsesAt).toEqual(state === 'given' ? until.expiresAt : null)
  })

  it('lapses when an event that is already recorded comes about', () => {
    const ahead = event({ id: 'r', at: '2026-06-01T10:02:00Z', kind: 'refused' })
    expect(consentFor([given, ahead], question(asked)).lapsesAt).toEqual(ahead.happenedAt)
  })
})

describe('capacity', () => {
  it.each([
    ['1990-05-01', 'adult-presumed', 'given'],
    ['1990-05-01', 'young-16-17', 'invalid'],
    ['1990-05-01', 'parental', 'invalid'],
    ['1990-05-01', 'mca-assessed-lacks', 'no-capacity'],
    ['2008-01-06', 'adult-presumed', 'invalid'],
    ['2008-01-05', 'adult-presumed', 'given'],
    ['2009-05-01', 'young-16-17', 'given'],
    ['2010-01-05', 'young-16-17', 'given'],
    ['2010-01-06', 'young-16-17', 'invalid'],
    ['2009-05-01', 'gillick', 'invalid'],
    ['2012-05-01', 'gillick', 'given'],
    ['2012-05-01', 'parental', 'given'],
    ['2012-05-01', 'adult-presumed', 'invalid'],
    [null, 'adult-presumed', 'invalid'],
    ['2027-01-01', 'parental', 'invalid'],
  ] as const)('born %s, given on 5 January 2026 as %s: %s', (bornOn, capacityBasis, state) => {
    expect(consentFor([{ ...given, capacityBasis }], question(asked, { bornOn })).state).toBe(state)
  })

  it.each([
    ['2026-06-09T22:59:59.999Z', 'given'],
    ['2026-06-09T23:00:00.000Z', 'invalid'],
  ])('a parent speaks until the child is 16 in London: at %s it is %s', (at, state) => {
    const answer = consentFor([{ ...given, capacityBasis: 'parental' }], question(at, { bornOn: '2010-06-10' }))
    expect(answer.state).toBe(state)
    expect(answer.lapsesAt).toEqual(state === 'given' ? new Date('2026-06-09T23:00:00Z') : null)
  })
})

describe('coming of age', () => {
  it('is at midnight in London on the 18th birthday', () => {
    expect(comesOfAgeAt('2008-06-10', new Date('2026-06-09T22:59:59.999Z'))).toEqual(new Date('2026-06-09T23:00:00Z'))
    expect(comesOfAgeAt('2008-06-10', new Date('2026-06-09T23:00:00Z'))).toBeNull()
    expect(comesOfAgeAt(null, new Date('2026-06-09T23:00:00Z'))).toBeNull()
  })
})

describe('what an answer sets going', () => {
  const sharing = { categories: ['engagement'], purposes: ['risk-management', 'prevent-detect'] } as const
  const context = { policeAgencies: ['ridings-police'], ...sharing, refusedBefore: false }
  it.each([
    ['a refusal of everything', { kind: 'refused', scope: all }, 'police-strand-decision'],
    ['a withdrawal from police', { kind: 'withdrawn', scope: { ...all, recipients: ['ridings-police'] } }, 'police-strand-decision'],
    ['a refusal to tell the landlord', { kind: 'refused', scope: toLandlord }, null],
    ['a refusal to say what is taken', { kind: 'refused', scope: { ...all, categories: ['drug-treatment'] } }, null],
    ['a refusal to share for support', { kind: 'refused', scope: { ...all, purposes: ['rehab-support'] } }, null],
    [
      'a refusal to tell the police how it goes',
      { kind: 'refused', scope: { categories: ['engagement', 'ete'], recipients: ['ridings-police'], purposes: ['risk-management'] } },
      'police-strand-decision',
    ],
    ['a lack of capacity', { kind: 'no-capacity', scope: all }, null],
    ['a first consent', { kind: 'given', scope: all }, null],
  ] as const)('%s', (_title, what, followUp) => {
    expect(consentFollowUp({ ...what, capacityBasis: 'adult-presumed' }, context)).toBe(followUp)
  })

  it('opens a review when consent is given again, and nothing for a refusal by someone who cannot refuse', () => {
    const again = { kind: 'given', scope: all, capacityBasis: 'adult-presumed' } as const
    expect(consentFollowUp(again, { ...context, refusedBefore: true })).toBe('return-review')
    expect(consentFollowUp({ ...again, scope: { ...all, categories: ['ete'] } }, { ...context, refusedBefore: true })).toBeNull()
    expect(consentFollowUp({ ...again, kind: 'refused', capacityBasis: 'mca-assessed-lacks' }, context)).toBeNull()
  })
})
