import { describe, expect, it } from 'vitest'
import {
  agreementStanding,
  agreementState,
  policyDocumentLapsesAt,
  policyDocumentLive,
  prisonMemorandum,
  prisonMemorandumLapsesAt,
} from '../../src/core/agreements/agreement.ts'
import type { AgreementQuestion } from '../../src/core/agreements/agreement.ts'
import { agreementOf, grantOf } from '../support/agreements.ts'

const signed = agreementOf()
const ask = (more: Partial<AgreementQuestion> = {}): AgreementQuestion => ({
  recipient: 'ridings-probation',
  supplier: 'ridings-police',
  category: 'arrest-disposal',
  purpose: 'risk-management',
  cohort: 'ppo',
  ageBand: 'adult',
  at: new Date('2026-02-01T12:00:00Z'),
  ...more,
})
const at = (text: string): Date => new Date(text)

describe('the state of a version', () => {
  const overdue = agreementOf({ terms: { inForceTo: null, reviewOn: '2026-01-31' } })
  it.each([
    ['nobody has signed', agreementOf({ signedBy: [] }), 'draft'],
    ['one party has not signed', agreementOf({ signedBy: ['ridings-police'] }), 'signing'],
    ['strangers signed instead', agreementOf({ signedBy: ['ridings-police', 'calder-yos', 'calder-dip'] }), 'signing'],
    ['every party has signed', signed, 'in-force'],
    ['the review is overdue', overdue, 'review-overdue'],
    ['it is suspended', agreementOf({ suspendedAt: at('2026-01-01T00:00:00Z') }), 'suspended'],
    ['it is terminated', agreementOf({ suspendedAt: at('2026-01-01T00:00:00Z'), terminatedAt: at('2026-01-02T00:00:00Z') }), 'terminated'],
    ['it is replaced', agreementOf({ replacedAt: at('2026-02-01T12:00:00Z') }), 'replaced'],
    ['its replacement is ahead', agreementOf({ replacedAt: at('2026-02-01T12:00:00.001Z') }), 'in-force'],
    ['it begins tomorrow', agreementOf({ terms: { inForceFrom: '2026-02-02' } }), 'not-started'],
    ['it ended yesterday', agreementOf({ terms: { inForceTo: '2026-01-31' } }), 'lapsed'],
  ])('%s', (_title, version, state) => {
    expect(agreementState(version, at('2026-02-01T12:00:00Z'))).toBe(state)
  })

  it('counts a suspension even when the clock has stepped back behind it', () => {
    expect(agreementState(agreementOf({ suspendedAt: at('2026-02-01T12:00:05Z') }), at('2026-02-01T12:00:00Z'))).toBe('suspended')
  })

  it.each([
    ['2024-12-31T23:59:59.999Z', 'not-started'],
    ['2025-01-01T00:00:00.000Z', 'in-force'],
    // 31 March is summer time: the last day ends at 23:00 UTC.
    ['2026-03-31T22:59:59.999Z', 'in-force'],
    ['2026-03-31T23:00:00.000Z', 'lapsed'],
    ['2026-03-31T23:00:00.001Z', 'lapsed'],
  ])('valid from 1 January 2025 to 31 March 2026: at %s it is %s', (instant, standing) => {
    const answer = agreementStanding([signed], ask({ at: at(instant) }))
    expect(answer.standing).toBe(standing)
    const next = { 'not-started': '2025-01-01T00:00:00.000Z', 'in-force': '2026-03-31T23:00:00.000Z' }[standing] ?? null
    expect(answer.lapsesAt?.toISOString() ?? null).toBe(next)
  })

  it.each([
    ['2026-06-30T22:59:59.999Z', 'in-force', '2026-06-30T23:00:00.000Z'],
    ['2026-06-30T23:00:00.000Z', 'review-grace', '2026-07-10T23:00:00.000Z'],
    ['2026-07-10T22:59:59.999Z', 'review-grace', '2026-07-10T23:00:00.000Z'],
    ['2026-07-10T23:00:00.000Z', 'review-overdue', undefined],
  ])('to be reviewed on 30 June with ten days’ grace: at %s it is %s', (instant, standing, next) => {
    const graceful = agreementOf({ terms: { inForceTo: null, reviewOn: '2026-06-30', reviewGraceDays: 10 } })
    const answer = agreementStanding([graceful], ask({ at: at(instant) }))
    expect([answer.standing, answer.lapsesAt?.toISOString()]).toEqual([standing, next])
  })

  it('gives no grace that the agreement does not state', () => {
    expect(agreementStanding([overdue], ask()).standing).toBe('review-overdue')
  })
})

