import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeAuthenticate } from '../../src/identity/authenticate.ts'
import { base64url, changed, claimsOf, faultOf, makeHouse, makeKey, mint, rawJws, requestWith, start, sub } from './support.ts'
import type { Json } from './support.ts'

const key = makeKey()
const rsa = makeKey('PS256')
let authenticate: ReturnType<typeof makeAuthenticate>
const send = (token: string) => authenticate(requestWith({ authorization: `Bearer ${token}` }))
const header = (changes: Json = {}) => JSON.stringify(changed({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' }, changes))
const payload = (changes: Json = {}) => JSON.stringify(claimsOf(changes))

beforeEach(() => {
  const house = makeHouse()
  house.addAgency('police', [
    ['k1', key],
    ['rsa', rsa],
  ])
  house.addClient('police-records', 'police')
  authenticate = makeAuthenticate(house.uses)
})

it('a token written by hand in the expected form is accepted, so that the refusals below are for their own reasons', async () => {
  expect((await send(rawJws(header(), payload(), key))).personSub).toBe(sub)
})

describe('the header (RFC 7515, RFC 8725, RFC 9068 2.1)', () => {
  it.each<[string, Json, RegExp]>([
    ['alg none', { alg: 'none' }, /alg "none", expected one of ES256, PS256, EdDSA/],
    ['alg None', { alg: 'None' }, /expected one of/],
    ['alg HS256', { alg: 'HS256' }, /expected one of/],
    ['alg RS256', { alg: 'RS256' }, /expected one of/],
    ['alg ES384', { alg: 'ES384' }, /expected one of/],
    ['alg of another kind than the key', { alg: 'EdDSA' }, /its key is for ES256/],
    ['alg of the key but the key of another', { kid: 'rsa' }, /its key is for PS256/],
    ['alg as a list', { alg: ['ES256'] }, /expected one of/],
    ['no alg', { alg: undefined }, /alg absent/],
    ['no typ', { typ: undefined }, /typ absent, expected "at\+jwt"/],
    ['typ JWT', { typ: 'JWT' }, /typ "JWT"/],
    ['typ of a proof', { typ: 'dpop+jwt' }, /typ "dpop\+jwt"/],
    ['typ of a logout token', { typ: 'logout+jwt' }, /typ/],
    ['no kid', { kid: undefined }, /has no kid/],
    ['a kid that is a path', { kid: '../../dev/null' }, /kid that is not/],
    ['a kid with a quote', { kid: "k1' or '1'='1" }, /kid that is not/],
    ['an empty kid', { kid: '' }, /kid that is not/],
    ['a kid of 129 characters', { kid: 'k'.repeat(129) }, /kid that is not/],
    ['a kid that is a number', { kid: 1 }, /kid that is not/],
    ['a kid nobody has', { kid: 'k2' }, /the issuer has no key k2/],
    ['an embedded key', { jwk: key.jwk }, /has jwk/],
    ['an embedded key that is null', { jwk: null }, /has jwk/],
    ['jku', { jku: 'https://evil.example/jwks' }, /has jku/],
    ['x5u', { x5u: 'https://evil.example/pem' }, /has x5u/],
    ['x5c', { x5c: ['MIIB'] }, /has x5c/],
    ['crit', { crit: ['exp'] }, /has crit/],
    ['b64', { b64: false }, /has b64/],
    ['zip', { zip: 'DEF' }, /has zip/],
    ['enc', { enc: 'A256GCM' }, /has enc/],
  ])('%s is refused', async (_, changes, message) => {
    expect((await faultOf(send(rawJws(header(changes), payload(), key)))).message).toMatch(message)
  })
})

describe('the claims (RFC 7519 4, RFC 9068 2.2)', () => {
  const over = (text: string, by: string) => text.slice(0, -1) + by
  it.each<[string, Json, RegExp]>([
    ['no iss', { iss: undefined }, /no iss/],
    ['iss as a list', { iss: ['https://id.police.example'] }, /no iss/],
    ['iss with another case', { iss: 'https://ID.police.example' }, /no agency has registered/],
    ['iss with a slash more', { iss: 'https://id.police.example/' }, /no agency has registered/],
    ['no sub', { sub: undefined }, /no sub/],
    ['an empty sub', { sub: '' }, /no sub/],
    ['a sub of 129 characters', { sub: 's'.repeat(129) }, /no sub/],
    ['a sub with NUL', { sub: 'a\0b' }, /NUL/],
    ['a sub with a line end', { sub: 'a\nb' }, /no sub/],
    ['a sub with a lone surrogate', { sub: 'a\ud800b' }, /surrogate/],
    ['a sub that turns the writing round', { sub: 'a\u202eb' }, /no sub/],
    ['a sub that begins with a space', { sub: ' a' }, /no sub/],
    ['a sub that is a number', { sub: 7 }, /no sub/],
    ['no client_id', { client_id: undefined }, /no client_id/],
    ['a client_id with a space', { client_id: 'police records' }, /no client_id/],
    ['azp in place of client_id', { client_id: undefined, azp: 'police-records' }, /no client_id/],
    ['no aud', { aud: undefined }, /aud was absent, expected "https:\/\/gateway\.example"/],
    ['another aud', { aud: 'https://other.example' }, /aud was "https:\/\/other\.example", expected "https:\/\/gateway\.example"/],
    ['an aud that begins like ours', { aud: 'https://gateway.example.evil.example' }, /aud was/],
    ['an empty list of aud', { aud: [] }, /aud was \[\]/],
    ['aud in a list in a list', { aud: [['https://gateway.example']] }, /aud was/],
    ['an aud list with a number', { aud: ['https://gateway.example', 7] }, /aud was/],
    ['no exp', { exp: undefined }, /no exp/],
    ['exp as text', { exp: String(start + 300) }, /no exp/],
    ['exp beyond all dates', { exp: 1e300 }, /no exp/],
    ['exp in milliseconds', { exp: (start + 300) * 1000 }, /no exp/],
    ['exp twelve seconds ago', { iat: start - 100, exp: start - 12 }, /the access token expired 12 s ago/],
    ['no iat', { iat: undefined }, /iat claim is not whole seconds/],
    ['iat with a fraction', { iat: start + 0.5 }, /iat claim is not whole seconds/],
    ['iat ahead', { iat: start + 11 }, /iat is 11 s ahead of our clock, at most 10 s are accepted/],
    ['nbf ahead', { nbf: start + 60 }, /nbf is 60 s ahead/],
    ['nbf null', { nbf: null }, /nbf claim is not/],
    ['a life of an hour', { exp: start + 3600 }, /lives 3600 s/],
    ['exp before iat', { iat: start + 9, exp: start + 5 }, /lives -4 s/],
    ['no jti', { jti: undefined }, /no jti/],
    ['an empty jti', { jti: '' }, /no jti/],
    ['cnf as text', { cnf: 'jkt' }, /cnf of the access token is not an object/],
  ])('%s is refused', async (_, changes, message) => {
    expect((await faultOf(send(rawJws(header(), payload(changes), key)))).message).toMatch(message)
  })

  it.each([
    ['a claim named twice', over(payload(), ',"sub":"somebody.else"}'), /given twice/],
    ['a claim named twice, once escaped', over(payload(), ',"\\u0073ub":"somebody.else"}'), /given twice/],
    ['a member named twice further in', payload({ cnf: {} }).replace('{}', '{"jkt":"a","jkt":"b"}'), /given twice/],
    ['a list', '[]', /is not a JSON object/],
    ['null', 'null', /is not a JSON object/],
    ['text before the object', `\ufeff${payload()}`, /is not JSON/],
    ['text after the object', `${payload()}x`, /is not JSON/],
  ])('%s is refused', async (_, text, message) => {
    expect((await faultOf(send(rawJws(header(), text, key)))).message).toMatch(message)
  })

  it('the same name in two different objects is no repetition', async () => {
    const text = over(payload(), ',"a":{"x":1,"s":"\\"x\\":{"},"b":[{"x":1},{"x":2}]}')
    expect((await send(rawJws(header(), text, key))).personSub).toBe(sub)
  })
})

describe('the form', () => {
  it.each<[string, (token: string) => string, RegExp]>([
    ['two parts', (token) => token.slice(0, token.lastIndexOf('.')), /has 2 part\(s\)/],
    ['no signature', (token) => token.slice(0, token.lastIndexOf('.') + 1), /not strict base64url/],
    ['four parts', (token) => `${token}.AA`, /has 4 part\(s\)/],
    ['five parts (JWE)', (token) => `${token}.AA.AA`, /encrypted \(JWE\)/],
    ['more than 8 KB', (token) => `${token}${'A'.repeat(8192)}`, /longer than 8192 bytes/],
    ['a header named twice', () => rawJws('{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"k1"}', payload(), key), /given twice/],
    [
      'a header that is not UTF-8',
      (token) => `${base64url(Buffer.from([0x7b, 0xff, 0x7d]))}${token.slice(token.indexOf('.'))}`,
      /not JSON in UTF-8/,
    ],
    ['a signature by another key', () => rawJws(header(), payload(), makeKey()), /signature of the access token does not verify/],
    ['a signature in DER', (token) => `${token.slice(0, token.lastIndexOf('.'))}.${base64url(Buffer.alloc(70, 0x30))}`, /does not verify/],
    ['a signature of zeros', (token) => `${token.slice(0, token.lastIndexOf('.'))}.${base64url(Buffer.alloc(64))}`, /does not verify/],
  ])('%s is refused', async (_, spoil, message) => {
    expect((await faultOf(send(spoil(rawJws(header(), payload(), key))))).message).toMatch(message)
  })
})

describe('what a refusal says', () => {
  it('never repeats the person, wherever in the token the person was put', async () => {
    const places = fc.constantFrom('iss', 'aud', 'client_id', 'jti', 'kid', 'typ', 'alg', 'iat', 'cnf', 'nbf')
    const people = fc.string({ unit: 'grapheme-ascii', minLength: 5, maxLength: 40 }).filter((one) => one.trim() === one)
    await fc.assert(
      fc.asyncProperty(places, people, async (place, person) => {
        const name = `${person}~7`
        const inHeader = ['kid', 'typ', 'alg'].includes(place)
        const token = rawJws(header(inHeader ? { [place]: name } : {}), payload({ sub: name, ...(inHeader ? {} : { [place]: name }) }), key)
        const outcome = await send(token).catch((error: unknown) => error)
        if (!(outcome instanceof Error)) return
        const told = JSON.stringify([outcome.message, (outcome as { details?: unknown }).details])
        expect(told).not.toContain(name)
        expect(told).not.toContain(JSON.stringify(name).slice(1, -1))
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('names the client of a token that has no person', async () => {
    const fault = await faultOf(send(await mint(claimsOf({ sub: 'police-old', client_id: 'police-old' }), key)))
    expect(fault.message).toBe('the agency police has registered no client police-old')
  })
})
