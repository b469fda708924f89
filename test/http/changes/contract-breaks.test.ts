import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { announcedIn, breakLine, contractBreaks, untimely } from '../../../src/http/contract/changes/contract-breaks.ts'
import { firstDayAfterNotice } from '../../../src/http/contract/changes/notice.ts'
import { lastReleased, writeReleased } from '../../../src/http/contract/changes/released.ts'
import { contract } from '../support.ts'

type Json = Readonly<Record<string, unknown>>

const root = new URL('../../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const today = new Date().toISOString().slice(0, 10)

const gone = Symbol('gone')
type Edits = Readonly<Record<string, unknown>>

/** A copy with other values at some places, each named by the members that lead there; `gone` leaves one out. */
const edited = (document: Json, edits: Edits): Json => {
  const copy = structuredClone(document)
  for (const [place, value] of Object.entries(edits)) {
    const way = place.split('.')
    const name = way.pop()!
    const holder = way.reduce<Record<string, unknown>>((node, member) => node[member] as Record<string, unknown>, copy)
    if (value === gone) Reflect.deleteProperty(holder, name)
    else holder[name] = value
  }
  return copy
}

describe('the contract as it stands', () => {
  const released = lastReleased()!

  test('breaks nobody who was built on the last release without having announced it in time', () => {
    const late = untimely(contractBreaks(released.document, contract.document), released.document, today)
    expect(late.map(breakLine)).toEqual([])
  })

  test('was kept when this version was released, whole but for its words', () => {
    expect(released.version).toBe((JSON.parse(read('package.json')) as { readonly version: string }).version)
    const kept = JSON.parse(writeReleased(contract.document)) as Json & { components: { schemas: Record<string, { properties: Json }> } }
    expect(contractBreaks(contract.document, kept)).toEqual([])
    expect(contractBreaks(kept, contract.document)).toEqual([])
    // A member may be called as the words are that are left out.
    expect(kept.components.schemas['AgreementTerms']!.properties['title']).toBeDefined()
    expect(Object.keys(released.document['paths'] as object).length).toBeGreaterThan(100)
  })

  test('has in the changelog each release and each day on which something ends', () => {
    const changelog = read('CHANGELOG.md')
    expect(changelog).toMatch(/^## Unreleased$/m)
    expect(changelog).toMatch(new RegExp(`^## ${released.version.replaceAll('.', '\\.')} - \\d{4}-\\d\\d-\\d\\d$`, 'm'))
    const ends = [...JSON.stringify(contract.document).matchAll(/"x-sunset":"([^"]+)"/g)].map((match) => match[1]!)
    for (const day of [...ends, ...announcedIn(contract.document).map(({ fromOn }) => fromOn)]) expect(changelog).toContain(day)
  })

  test('is red without one of its operations, and without one member of an answer', () => {
    const fewer = edited(contract.document, {
      'paths./v1/searches': gone,
      'components.schemas.EnquiryResult.properties.receipt': gone,
    })
    const late = untimely(contractBreaks(released.document, fewer), released.document, today).map(breakLine)
    expect(late).toContain('POST /v1/searches /: is gone (operation-removed)')
    expect(late).toContain('POST /v1/enquiries /200/receipt: is gone (member-removed)')
  })
})

const answer = (schema: Json): Json => ({
  description: 'x',
  headers: { ETag: { schema: {} } },
  content: { 'application/json': { schema } },
})

const small = {
  openapi: '3.1.0',
  security: [{ token: [] }, { certificate: [] }],
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'x' }, certificate: { type: 'mutualTLS' } },
    schemas: {
      Asked: {
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          kind: { type: 'string', enum: ['a', 'b'] },
          text: { type: ['string', 'null'], minLength: 1, maxLength: 10 },
          count: { type: 'number', maximum: 9 },
          list: { type: 'array', maxItems: 5, items: { type: 'string' } },
          open: { type: 'object' },
          either: { anyOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { type: 'null' }] },
        },
      },
      Told: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'state'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          state: { type: 'string', enum: ['open', 'shut'] },
          role: { type: 'string', 'x-grows': true, enum: ['chair'] },
          text: { type: 'string', maxLength: 10 },
          list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
          either: { oneOf: [{ type: 'string' }, { type: 'null' }] },
        },
      },
    },
  },
  paths: {
    '/v1/things/{thingId}': {
      parameters: [{ name: 'thingId', in: 'path', required: true, schema: { type: 'string' } }],
      post: {
        operationId: 'askThing',
        'x-body-limit-kb': 200,
        parameters: [
          { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 50 } },
          { name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } },
        ],
        requestBody: { required: false, content: { 'application/json': { schema: { $ref: '#/components/schemas/Asked' } } } },
        responses: { '200': answer({ $ref: '#/components/schemas/Told' }), '404': answer({ type: 'object' }) },
      },
    },
    '/v1/things': { get: { operationId: 'listThings', responses: { '200': answer({ $ref: '#/components/schemas/Told' }) } } },
  },
}

