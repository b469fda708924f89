import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileContract } from '../../../src/http/contract.ts'
import { contract, entryId, openDoors, post, type TestDoors } from '../support.ts'

const made = (ofOperation: string, ofMember: string): string => `
openapi: 3.1.0
info: { title: Made for this test, version: 1.0.0 }
paths:
  /v1/old:
    post:
      operationId: askOld
      ${ofOperation}
      requestBody: { required: true, content: { application/json: { schema: { type: object, additionalProperties: false, properties: { id: { type: string } } } } } }
      responses: { '200': { $ref: '#/components/responses/Done' } }
  /v1/member:
    post:
      operationId: askMember
      responses: { '200': { $ref: '#/components/responses/Told' } }
  /v1/parameter:
    get:
      operationId: askParameter
      parameters: [{ name: limit, in: query, deprecated: true, x-deprecated-on: '2026-12-01', x-sunset: '2027-09-01', schema: { type: integer } }]
      responses: { '200': { $ref: '#/components/responses/Done' } }
  /v1/new:
    post:
      operationId: askNew
      responses: { '200': { $ref: '#/components/responses/Done' } }
components:
  responses:
    Done: { description: Done., content: { application/json: { schema: { type: object } } } }
    Told: { description: Told., content: { application/json: { schema: { $ref: '#/components/schemas/Told' } } } }
  schemas:
    Told: { type: object, properties: { late: { $ref: '#/components/schemas/Text', ${ofMember} }, text: { $ref: '#/components/schemas/Text' } } }
    Text: { type: string }
`
const operation = `deprecated: true\n      x-deprecated-on: '2026-12-01'\n      x-sunset: '2027-07-01'`
const member = `deprecated: true, x-deprecated-on: '2027-01-15', x-sunset: '2027-08-31'`

const linked = '</docs/changelog>; rel="deprecation", </docs/changelog>; rel="sunset"'
// 1 December 2026 and 15 January 2027, midnight UTC.
const toldOfOperation = { deprecation: '@1796083200', sunset: 'Thu, 01 Jul 2027 00:00:00 GMT', link: linked }
const toldOfMember = { deprecation: '@1799971200', sunset: 'Tue, 31 Aug 2027 00:00:00 GMT', link: linked }
const told = (response: Response) => ({
  deprecation: response.headers.get('deprecation'),
  sunset: response.headers.get('sunset'),
  link: response.headers.get('link'),
})

describe('what is going to end says so', () => {
  let doors: TestDoors
  beforeAll(async () => {
    doors = await openDoors({
      served: compileContract(made(operation, member)),
      answer: (operationId) =>
        operationId === 'askOld'
          ? { status: 404, shielded: true, entryId, body: { code: 'ncnd', status: 404 } }
          : { status: 200, body: {}, entryId, headers: { etag: '"1"' } },
    })
  })
  afterAll(() => doors.stop())

  test('on every answer of a deprecated operation: shielded, wrong, unauthenticated', async () => {
    const replies = await Promise.all([
      post(doors, '/v1/old', {}),
      post(doors, '/v1/old', { unknown: 1 }),
      post(doors, '/v1/old', {}, { authorization: 'Bearer bad' }),
    ])
    expect(replies.map(({ status }) => status)).toEqual([404, 400, 401])
    for (const reply of replies) expect(told(reply)).toEqual(toldOfOperation)
  })

  test('on the answers of an operation of which a member or a parameter ends, beside the other headers', async () => {
    const reply = await post(doors, '/v1/member', '')
    expect(told(reply)).toEqual(toldOfMember)
    expect(reply.headers.get('etag')).toBe('"1"')
    const parameter = await fetch(`${doors.url}/v1/parameter`, { headers: { authorization: 'Bearer good' } })
    expect(told(parameter)).toMatchObject({ deprecation: toldOfOperation.deprecation, sunset: 'Wed, 01 Sep 2027 00:00:00 GMT' })
  })

  test('and on no other', async () => {
    const reply = await post(doors, '/v1/new', '')
    expect(reply.status).toBe(200)
    expect(told(reply)).toEqual({ deprecation: null, sunset: null, link: null })
  })

  test('where the link leads there is the changelog', async () => {
    const reply = await fetch(`${doors.url}/docs/changelog`)
    expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await reply.text()).toContain('## Unreleased')
  })
})

test('nothing that is served is deprecated without its headers, and today nothing is', () => {
  const marked = JSON.stringify(contract.document).includes('"deprecated":true')
  expect(contract.operations.some(({ deprecation }) => 'sunset' in deprecation)).toBe(marked)
})

describe('a notice that is not one stops the start', () => {
  test.each([
    ['without its days', 'deprecated: true', 'x-deprecated-on and x-sunset'],
    ['with a day that does not exist', `deprecated: true, x-deprecated-on: '2027-02-30', x-sunset: '2027-12-01'`, 'as YYYY-MM-DD'],
    ['that is too short', `deprecated: true, x-deprecated-on: '2027-01-15', x-sunset: '2027-07-14'`, 'stays until 2027-07-15'],
    ['with days and no mark', `x-deprecated-on: '2027-01-15', x-sunset: '2027-08-31'`, 'beside deprecated: true'],
  ])('%s', (_name, ofMember, says) => {
    expect(() => compileContract(made(operation, ofMember))).toThrow(says)
  })

  test('nor an announcement that is too short', () => {
    const announced = `x-announced: [{ kind: narrowed, operation: '*', at: /body, announcedOn: '2027-01-15', fromOn: '2027-03-01', instead: x }]\n`
    expect(() => compileContract(announced + made(operation, member))).toThrow('stays until 2027-07-15')
  })
})