describe('how the agreements stand for a question', () => {
  it.each<[string, Partial<AgreementQuestion>, string]>([
    ['everything matches', {}, 'in-force'],
    ['the supplier asks itself', { recipient: 'ridings-police' }, 'own'],
    ['the age band is not covered', { ageBand: 'juvenile' }, 'age-band'],
    ['the age band is not known', { ageBand: null }, 'age-band'],
    ['the cohort is not covered', { cohort: 'dyo' }, 'cohort'],
    ['the cohort is not known', { cohort: undefined }, 'cohort'],
    ['the purpose is not covered', { purpose: 'accommodation' }, 'purpose'],
    ['no purpose is named', { purpose: null }, 'purpose'],
    ['the category is not covered', { category: 'oasys' }, 'category'],
    ['the other way round is not covered', { recipient: 'ridings-police', supplier: 'ridings-probation' }, 'none'],
    ['the pair is not named', { supplier: 'calder-yos' }, 'none'],
    ['from anybody', { supplier: undefined, cohort: undefined, ageBand: undefined }, 'in-force'],
    ['from anybody, another purpose', { supplier: undefined, purpose: 'accommodation' }, 'purpose'],
    ['from anybody, another category', { supplier: undefined, category: 'oasys' }, 'category'],
    ['from anybody, a provider that receives nothing', { supplier: undefined, recipient: 'ridings-police' }, 'none'],
    ['from anybody, a landlord', { supplier: undefined, recipient: 'hollins-lettings' }, 'none'],
  ])('%s', (_title, more, standing) => {
    expect(agreementStanding([signed], ask(more)).standing).toBe(standing)
  })

  it('finds nothing in an empty registry', () => {
    expect(agreementStanding([], ask())).toEqual({ standing: 'none', version: null, grant: null, lapsesAt: null })
  })

  it('does not count a recipient that a grant names but that is no party', () => {
    const stranger = agreementOf({ terms: { grants: [grantOf({ recipients: ['hollins-lettings'] })] } })
    expect(agreementStanding([stranger], ask({ recipient: 'hollins-lettings' })).standing).toBe('none')
  })

  const lapsed = agreementOf({ agreementId: 'lapsed', terms: { inForceTo: '2025-12-31' } })
  const suspended = agreementOf({ agreementId: 'suspended', suspendedAt: at('2026-01-01T00:00:00Z') })
  const otherPurpose = agreementOf({ agreementId: 'purpose', terms: { grants: [grantOf({ purposes: ['recall'] })] } })
  it.each([
    ['a good one beside bad ones', [lapsed, suspended, signed, otherPurpose], 'in-force', signed],
    ['suspended rather than lapsed', [lapsed, otherPurpose, suspended], 'suspended', suspended],
    ['lapsed rather than another purpose', [otherPurpose, lapsed], 'lapsed', lapsed],
    ['replaced ones do not count', [agreementOf({ replacedAt: at('2026-01-01T00:00:00Z') }), otherPurpose], 'purpose', otherPurpose],
  ])('tells the nearest: %s, in either order', (_title, versions, standing, version) => {
    expect(agreementStanding(versions, ask())).toMatchObject({ standing, version })
    expect(agreementStanding([...versions].reverse(), ask())).toMatchObject({ standing, version })
  })

  it('knows nothing of a version once it is replaced, not even that it named the pair', () => {
    const replaced = agreementOf({ replacedAt: at('2026-01-01T00:00:00Z') })
    const successor = agreementOf({ version: 2, hash: 'h2', terms: { grants: [grantOf({ categories: [{ id: 'offence-history' }] })] } })
    expect(agreementStanding([replaced], ask())).toEqual({ standing: 'none', version: null, grant: null, lapsesAt: null })
    expect(agreementStanding([replaced, successor], ask()).standing).toBe('category')
  })

  it('takes the grant that lists the gateway asked for, then one that names a law', () => {
    const lawful = grantOf({ id: 'lawful', authorisingLaw: 'Housing Act 1996', legalGateways: ['oma14'] })
    const version = agreementOf({ terms: { grants: [grantOf({ id: 'plain' }), lawful] } })
    expect(agreementStanding([version], ask({ legalGateway: 'cda115' })).grant?.id).toBe('plain')
    expect(agreementStanding([version], ask({ legalGateway: 'oma14' })).grant?.id).toBe('lawful')
    expect(agreementStanding([version], ask()).grant?.id).toBe('lawful')
  })

  it('shows no grant when only the pair and category match', () => {
    expect(agreementStanding([signed], ask({ purpose: 'recall' }))).toMatchObject({ version: signed, grant: null, lapsesAt: null })
  })
})