const short: Readonly<Record<string, string>> = {
  asked: 'components.schemas.Asked',
  told: 'components.schemas.Told',
  ask: 'paths./v1/things/{thingId}.post',
}
const after = (edits: Edits): Json =>
  edited(
    small,
    Object.fromEntries(Object.entries(edits).map(([place, value]) => [place.replace(/^[a-z]+/, (word) => short[word] ?? word), value])),
  )

const text = { type: 'string' }
const none = { type: 'null' }
const list = { operationId: 'listThings', responses: {} }

const breaking: readonly (readonly [string, Edits, string, string])[] = [
  ['an operation that is gone', { 'paths./v1/things': gone }, 'operation-removed', ''],
  ['an operation under another id', { 'ask.operationId': 'ask' }, 'operation-renamed', ''],
  ['a scheme that is gone', { 'components.securitySchemes.token': gone }, 'access-narrowed', '/securitySchemes/token'],
  ['a scheme that is another', { 'components.securitySchemes.token.scheme': 'dpop' }, 'access-narrowed', '/securitySchemes/token'],
  ['a way in that is gone', { security: [{ token: [] }] }, 'access-narrowed', '/security'],
  ['a way in that asks for more', { 'ask.security': [{ token: ['more'] }] }, 'access-narrowed', '/security'],
  [
    'a parameter that is gone',
    { 'ask.parameters': [{ name: 'If-Match', in: 'header', schema: text }] },
    'parameter-removed',
    '/query limit',
  ],
  ['a parameter that must be sent', { 'ask.parameters.1.required': true }, 'parameter-required', '/header if-match'],
  ['a new one that must', { 'ask.parameters.2': { name: 'x', in: 'query', required: true, schema: {} } }, 'parameter-required', '/query x'],
  ['a parameter with fewer values', { 'ask.parameters.0.schema.maximum': 20 }, 'narrowed', '/query limit'],
  ['a body that must be sent', { 'ask.requestBody.required': true }, 'body-required', '/body'],
  ['a smaller body', { 'ask.x-body-limit-kb': gone }, 'body-limit-lowered', '/body'],
  ['another form of body', { 'ask.requestBody.content': { 'text/csv': { schema: {} } } }, 'member-removed', '/body'],
  ['an answer that is gone', { 'ask.responses.404': gone }, 'answer-removed', '/404'],
  ['a header that is gone', { 'ask.responses.200.headers.ETag': gone }, 'header-removed', '/200/ETag'],
  ['a member of a request that is gone', { 'asked.properties.kind': gone }, 'member-removed', '/body/kind'],
  ['a member that must be sent', { 'asked.required': ['id', 'kind'] }, 'member-required', '/body/kind'],
  ['a value of a request that is gone', { 'asked.properties.kind.enum': ['a'] }, 'narrowed', '/body/kind'],
  ['a list where anything went', { 'asked.properties.id.enum': ['x'] }, 'narrowed', '/body/id'],
  ['a type that is gone', { 'asked.properties.text.type': 'string' }, 'narrowed', '/body/text'],
  ['a whole number where any went', { 'asked.properties.count.type': 'integer' }, 'narrowed', '/body/count'],
  ['another format', { 'asked.properties.id.format': 'uri' }, 'narrowed', '/body/id'],
  ['a pattern', { 'asked.properties.text.pattern': '^a' }, 'narrowed', '/body/text'],
  ['a shorter text', { 'asked.properties.text.maxLength': 9 }, 'narrowed', '/body/text'],
  ['a longer least text', { 'asked.properties.text.minLength': 2 }, 'narrowed', '/body/text'],
  ['a limit where there was none', { 'asked.properties.list.minItems': 1 }, 'narrowed', '/body/list'],
  ['items of another type', { 'asked.properties.list.items.type': 'integer' }, 'narrowed', '/body/list/*'],
  ['an object that is closed', { 'asked.properties.open.additionalProperties': false }, 'narrowed', '/body/open/*'],
  ['a form that is no longer taken', { 'asked.properties.either.anyOf': [{ type: 'object' }] }, 'narrowed', '/body/either'],
  ['a form that is stricter', { 'asked.properties.either.anyOf.0.required': ['a'] }, 'member-required', '/body/either/a'],
  ['a choice where there was none', { 'asked.oneOf': [{ required: ['kind'] }] }, 'narrowed', '/body'],
  ['a keyword that nobody thought of', { 'asked.properties.text.contentEncoding': 'base64' }, 'narrowed', '/body/text'],
  ['a member of an answer that is gone', { 'told.properties.text': gone }, 'member-removed', '/200/text'],
  ['a member that is not always there', { 'told.required': ['id'] }, 'member-optional', '/200/state'],
  ['a new value in an answer', { 'told.properties.state.enum': ['open', 'shut', 'ajar'] }, 'widened', '/200/state'],
  ['a type more in an answer', { 'told.properties.text.type': ['string', 'null'] }, 'widened', '/200/text'],
  ['no format in an answer', { 'told.properties.id.format': gone }, 'widened', '/200/id'],
  ['a form more in an answer', { 'told.properties.either.oneOf': [text, none, { type: 'integer' }] }, 'widened', '/200/either'],
  ['a choice in an answer', { 'told.properties.text': { anyOf: [{ ...text, maxLength: 10 }, none] } }, 'widened', '/200/text'],
  ['a member of an item that is gone', { 'told.properties.list.items.properties.a': gone }, 'member-removed', '/200/list/*/a'],
]

