import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type CategoryDefinition, valueFits } from '../../src/core/decision/category.ts'
import type { HostedRecord, Subject } from '../../src/core/snapshot.ts'
import { categories, type Category } from '../../src/core/vocabulary.ts'
import { registerItems } from '../../src/sources/register.ts'
import type { Source } from '../../src/sources/source.ts'
import { identifiersFor, registerCategories, suppliersOf } from '../../src/sources/suppliers.ts'

const at = (text: string) => new Date(text)
const hosted = (category: Category, agencyId: string): HostedRecord => ({
  id: `${agencyId}-${category}`,
  category,
  agencyId,
  sealed: new Uint8Array(),
  recordedAt: at('2026-01-01T00:00:00Z'),
})
const consentEvent = {
  id: 'e2',
  offenderId: 'o1',
  kind: 'given',
  scope: { categories: ['ete'], recipients: ['calder-dip'], purposes: ['rehab-support'] },
  capacityBasis: 'adult-presumed',
  evidence: 'form 12',
  happenedAt: at('2026-06-30T23:30:00Z'),
  expiresAt: at('2027-01-01T00:00:00Z'),
  recordedAt: at('2026-06-30T23:30:00Z'),
} as const
const subject: Subject = {
  offenderId: 'o1',
  basis: 'cohort',
  givenName: 'Jordan',
  familyName: 'Testcase',
  bornOn: '2000-02-03',
  cohort: 'iom',
  strand: 'catch-and-control',
  statutory: true,
  supervisorAgencyId: null,
  leadAgencyId: 'ridings-police',
  leadAgencyKind: 'police',
  dip: false,
  custodyAgencyId: null,
  reviewOn: '2027-01-15',
  longTermCustody: false,
  areaId: 'calder',
  processingRestricted: false,
  identifiers: [
    { kind: 'pnc-id', value: '19980123456X', agencyId: 'ridings-police' },
    { kind: 'crn', value: 'X123456', agencyId: 'ridings-probation' },
    { kind: 'pnc-id', value: '19980123456X', agencyId: 'ridings-probation' },
  ],
  relationships: [],
  consentEvents: [
    consentEvent,
    {
      ...consentEvent,
      id: 'e1',
      kind: 'sought',
      scope: { categories: [], recipients: [], purposes: [] },
      capacityBasis: null,
      expiresAt: null,
      happenedAt: at('2026-05-01T09:00:00Z'),
    },
    { ...consentEvent, id: 'e3', offenderId: 'o2', kind: 'withdrawn' },
  ],
  hosted: [
    hosted('ete', 'young-horizons'),
    hosted('ete', 'ridings-probation'),
    hosted('ete', 'young-horizons'),
    hosted('address', 'calder-housing'),
    hosted('identity', 'calder-housing'),
  ],
}
const source = (agencyId: string, identifierKind: Source['identifierKind'], held: readonly Category[]): Source => ({
  agencyId,
  identifierKind,
  categories: held,
  fetch: () => Promise.resolve([]),
})
const uses = {
  sources: [
    source('ridings-probation', 'crn', ['ete', 'oasys']),
    source('ridings-probation', 'crn', ['ete']),
    source('ridings-police', 'pnc-id', ['arrest-disposal']),
    source('ridings-dip-police', 'pnc-id', ['arrest-disposal', 'ete']),
    source('calder-yos', 'crn', ['ete', 'asset']),
  ],
  agencyOf: (id: string) => (id === 'calder-housing' ? undefined : ({ kind: 'police', regime: 'law-enforcement' } as const)),
  partnershipId: 'ridings-partnership',
}
const ways = (category: Category, one: Subject = subject) =>
  suppliersOf(one, category, uses).map(({ agencyId, via }) => `${agencyId} ${via}`)

test.each<[Category, string[]]>([
  ['ete', ['ridings-probation http', 'ridings-probation hosted', 'young-horizons hosted']],
  ['arrest-disposal', ['ridings-police http']],
  ['oasys', ['ridings-probation http']],
  ['asset', []],
  ['address', []],
  ['identity', ['ridings-police register']],
  ['cohort-status', ['ridings-police register']],
  ['consent-record', ['ridings-police register']],
])('%s is held by %j: only whom the agency knows by its own number, only agencies that are registered', (category, expected) => {
  expect(ways(category)).toEqual(expected)
})

test('the partnership answers from the register for a person without a lead agency', () => {
  expect(ways('identity', { ...subject, leadAgencyId: null })).toEqual(['ridings-partnership register'])
})

test("the numbers of two files of one agency are both asked about; another agency's number is not", () => {
  const twice = { ...subject, identifiers: [...subject.identifiers, { kind: 'crn', value: 'A1', agencyId: 'ridings-probation' } as const] }
  expect(identifiersFor(twice, { agencyId: 'ridings-probation', identifierKind: 'crn' })).toEqual(['A1', 'X123456'])
  expect(identifiersFor(subject, { agencyId: 'ridings-dip-police', identifierKind: 'pnc-id' })).toEqual([])
})

const registerUses = { agencyId: 'ridings-police', marking: 'official-sensitive' }

test('every register field is one the category knows, of its type', () => {
  for (const category of registerCategories) {
    const definition = parse(readFileSync(`policies/categories/${category}.yaml`, 'utf8')) as CategoryDefinition
    const items = registerItems(subject, category, registerUses)
    expect(items.length).toBeGreaterThan(0)
    for (const [name, value] of items.flatMap((item) => Object.entries(item.fields))) {
      const field = definition.fields[name]
      expect(field && valueFits(field, value), `${category}.${name}`).toBe(true)
    }
  }
})

test('the register says what it knows of the person, and leaves out what it does not', () => {
  const [identity] = registerItems({ ...subject, bornOn: null, processingRestricted: true }, 'identity', registerUses)
  expect(identity).toMatchObject({
    originator: 'ridings-police',
    marking: 'official-sensitive',
    nature: 'fact',
    restricted: true,
    grade: null,
  })
  expect(identity?.fields).toEqual({
    givenName: 'Jordan',
    familyName: 'Testcase',
    identifiers: ['crn X123456', 'pnc-id 19980123456X'],
  })
  expect(registerItems({ ...subject, statutory: false }, 'cohort-status', registerUses)[0]?.fields).toEqual({
    cohort: 'iom',
    strand: 'catch-and-control',
    leadAgency: 'ridings-police',
    area: 'calder',
    statutory: false,
  })
})

test("consent events stand in their order, the person's own only, without evidence, dated by the London day", () => {
  const items = registerItems(subject, 'consent-record', registerUses)
  expect(items.map((item) => [item.fields['kind'], item.recordedOn])).toEqual([
    ['sought', '2026-07-01'],
    ['given', '2026-07-01'],
  ])
  expect(items[1]?.fields).toEqual({
    kind: 'given',
    happenedAt: '2026-06-30T23:30:00.000Z',
    expiresAt: '2027-01-01T00:00:00.000Z',
    categories: ['ete'],
    recipients: ['calder-dip'],
    capacityBasis: 'adult-presumed',
  })
})

test('the register holds nothing else', () => {
  for (const category of categories.filter((id) => !registerCategories.includes(id)))
    expect(registerItems(subject, category, registerUses)).toEqual([])
})
