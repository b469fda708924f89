import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { HostedRecord } from '../../src/core/snapshot.ts'
import { makeSealer, openItems, sealItems } from '../../src/sources/hosted.ts'

const first = { id: 'records-2025', key: randomBytes(32) }
const second = { id: 'records-2026', key: randomBytes(32) }
const sealer = makeSealer({ current: first, older: [] })
const place = { table: 'hosted_record', id: '0197a000-0000-7000-8000-000000000001', column: 'sealed' }
const plain = Buffer.from('["something about a person"]')
const terms = { marking: 'official-sensitive', graded: false, consent: 'always' } as const
const record = (sealed: Uint8Array, id = place.id): HostedRecord => ({
  id,
  category: 'health-mental',
  agencyId: 'ridings-health',
  sealed,
  recordedAt: new Date('2026-01-01T00:00:00Z'),
})

test('what is sealed opens in its place, and shows nothing of itself', () => {
  const sealed = sealer.seal(plain, place)
  expect(Buffer.from(sealed).includes('person')).toBe(false)
  expect(sealer.open(sealed, place)).toEqual(plain)
  expect(sealer.seal(plain, place)).not.toEqual(sealed)
  expect(sealer.open(sealer.seal(new Uint8Array(), place), place)).toHaveLength(0)
})

test.each([
  ['row', { id: '0197a000-0000-7000-8000-000000000002' }],
  ['table', { table: 'other' }],
  ['column', { column: 'other' }],
  ['place of the same letters', { table: 'hosted_record","0197a000', id: place.id.slice(8) }],
])('it does not open in another %s', (_title, elsewhere) => {
  expect(sealer.open(sealer.seal(plain, place), { ...place, ...elsewhere })).toBeNull()
})

test('no single changed byte, and no shortening, opens', () => {
  const sealed = Buffer.from(sealer.seal(plain, place))
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    expect(sealer.open(changed, place), `byte ${at}`).toBeNull()
    expect(sealer.open(sealed.subarray(0, at), place), `first ${at} bytes`).toBeNull()
  }
  expect(sealer.open(Buffer.concat([sealed, Buffer.from([0])]), place)).toBeNull()
})

test('the wrapped key of one value does not open the content of another', () => {
  const [one, other] = [sealer.seal(plain, place), sealer.seal(plain, place)]
  const headBytes = 2 + first.id.length + 60
  expect(sealer.open(Buffer.concat([one.subarray(0, headBytes), other.subarray(headBytes)]), place)).toBeNull()
})

test('a key is replaced by wrapping anew: old values open while the old key is there, rewrapped ones without it', () => {
  const sealed = sealer.seal(plain, place)
  const both = makeSealer({ current: second, older: [first] })
  const newOnly = makeSealer({ current: second, older: [] })
  expect(both.open(sealed, place)).toEqual(plain)
  expect(newOnly.open(sealed, place)).toBeNull()
  const rewrapped = both.rewrap(sealed, place)
  expect(rewrapped && newOnly.open(rewrapped, place)).toEqual(plain)
  expect(both.rewrap(sealed, { ...place, id: 'x' })).toBeNull()
  expect(newOnly.rewrap(sealed, place)).toBeNull()
})

test('keys that cannot be right stop the start', () => {
  expect(() => makeSealer({ current: { id: 'a', key: randomBytes(16) }, older: [] })).toThrow('16 bytes long, expected 32')
  expect(() => makeSealer({ current: first, older: [{ ...second, id: first.id }] })).toThrow('same id')
  expect(() => makeSealer({ current: { ...first, id: '' }, older: [] })).toThrow('key id')
})

test('hosted items come back as a reply, with careful defaults', () => {
  const sealed = sealItems([{ fields: { summary: 'Under review', gone: null } }], place.id, sealer)
  expect(openItems(record(sealed), sealer, terms)).toEqual({
    category: 'health-mental',
    outcome: 'items',
    items: [
      {
        fields: { summary: 'Under review' },
        originator: 'ridings-health',
        recordedOn: null,
        nature: 'assessment',
        subjectType: 'other',
        marking: 'official-sensitive',
        restricted: false,
        collectedOnConsent: true,
        grade: null,
        conditions: [],
        reviewBy: null,
      },
    ],
  })
  expect(openItems(record(sealed), sealer, undefined)).toMatchObject({ items: [{ marking: 'unknown', grade: { source: 'unknown' } }] })
})

test('an item that says everything comes back as it went in', () => {
  const item = {
    fields: { a: 'x', n: 1, list: ['y'], yes: true },
    originator: 'calder-housing',
    recordedOn: '2026-01-02',
    nature: 'fact',
    subjectType: 'convicted',
    marking: 'official',
    restricted: true,
    collectedOnConsent: false,
    grade: { source: '1', intelligence: 'b', handling: 'c' },
    conditions: ['originator-consulted'],
    reviewBy: '2027-01-01',
  } as const
  expect(openItems(record(sealItems([item], place.id, sealer)), sealer, terms)).toMatchObject({ items: [item] })
})

test('a record in another row, or one that holds no items, is unavailable as a whole', () => {
  const sealed = sealItems([{ fields: {} }], place.id, sealer)
  expect(openItems(record(sealed, 'another'), sealer, terms)).toMatchObject({ outcome: 'unavailable', because: 'failed' })
  for (const text of ['{}', 'no JSON', '[{"fields":{}},{}]', '[1]', '[{"fields":{"a":{}}}]']) {
    expect(openItems(record(sealer.seal(Buffer.from(text), place)), sealer, terms), text).toMatchObject({ because: 'invalid-reply' })
  }
})
