import { describe, expect, it } from 'vitest'
import { recallCauses, recallRuleProblems, recallTerms } from '../../src/core/disclosure/copy-recall.ts'
import { decide } from '../../src/core/decision/decide.ts'
import { restsOnConsent } from '../../src/core/decision/rests-on-consent.ts'
import { goodFacts, shipped, shippedPolicies } from '../support/facts.ts'

const rules = shipped.bundle.change!.disclosure!.recall!

describe('the rules of asking copies back', () => {
  it('give the holder the whole of the last day in London, across the change of the clocks', () => {
    const at = new Date('2026-10-20T22:30:00Z')
    expect(recallTerms({ ...rules, days: 14 }, { cause: 'expiry', at }).dueAt).toEqual(new Date('2026-11-04T00:00:00Z'))
  })

  it('want copies at once where nothing was agreed', () => {
    const at = new Date()
    expect(recallTerms(undefined, { cause: 'revocation', at })).toEqual({ cites: 'R45', dueAt: at })
  })

  it.each(recallCauses)('cite a paragraph for %s', (cause) => {
    const without = { ...rules, cites: { ...rules.cites, [cause]: ' ' } }
    expect(recallRuleProblems(without)).toEqual([{ path: ['cites', cause], message: `${cause} cites nothing` }])
  })

  it('that were agreed before a consent’s own end was asked back cite for it what they cite for a withdrawal', () => {
    const { 'consent-expired': _, ...cites } = rules.cites
    expect(recallRuleProblems({ ...rules, cites })).toEqual([])
    const asked = { cause: 'consent-expired', at: new Date() } as const
    expect(recallTerms({ ...rules, cites }, asked).cites).toBe(rules.cites['consent-withdrawn'])
    expect(recallTerms(rules, asked).cites).toBe(rules.cites['consent-expired'])
    const { 'consent-withdrawn': _withdrawn, ...less } = rules.cites
    expect(recallRuleProblems({ ...rules, cites: less }).map(({ path }) => path)).toEqual([['cites', 'consent-withdrawn']])
  })

  it('are refused with no time, or for no purpose', () => {
    expect(recallRuleProblems(rules)).toEqual([])
    expect(recallRuleProblems({ ...rules, days: 0, purposes: [] }).map(({ path }) => path)).toEqual([['days'], ['purposes']])
    expect(recallRuleProblems(undefined)).toEqual([])
  })
})

describe('a release rests on consent', () => {
  it.each([
    ['engagement', 'attendance', 'no', true],
    // Supervision goes on whatever the person says.
    ['engagement', 'attendance', 'yes', false],
    ['drug-treatment', 'programme', 'yes', true],
    ['interventions-plan', 'supportItems', 'no', true],
    ['interventions-plan', 'controlItems', 'no', false],
    ['identity', 'givenName', 'no', false],
  ] as const)('%s, %s, statutory %s: %s', (category, field, statutory, rests) => {
    const facts = goodFacts(category, { relationship: 'lead-case-manager', statutory })
    expect(decide(shippedPolicies, 'release', facts, { fields: [field], lapses: [] }).fields).toEqual([field])
    expect(restsOnConsent(shippedPolicies, facts, [field])).toBe(rests)
  })
})
