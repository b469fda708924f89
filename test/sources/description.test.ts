import { expect, test } from 'vitest'
import { parseSourceDescription } from '../../src/sources/description.ts'
import { arrests } from './support/hostile.ts'

const good = {
  agency: 'ridings-police',
  address: 'https://records.police.example/v2',
  identifierKind: 'pnc-id',
  credential: { type: 'bearer-file', file: 'police.token' },
  categories: { 'arrest-disposal': arrests },
}
const withArrests = (change: Record<string, unknown>) => ({ ...good, categories: { 'arrest-disposal': { ...arrests, ...change } } })

test('a description has its limits filled in', () => {
  expect(parseSourceDescription(good, 'police.yaml')).toEqual({
    ...good,
    timeoutMs: 3_000,
    maxBytes: 1_048_576,
    concurrency: 64,
    breaker: { failures: 5, restMs: 10_000 },
  })
})

test.each<[string, unknown, string]>([
  ['nothing', null, 'police.yaml: description: '],
  ['an unknown member', { ...good, retries: 3 }, 'police.yaml: description: Unrecognized key: "retries"'],
  ['an agency id in capitals', { ...good, agency: 'Police' }, 'police.yaml: agency: must be an agency id'],
  ['clear text over a network', { ...good, address: 'http://records.police.example' }, 'police.yaml: address: must be an https URL'],
  ['a loopback look-alike', { ...good, address: 'http://127.0.0.1.example' }, 'police.yaml: address: must be an https URL'],
  ['a password in the address', { ...good, address: 'https://a:b@records.police.example' }, 'police.yaml: address: must be an https URL'],
  ['another scheme', { ...good, address: 'file:///etc/passwd' }, 'police.yaml: address: must be an https URL'],
  ['an unknown kind of number', { ...good, identifierKind: 'nhs-number' }, 'police.yaml: identifierKind: '],
  ['an unknown credential', { ...good, credential: { type: 'basic' } }, 'police.yaml: credential.type: '],
  ['a time limit of a minute', { ...good, timeoutMs: 60_000 }, 'police.yaml: timeoutMs: '],
  ['no category', { ...good, categories: {} }, 'police.yaml: categories: must name at least one category'],
  ['an unknown category', { ...good, categories: { arrests } }, 'police.yaml: categories'],
  [
    'an expression that does not parse',
    withArrests({ item: '{ "fields": ' }),
    'police.yaml: categories.arrest-disposal.item: is not a JSONata expression: ',
  ],
  ['a missing subject', withArrests({ subject: undefined }), 'police.yaml: categories.arrest-disposal.subject: '],
  [
    'a request about nobody',
    withArrests({ request: { method: 'GET', path: '/arrests' } }),
    'police.yaml: categories.arrest-disposal.request: must hold {identifier}',
  ],
  [
    'a path to another host',
    withArrests({ request: { method: 'GET', path: '//evil.example/{identifier}' } }),
    'police.yaml: categories.arrest-disposal.request.path: must start with one /',
  ],
  [
    'a path that steps up',
    withArrests({ request: { method: 'GET', path: '/../{identifier}' } }),
    'police.yaml: categories.arrest-disposal.request.path: must not step up',
  ],
  [
    'a method that changes something',
    withArrests({ request: { method: 'DELETE', path: '/{identifier}' } }),
    'police.yaml: categories.arrest-disposal.request.method: ',
  ],
])('%s stops the start with the path of the problem', (_title, value, message) => {
  expect(() => parseSourceDescription(value, 'police.yaml')).toThrow(message)
})

test('every problem is told at once', () => {
  const told = () => parseSourceDescription({ ...good, agency: '', timeoutMs: 1 }, 'police.yaml')
  expect(told).toThrow(/agency: [^]*\n[^]*timeoutMs: /)
})
