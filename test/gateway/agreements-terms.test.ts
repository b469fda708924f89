import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { readAgreementFile } from '../../src/gateway/agreements/import-agreements.ts'
import { parseTerms } from '../../src/gateway/agreements/parse-terms.ts'
import { termsHash } from '../../src/gateway/agreements/terms-hash.ts'
import { grantOf, termsOf } from '../support/agreements.ts'

const grants = (more: object) => ({ ...termsOf(), grants: [{ ...grantOf(), ...more }] })

describe('terms from outside', () => {
  it('are accepted when whole', () => {
    expect(parseTerms(JSON.parse(JSON.stringify(termsOf())))).toEqual({ terms: termsOf() })
  })

  it.each<[string, unknown, string, RegExp]>([
    ['nothing', undefined, '', /object/],
    ['an unknown member', { ...termsOf(), note: 'x' }, '', /no member called note/],
    ['an unknown purpose', grants({ purposes: ['risk'] }), '/grants/0/purposes/0', /risk-management/],
    ['no purposes', grants({ purposes: [] }), '/grants/0/purposes', />=1/],
    ['an empty list of fields', grants({ categories: [{ id: 'oasys', fields: [] }] }), '/grants/0/categories/0/fields', />=1/],
    ['one party', { ...termsOf(), parties: ['ridings-police'] }, '/parties', /two parties/],
    ['a party twice', { ...termsOf(), parties: [...termsOf().parties, 'fresh-steps'] }, '/parties', /twice/],
    ['a provider that is no party', grants({ providers: ['calder-yos'] }), '/grants/0/providers', /not a party/],
    ['a recipient that is no party', grants({ recipients: ['hollins-lettings'] }), '/grants/0/recipients', /not a party/],
    ['a grant to oneself', grants({ recipients: ['ridings-police'] }), '/grants/0', /nobody receives/],
    ['a category twice', grants({ categories: [{ id: 'oasys' }, { id: 'oasys' }] }), '/grants/0/categories', /twice/],
    ['two grants of one name', { ...termsOf(), grants: [grantOf(), grantOf()] }, '/grants', /two grants/],
    ['a day that is none', { ...termsOf(), inForceTo: '2026-02-30' }, '/inForceTo', /not a calendar day/],
    ['an end before the beginning', { ...termsOf(), inForceTo: '2024-12-31' }, '/inForceTo', /before it begins/],
    ['a review before the beginning', { ...termsOf(), reviewOn: '2024-12-31' }, '/reviewOn', /before the agreement begins/],
    ['half a day of grace', { ...termsOf(), reviewGraceDays: 0.5 }, '/reviewGraceDays', /int/],
    ['s.36(4) without its law', grants({ legalGateways: ['dpa36-4-authorised'] }), '/grants/0/authorisingLaw', /must name the law/],
    ['s.17A for personal data', grants({ legalGateways: ['cda17a'] }), '/grants/0/legalGateways', /aggregate alone/],
    ['freedom of information', grants({ purposes: ['foi'] }), '/grants/0/purposes', /never releases/],
    ['half a surrogate pair', { ...termsOf(), title: 'a\ud800' }, '/title', /surrogate/],
    ['a NUL', { ...termsOf(), title: 'a\0' }, '/title', /NUL/],
    ['an agency that is a path', { ...termsOf(), owner: '../etc' }, '/owner', /id of an agency/],
  ])('are refused with %s', (_title, value, path, message) => {
    const parsed = parseTerms(value)
    const problems = 'problems' in parsed ? parsed.problems : []
    expect(problems).toContainEqual({ path, message: expect.stringMatching(message) as string })
  })
})

describe('the hash of terms', () => {
  it('is 43 characters of base64url and does not depend on the order of members', () => {
    const shuffled = Object.fromEntries(Object.entries(termsOf()).reverse()) as unknown as ReturnType<typeof termsOf>
    expect(termsHash(termsOf())).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(termsHash(shuffled)).toBe(termsHash(termsOf()))
  })

  it('changes with any one term', () => {
    const hashes = [
      termsOf(),
      termsOf({ title: 'Another' }),
      termsOf({ inForceTo: null }),
      termsOf({ parties: [...termsOf().parties].reverse() }),
      termsOf({ grants: [grantOf({ purposes: ['risk-management'] })] }),
      termsOf({ reviewGraceDays: 0 }),
    ].map(termsHash)
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

describe('an agreement in a file', () => {
  it('is refused with the name of the file and the place', () => {
    const text = JSON.stringify(grants({ purposes: ['risk'] }))
    expect(() => readAgreementFile({ name: 'pilot.yaml', text })).toThrow(/pilot\.yaml: \/grants\/0\/purposes\/0: .*risk-management/)
  })

  it.each([
    ['a key twice', 'reference: a\nreference: b\n'],
    ['broken YAML', 'reference: [a\n'],
  ])('is refused with %s', (_title, text) => {
    expect(() => readAgreementFile({ name: 'pilot.yaml', text })).toThrow(Fault)
  })
})
