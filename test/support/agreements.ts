import type { AgreementTerms, AgreementVersion, Grant } from '../../src/core/snapshot.ts'

export const grantOf = (more: Partial<Grant> = {}): Grant => ({
  id: 'police-records',
  providers: ['ridings-police'],
  recipients: ['ridings-probation', 'fresh-steps'],
  categories: [{ id: 'arrest-disposal' }, { id: 'offence-history' }],
  purposes: ['risk-management', 'prevent-detect'],
  cohorts: ['ppo', 'iom'],
  ageBands: ['adult'],
  legalGateways: ['dpa35-task', 'cda115'],
  sensitiveConditions: [],
  onward: 'none',
  ...more,
})

export const termsOf = (more: Partial<AgreementTerms> = {}): AgreementTerms => ({
  reference: 'TEST-1',
  title: 'An agreement made up for a test',
  kind: 'partnership',
  owner: 'ridings-police',
  parties: ['ridings-police', 'ridings-probation', 'fresh-steps'],
  grants: [grantOf()],
  inForceFrom: '2025-01-01',
  inForceTo: '2026-03-31',
  reviewOn: '2026-12-31',
  reviewGraceDays: null,
  policyDocument: null,
  ...more,
})

/** Signed by every party unless said otherwise. */
export const agreementOf = (
  more: Partial<Omit<AgreementVersion, 'terms'>> & { terms?: Partial<AgreementTerms> } = {},
): AgreementVersion => {
  const { terms, ...rest } = more
  const made = termsOf(terms)
  return {
    agreementId: 'a1',
    version: 1,
    hash: `hash of ${rest.agreementId ?? 'a1'}`,
    signedBy: made.parties,
    suspendedAt: null,
    terminatedAt: null,
    replacedAt: null,
    ...rest,
    terms: made,
  }
}