describe('memoranda and policy documents', () => {
  const memorandum = agreementOf({
    terms: { kind: 'prison-memorandum', parties: ['hmp-stonebeck', 'ridings-police'], grants: [], inForceTo: '2026-03-31' },
    signedBy: ['hmp-stonebeck', 'ridings-police'],
  })
  const question = { establishment: 'hmp-stonebeck', recipient: 'ridings-police', at: at('2026-02-01T00:00:00Z') }

  it('needs one for each prison, between these two, in force', () => {
    expect(prisonMemorandum([memorandum, signed], question)).toBe('in-force')
    expect(prisonMemorandum([memorandum], { ...question, establishment: 'hmp-ravensgill' })).toBe('none')
    expect(prisonMemorandum([memorandum], { ...question, recipient: 'ridings-probation' })).toBe('none')
    expect(prisonMemorandum([memorandum], { ...question, at: at('2026-03-31T23:00:00Z') })).toBe('none')
    expect(prisonMemorandum([{ ...memorandum, signedBy: ['ridings-police'] }], question)).toBe('none')
    expect(prisonMemorandum([{ ...memorandum, terms: { ...memorandum.terms, kind: 'partnership' } }], question)).toBe('none')
    expect(prisonMemorandumLapsesAt([memorandum], question)).toEqual(at('2026-03-31T23:00:00Z'))
    expect(prisonMemorandumLapsesAt([], question)).toBeNull()
  })

  it.each([
    ['2025-05-31T22:59:59.999Z', false],
    ['2025-05-31T23:00:00.000Z', true],
    ['2026-06-30T22:59:59.999Z', true],
    ['2026-06-30T23:00:00.000Z', false],
  ])('a policy document of 1 June 2025 to 30 June 2026: live at %s is %s', (instant, live) => {
    const policyDocument = { reference: 'APD 1', liveFrom: '2025-06-01', liveTo: '2026-06-30' }
    const version = agreementOf({ terms: { policyDocument } })
    expect(policyDocumentLive(version, at(instant))).toBe(live)
    expect(policyDocumentLapsesAt(version, at(instant))).toEqual(live ? at('2026-06-30T23:00:00Z') : null)
  })

  it('has no live policy document when the agreement names none', () => {
    expect(policyDocumentLive(agreementOf({ terms: { policyDocument: null } }), at('2026-02-01T00:00:00Z'))).toBe(false)
  })
})
