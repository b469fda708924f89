import { describe, expect, it } from 'vitest'
import { bundleProblems, type PolicyBundle } from '../../src/core/decision/bundle.ts'
import { decide } from '../../src/core/decision/decide.ts'
import { emergencyPolicies } from '../../src/core/decision/emergency.ts'
import type { Facts } from '../../src/core/facts.ts'
import { agencyKinds, type AgencyKind } from '../../src/core/vocabulary.ts'
import { goodFacts, shipped, shippedPolicies } from '../support/facts.ts'

const rules = shipped.bundle.change!.emergency!
const policies = emergencyPolicies(shippedPolicies)!
const withRules = (changed: object): PolicyBundle => ({
  ...shipped.bundle,
  change: { ...shipped.bundle.change!, emergency: { ...rules, ...changed } },
})
const messages = (changed: object): readonly string[] => bundleProblems(withRules(changed)).map(({ message }) => message)

/** Nothing that gives way is in order: no route, no agreement, no tie to the case, consent refused. */
const desperate: Partial<Facts> = {
  ...{
    purpose: 'emergency-life',
    purposeRegime: 'law-enforcement',
    legalGateway: 'vital-interests',
    route: 'none',
    anyAgreement: 'unknown',
  },
  ...{ agreement: 'unknown', agreementGateway: 'not-listed', relationship: 'none', consent: 'refused', recipientStanding: 'outside' },
}

const decided = (changed: Partial<Facts>, category: 'identity' | 'oasys' | 'police-intel' | 'mappa' = 'identity') =>
  decide(policies, 'release', goodFacts(category, { ...desperate, ...changed }), { lapses: [] })

describe('the rules for emergencies', () => {
  it('let go what only route, agreement, tie and consent stood against', () => {
    expect(decided({}).effect).toMatch(/^permit/)
    expect(decide(shippedPolicies, 'release', goodFacts('identity', desperate), { lapses: [] }).effect).toMatch(/^deny/)
  })

  it.each<[string, Partial<Facts>, string]>([
    ['a person nobody knows', { subject: 'unknown' }, 'ncnd'],
    ['a potentially dangerous person', { subject: 'pdp' }, 'pdp-excluded'],
    ['somebody whose account ended', { callerPerson: 'inactive' }, 'user-inactive'],
    ['a system without a person', { actor: 'system' }, 'auth'],
    ['another purpose', { purpose: 'risk-management' }, 'emergency-scope'],
    ['a power that is not of life and death', { legalGateway: 'cda115' }, 'legal-gateway'],
    ['a secret', { itemMarking: 'secret' }, 'marking'],
    ['a child without a note of best interests', { ageBand: 'juvenile', bestInterests: 'not-noted' }, 'child'],
  ])('never give way for %s', (_, changed, code) => {
    expect(decided(changed).reasons.map((reason) => reason.code)).toContain(code)
  })

  it('never give way for a closed scheme, an unsaid condition or a source', () => {
    expect(decided({ schemeMembership: 'not-member' }, 'mappa').effect).toBe('deny-ncnd')
    expect(decided({ sensitiveCondition: 'not-cited' }, 'oasys').reasons[0]?.code).toBe('sensitive-condition')
    expect(decided({ policyDocument: 'none' }, 'oasys').reasons[0]?.code).toBe('no-policy-doc')
    const intelligence = decided({}, 'police-intel')
    expect(intelligence.fields).not.toContain('sourceRef')
    expect(intelligence.withheldFields.map(({ field }) => field)).toContain('sourceRef')
  })

  it.each(agencyKinds)('are open to %s only as R38 says', (callerKind: AgencyKind) => {
    const may = ['police', 'probation', 'prison', 'yos', 'la-children', 'health'].includes(callerKind)
    const codes = decided({ callerKind }).reasons.map((reason) => reason.code)
    expect(codes.includes('emergency-scope')).toBe(!may)
  })
})

describe('rules for emergencies that may not be used', () => {
  it.each<[string, object, string]>([
    ['let a stage go that always stands', { bypasses: { stages: ['R6'], rules: [] } }, 'R6 never gives way'],
    ['name a stage that there is not', { bypasses: { stages: ['R99'], rules: [] } }, 'there is no stage R99'],
    ['name a rule that there is not', { bypasses: { stages: [], rules: ['r05-nobody-at-all'] } }, 'there is no rule r05-nobody-at-all'],
    ['name a field that there is not', { categories: [{ id: 'identity', fields: ['shoeSize'] }] }, 'has no field shoeSize'],
    ['name no field', { categories: [{ id: 'identity', fields: [] }] }, 'names no field'],
    ['last for ever', { hours: 0 }, 'hours must be a whole number'],
    ['cite no document', { policyDocument: { reference: 'X' } }, 'policy document'],
    [
      'ask a fact that there is not',
      { stages: [{ ...rules.stages[0]!, rules: [{ ...rules.stages[0]!.rules[0]!, conditions: { mood: 'bad' } }] }] },
      'there is no fact mood',
    ],
  ])('%s', (_, changed, message) => {
    expect(messages(changed).join('; ')).toContain(message)
  })

  it('and those that are shipped may', () => {
    expect(bundleProblems(shipped.bundle)).toEqual([])
  })
})
