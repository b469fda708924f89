import { describe, expect, it } from 'vitest'
import { differences } from '../../src/http/console/pages/agreements/compare.ts'

const terms = {
  reference: 'A-1',
  parties: ['b', 'a'],
  inForceTo: null,
  grants: [
    { id: 'one', purposes: ['recall'], categories: [{ id: 'identity' }] },
    { id: 'two', purposes: ['recall'], categories: [{ id: 'oasys', fields: ['riskLevel'] }] },
  ],
}

describe('what two versions of an agreement say differently', () => {
  it.each([
    ['nothing, when only the order of a list changed', { ...terms, parties: ['a', 'b'] }, []],
    ['a date that was set', { ...terms, inForceTo: '2027-01-01' }, [{ what: 'inForceTo', before: 'none', after: '2027-01-01' }]],
    ['a party that joined', { ...terms, parties: ['a', 'b', 'c'] }, [{ what: 'parties', before: 'a, b', after: 'a, b, c' }]],
    [
      'a grant put in front, without shifting the others',
      { ...terms, grants: [{ id: 'new', purposes: ['selection'], categories: [] }, ...terms.grants] },
      [
        { what: 'grants › new › id', before: 'not there', after: 'new' },
        { what: 'grants › new › purposes', before: 'not there', after: 'selection' },
        { what: 'grants › new › categories', before: 'not there', after: 'none' },
      ],
    ],
    [
      'fields that were narrowed',
      { ...terms, grants: [terms.grants[0], { ...terms.grants[1], categories: [{ id: 'oasys', fields: ['score'] }] }] },
      [{ what: 'grants › two › categories › oasys › fields', before: 'riskLevel', after: 'score' }],
    ],
  ])('%s', (_what, after, expected) => expect(differences(terms, after)).toEqual(expected))
})
