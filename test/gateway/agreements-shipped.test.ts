import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { agreementStanding, policyDocumentLive, prisonMemorandum } from '../../src/core/agreements/agreement.ts'
import { coverageOf } from '../../src/core/agreements/agreement-coverage.ts'
import type { AgreementVersion } from '../../src/core/snapshot.ts'
import type { Category, LegalGateway, Purpose } from '../../src/core/vocabulary.ts'
import { readAgreementFile } from '../../src/gateway/agreements/import-agreements.ts'
import { termsHash } from '../../src/gateway/agreements/terms-hash.ts'

const folder = 'policies/agreements'
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }))
/** All signed by all, but for the link that Ridings Police never signed. */
const versions = files.map((file): AgreementVersion => {
  const terms = readAgreementFile(file)
  const signedBy = terms.parties.filter((party) => terms.reference !== 'FRESH-STEPS-LINK-007' || party !== 'ridings-police')
  const none = { suspendedAt: null, terminatedAt: null, replacedAt: null }
  return { agreementId: terms.reference, version: 1, hash: termsHash(terms), terms, signedBy, ...none }
})
const today = new Date('2026-11-21T12:00:00Z')

const standing = (
  recipient: string,
  supplier: string,
  category: Category,
  purpose: Purpose,
  more: { at?: Date; gateway?: LegalGateway } = {},
) =>
  agreementStanding(versions, {
    recipient,
    supplier,
    category,
    purpose,
    cohort: 'iom',
    ageBand: 'adult',
    legalGateway: more.gateway ?? null,
    at: more.at ?? today,
  })

describe('the agreements that the sandbox ships', () => {
  it('are at least seven, say that they are synthetic, and name each reference once', () => {
    expect(files.length).toBeGreaterThanOrEqual(7)
    expect(files.filter(({ text }) => !text.startsWith('# Synthetic'))).toEqual([])
    expect(new Set(versions.map(({ terms }) => terms.reference)).size).toBe(files.length)
  })

  it.each([
    ['ridings-dip-police', 'arrest-disposal'],
    ['ridings-dip-police', 'police-intel'],
    ['ridings-probation', 'oasys'],
    ['ridings-probation', 'stat-compliance'],
    ['ridings-probation', 'licence-conditions'],
    ['ridings-probation', 'ogrs'],
    ['ridings-probation', 'identity'],
    ['fresh-steps', 'cohort-status'],
    ['calder-yos', 'asset'],
    ['calder-dip', 'stat-compliance'],
    ['calder-dip', 'drug-treatment'],
    ['fresh-steps', 'engagement'],
    ['fresh-steps', 'ete'],
    ['hmp-stonebeck', 'custody-release'],
    ['hmp-stonebeck', 'prison-intel'],
    ['ridings-health', 'health-mental'],
    ['calder-housing', 'accommodation'],
  ] as const)('let a police analyst have from %s: %s, under either gateway and with a policy document', (supplier, category) => {
    for (const gateway of ['dpa35-task', 'cda115'] as const) {
      for (const at of [new Date('2025-01-01T00:00:00Z'), today, new Date('2030-12-31T23:59:59Z')]) {
        const answer = standing('ridings-police', supplier, category, 'risk-management', { gateway, at })
        expect(answer.standing).toBe('in-force')
        expect(answer.grant?.legalGateways).toContain(gateway)
        expect(answer.grant?.sensitiveConditions).not.toEqual([])
        expect(policyDocumentLive(answer.version!, at)).toBe(true)
      }
    }
  })

  it('let a police force have its own kind of record from anybody, whoever the person is', () => {
    const question = { recipient: 'ridings-police', purpose: 'risk-management', at: today } as const
    expect(agreementStanding(versions, { ...question, category: 'arrest-disposal' }).standing).toBe('in-force')
    expect(agreementStanding(versions, { ...question, category: 'police-intel' }).standing).toBe('in-force')
  })

  it('end the pilot at midnight in London after 31 March 2026', () => {
    const at = (text: string) =>
      standing('calder-housing', 'hmp-stonebeck', 'custody-release', 'accommodation', { at: new Date(text) }).standing
    expect(at('2026-03-31T22:59:59.999Z')).toBe('review-grace')
    expect(at('2026-03-31T23:00:00.000Z')).toBe('lapsed')
  })

  it('never let Fresh Steps have police intelligence: its counterpart has not signed', () => {
    expect(standing('fresh-steps', 'ridings-police', 'police-intel', 'risk-management').standing).toBe('party-unsigned')
  })

  it('name a law for one kind of police record for housing and not for the other', () => {
    expect(standing('calder-housing', 'ridings-police', 'arrest-disposal', 'accommodation').grant?.authorisingLaw).toBeUndefined()
    expect(standing('calder-housing', 'ridings-police', 'offence-history', 'accommodation').grant?.authorisingLaw).toContain('s.115')
  })

  it('give Fresh Steps health information without a policy document', () => {
    const answer = standing('fresh-steps', 'ridings-health', 'health-mental', 'risk-management')
    expect(answer.standing).toBe('in-force')
    expect(policyDocumentLive(answer.version!, today)).toBe(false)
  })

  it('have a memorandum for HMP Stonebeck and none for HMP Ravensgill', () => {
    const question = { recipient: 'ridings-police', at: today }
    expect(prisonMemorandum(versions, { ...question, establishment: 'hmp-stonebeck' })).toBe('in-force')
    expect(prisonMemorandum(versions, { ...question, establishment: 'hmp-ravensgill' })).toBe('none')
    expect(standing('ridings-police', 'hmp-ravensgill', 'prison-intel', 'risk-management').standing).toBe('in-force')
  })

  it('give a private landlord nothing at all', () => {
    expect(versions.some(({ terms }) => terms.parties.includes('hollins-lettings'))).toBe(false)
    expect(coverageOf(versions, 'hollins-lettings', today).covered).toEqual([])
  })

  it('leave a gap where an agreement is suspended, and say so', () => {
    const suspended = versions.map((one) => (one.terms.reference === 'CALDER-HOUSING-008' ? { ...one, suspendedAt: today } : one))
    const { covered, gaps } = coverageOf(suspended, 'ridings-probation', today)
    expect(covered.some(({ category }) => category === 'accommodation')).toBe(false)
    expect(gaps).toContainEqual({ category: 'accommodation', purpose: 'risk-management', nearest: 'suspended' })
    expect(coverageOf(versions, 'ridings-probation', today).covered).toContainEqual({
      category: 'accommodation',
      purpose: 'risk-management',
      providerAgencyId: 'calder-housing',
      reference: 'CALDER-HOUSING-008',
      agreementId: 'CALDER-HOUSING-008',
      version: 1,
      state: 'in-force',
      until: new Date('2031-05-28T23:00:00Z'),
    })
  })
})