const renamedPath = {
  ...(small.paths['/v1/things/{thingId}'] as Json),
  parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
}

const harmless: readonly (readonly [string, Edits])[] = [
  ['a new operation', { 'paths./v1/more': { get: list } }],
  ['a way in more', { security: [{ token: [] }, { certificate: [] }, { key: [] }] }],
  ['an optional parameter', { 'ask.parameters.2': { name: 'x', in: 'query', schema: {} } }],
  ['another name in the path', { 'paths./v1/things/{thingId}': gone, 'paths./v1/things/{id}': renamedPath }],
  ['an answer with another status', { 'ask.responses.409': answer({}) }],
  ['an optional member of a request', { 'asked.properties.more': text }],
  ['a member that may be left out now', { 'asked.required': [] }],
  ['a value more in a request', { 'asked.properties.kind.enum': ['a', 'b', 'c'] }],
  ['a type more in a request', { 'asked.properties.id.type': ['string', 'null'] }],
  [
    'wider limits',
    { 'asked.properties.text.maxLength': 11, 'asked.properties.text.minLength': gone, 'told.properties.text.maxLength': 20 },
  ],
  ['a member more in an answer', { 'told.properties.more': {}, 'told.required': ['id', 'state', 'more'] }],
  ['a member that is always there now', { 'told.required': ['id', 'state', 'text'] }],
  ['a value fewer in an answer', { 'told.properties.state.enum': ['open'] }],
  ['a form fewer in an answer', { 'told.properties.either.oneOf': [text] }],
  ['a new value of a list that grows', { 'told.properties.role.enum': ['chair', 'deputy'] }],
  ['other words', { 'components.securitySchemes.token.description': 'y', 'told.properties.text.description': 'y' }],
]

describe('a change of a contract', () => {
  test.each(breaking)('breaks: %s', (_name, edits, kind, at) => {
    const later = after(edits)
    const breaks = contractBreaks(small, later)
    expect(breaks.map((one) => `${one.kind} ${one.at}`)).toContain(`${kind} ${at}`)
    expect(untimely(breaks, small, '2027-06-01')).toEqual(breaks)
    // What was announced in the former contract, for a day that has come, is let through; no other is, and none too soon.
    const announce = (more: Json) => ({
      ...small,
      'x-announced': breaks.map((one) => ({
        kind: one.kind,
        operation: one.operation,
        at: one.at,
        instead: 'x',
        announcedOn: '2026-12-01',
        fromOn: '2027-06-01',
        ...more,
      })),
    })
    expect(untimely(breaks, announce({}), '2027-06-01')).toEqual([])
    expect(untimely(breaks, announce({ operation: '*' }), '2027-06-01')).toEqual([])
    expect(untimely(breaks, announce({}), '2027-05-31')).toEqual(breaks)
    expect(untimely(breaks, announce({ at: '/elsewhere' }), '2027-06-01')).toEqual(breaks)
    expect(() => untimely(breaks, announce({ fromOn: '2027-05-31' }), '2027-06-01')).toThrow('until 2027-06-01')
  })

  test.each(harmless)('breaks nobody: %s', (_name, edits) => {
    expect(contractBreaks(small, after(edits)).map(breakLine)).toEqual([])
  })

  const notice = { deprecated: true, 'x-deprecated-on': '2026-12-01', 'x-sunset': '2027-06-01' }
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 50 }, ...notice }
  const etag = 'ask.responses.200.headers.ETag'
  test.each<[string, Edits, Edits]>([
    ['an operation', { 'paths./v1/things.get': { ...list, ...notice } }, { 'paths./v1/things': gone }],
    ['a parameter', { 'ask.parameters': [limit] }, { 'ask.parameters': [] }],
    ['a member', { 'told.properties.text': { ...text, ...notice } }, { 'told.properties.text': gone }],
    ['a header', { [etag]: { schema: {}, ...notice } }, { [etag]: gone }],
  ])('%s that was deprecated may go on its day, and not before', (_name, deprecate, remove) => {
    const former = after(deprecate)
    const breaks = contractBreaks(former, after(remove)).filter(({ kind }) => kind.endsWith('-removed'))
    expect(breaks.length).toBeGreaterThan(0)
    expect(untimely(breaks, former, '2027-05-31')).toEqual(breaks)
    expect(untimely(breaks, former, '2027-06-01')).toEqual([])
  })
})

test.each([
  ['2026-11-22', '2027-05-22'],
  ['2026-08-31', '2027-02-28'],
  ['2027-08-30', '2028-02-29'],
  ['2026-12-31', '2027-06-30'],
])('six months after %s is %s', (on, first) => {
  expect(firstDayAfterNotice(on)).toBe(first)
})
