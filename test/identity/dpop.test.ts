import { beforeEach, describe, expect, it } from 'vitest'
import { makeAuthenticate } from '../../src/identity/authenticate.ts'
import { challengeFor } from '../../src/identity/refusal.ts'
import { targetUri } from '../../src/identity/possession/target-uri.ts'
import { claimsOf, faultOf, makeHouse, makeKey, mint, mintProof, rawJws, requestWith, sha256, start, startAt, url } from './support.ts'
import type { House, Json } from './support.ts'

const issuer = makeKey()
const device = makeKey()
const stranger = makeKey()
const token = await mint(claimsOf({ client_id: 'police-mobile', cnf: { jkt: device.thumbprint } }), issuer)
let house: House
let authenticate: ReturnType<typeof makeAuthenticate>

beforeEach(() => {
  house = makeHouse()
  house.addAgency('police', [['k1', issuer]])
  house.addClient('police-mobile', 'police', { binding: 'dpop', keys: [{ kind: 'dpop', thumbprint: device.thumbprint }] })
  authenticate = makeAuthenticate(house.uses)
})

const send = (proof: string, more: Parameters<typeof requestWith>[1] = {}) =>
  authenticate(requestWith({ authorization: `DPoP ${token}`, dpop: proof }, more))

describe('a proof of possession (RFC 9449 4.3)', () => {
  it.each(['ES256', 'PS256', 'EdDSA'] as const)('by a registered key with %s is accepted', async (algorithm) => {
    const own = makeKey(algorithm)
    house.addClient('police-mobile', 'police', { binding: 'dpop', keys: [{ kind: 'dpop', thumbprint: own.thumbprint }] })
    const bound = await mint(claimsOf({ client_id: 'police-mobile', cnf: { jkt: own.thumbprint } }), issuer)
    const caller = await authenticate(requestWith({ authorization: `DPoP ${bound}`, dpop: mintProof(bound, own) }))
    expect(caller).toMatchObject({ binding: 'dpop', keyThumbprint: own.thumbprint, clientId: 'police-mobile' })
  })

  const { n, e } = makeKey('PS256').jwk
  it.each<[string, { claims?: Json; header?: Json }, RegExp]>([
    ['no typ', { header: { typ: undefined } }, /typ absent, expected "dpop\+jwt"/],
    ['the typ of a token', { header: { typ: 'at+jwt' } }, /typ "at\+jwt"/],
    ['alg none', { header: { alg: 'none' } }, /alg "none"/],
    ['alg HS256', { header: { alg: 'HS256' } }, /alg "HS256"/],
    ['an alg of another kind than its key', { header: { alg: 'EdDSA' } }, /does not verify/],
    ['no jwk', { header: { jwk: undefined } }, /not a JSON object/],
    ['a jwk as text', { header: { jwk: JSON.stringify(device.jwk) } }, /not a JSON object/],
    ['a private jwk', { header: { jwk: { ...device.jwk, d: 'AQ' } } }, /private member d/],
    ['a symmetric jwk', { header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }, /symmetric/],
    ['a jwk for encryption', { header: { jwk: { ...device.jwk, use: 'enc' } } }, /use of the key is not sig/],
    ['a jwk of a curve not accepted', { header: { jwk: { ...device.jwk, crv: 'P-384' } } }, /not EC P-256/],
    ['a jwk with a padded number', { header: { jwk: { ...device.jwk, x: `${String(device.jwk['x'])}=` } } }, /not 32 bytes/],
    ['the jwk of somebody else', { header: { jwk: stranger.jwk } }, /is by the key .*, the access token is bound to/],
    ['a jwk of another kind', { header: { jwk: { kty: 'RSA', n, e } } }, /is by the key/],
    ['jku', { header: { jku: 'https://evil.example' } }, /has jku/],
    ['x5c', { header: { x5c: [] } }, /has x5c/],
    ['crit', { header: { crit: ['jti'] } }, /has crit/],
    ['no htm', { claims: { htm: undefined } }, /is for absent, this request is POST/],
    ['another method', { claims: { htm: 'GET' } }, /the DPoP proof is for "GET", this request is POST/],
    ['the method in lower case', { claims: { htm: 'post' } }, /this request is POST/],
    ['no htu', { claims: { htu: undefined } }, /\(htu\)/],
    ['another host', { claims: { htu: 'https://other.example/v1/enquiries' } }, /\(htu\)/],
    ['another port', { claims: { htu: 'https://gateway.example:8443/v1/enquiries' } }, /\(htu\)/],
    ['another scheme', { claims: { htu: 'http://gateway.example/v1/enquiries' } }, /\(htu\)/],
    ['another path', { claims: { htu: 'https://gateway.example/v1/searches' } }, /\(htu\)/],
    ['the path with a slash more', { claims: { htu: `${url}/` } }, /\(htu\)/],
    ['the path in another case', { claims: { htu: 'https://gateway.example/V1/enquiries' } }, /\(htu\)/],
    ['a path without a host', { claims: { htu: '/v1/enquiries' } }, /\(htu\)/],
    ['a user in the address', { claims: { htu: 'https://a@gateway.example/v1/enquiries' } }, /\(htu\)/],
    ['no ath', { claims: { ath: undefined } }, /ath of the DPoP proof/],
    ['the ath of another token', { claims: { ath: sha256(`${token}x`) } }, /ath of the DPoP proof/],
    ['a padded ath', { claims: { ath: `${sha256(token)}=` } }, /ath of the DPoP proof/],
    ['no jti', { claims: { jti: undefined } }, /no jti/],
    ['an empty jti', { claims: { jti: '' } }, /no jti/],
    ['a jti of 129 characters', { claims: { jti: 'j'.repeat(129) } }, /no jti/],
    ['a jti with NUL', { claims: { jti: 'j\0' } }, /NUL/],
    ['no iat', { claims: { iat: undefined } }, /iat claim is not whole seconds/],
    ['iat as text', { claims: { iat: String(start) } }, /iat claim is not whole seconds/],
    ['iat 61 s ago', { claims: { iat: start - 61 } }, /61 s old \(iat\), at most 60 s/],
    ['iat 11 s ahead', { claims: { iat: start + 11 } }, /iat is 11 s ahead of our clock/],
  ])('with %s is refused', async (_, change, message) => {
    const fault = await faultOf(send(mintProof(token, device, change)))
    expect(fault.message).toMatch(message)
    expect(challengeFor(fault)).toMatch(/^DPoP error="invalid_dpop_proof"/)
    expect(house.proofsSeen.size).toBe(0)
  })

  it.each([
    [
      'signed by another key than its jwk',
      () => mintProof(token, stranger, { header: { jwk: device.jwk } }),
      /signature of the DPoP proof/,
    ],
    ['that is no JWS', () => 'proof', /has 1 part/],
    ['that is empty', () => '', /has 1 part/],
    ['that is encrypted', () => 'a.b.c.d.e', /JWE/],
    ['longer than 4 KB', () => mintProof(token, device, { header: { pad: 'x'.repeat(4096) } }), /longer than 4096/],
    [
      'with claims that are no object',
      () => rawJws(JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: device.jwk }), '[]', device),
      /not a JSON object/,
    ],
    ['that is the access token', () => token, /has typ "at\+jwt"|typ/],
  ])('%s is refused', async (_, proof, message) => {
    expect((await faultOf(send(proof()))).message).toMatch(message)
  })

  it.each([
    ['60 s old', -60, 0, true],
    ['60 s and a millisecond old', -60, 1, false],
    ['10 s ahead', 10, 0, true],
    ['10 s and a millisecond ahead', 10, -1, false],
  ])('%s', async (_, seconds, shiftMs, accepted) => {
    await authenticate(requestWith({ authorization: `DPoP ${token}`, dpop: mintProof(token, device) }))
    house.at += shiftMs
    const answer = send(mintProof(token, device, { claims: { iat: start + seconds } }))
    if (accepted) expect((await answer).binding).toBe('dpop')
    else expect((await faultOf(answer)).code).toBe('unauthenticated')
  })
})

describe('a proof is spent once', () => {
  it('by any instance that shares the store', async () => {
    const elsewhere = makeAuthenticate(house.uses)
    const request = requestWith({ authorization: `DPoP ${token}`, dpop: mintProof(token, device) })
    await authenticate(request)
    expect((await faultOf(elsewhere(request))).message).toMatch(/used before/)
  })

  it('of many at the same instant', async () => {
    const proof = mintProof(token, device)
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => send(proof)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('and under one jti, even when it is written anew', async () => {
    await send(mintProof(token, device, { claims: { jti: 'same' } }))
    expect((await faultOf(send(mintProof(token, device, { claims: { jti: 'same', iat: start - 1 } })))).message).toMatch(/used before/)
  })

  it('and is remembered under key and jti for longer than it is fresh', async () => {
    await send(mintProof(token, device, { claims: { jti: 'one' } }))
    expect([...house.proofsSeen]).toEqual([[`${device.thumbprint}|one`, new Date(startAt + 180_000)]])
  })

  it('and a store that cannot tell is not an acceptance', async () => {
    authenticate = makeAuthenticate({ ...house.uses, rememberProof: async () => Promise.reject(new Error('no connection')) })
    await expect(send(mintProof(token, device))).rejects.toThrow('no connection')
  })
})

describe('token, proof, scheme and registration belong together', () => {
  const rows: [string, () => Promise<unknown>, RegExp][] = [
    ['Bearer downgrade', () => authenticate(requestWith({ authorization: `Bearer ${token}` })), /registered for dpop/],
    [
      'Bearer beside a proof',
      () => authenticate(requestWith({ authorization: `Bearer ${token}`, dpop: mintProof(token, device) })),
      /registered for dpop/,
    ],
    ['no proof', () => authenticate(requestWith({ authorization: `DPoP ${token}` })), /no DPoP header/],
    [
      'an mTLS certificate in place of a proof',
      () => authenticate(requestWith({ authorization: `DPoP ${token}` }, { peerCertificate: Buffer.from('der') })),
      /no DPoP header/,
    ],
  ]
  it.each(rows)('%s is refused', async (_, answer, message) => {
    expect((await faultOf(answer())).message).toMatch(message)
  })

  it.each<[string, Json]>([
    ['no cnf', { cnf: undefined }],
    ['an empty cnf', { cnf: {} }],
    ['a cnf for mTLS', { cnf: { 'x5t#S256': device.thumbprint } }],
    ['a jkt that is a number', { cnf: { jkt: 1 } }],
    ['a jkt of another key', { cnf: { jkt: stranger.thumbprint } }],
    ['a second member of cnf', { cnf: { jkt: device.thumbprint, kid: 'x' } }],
  ])('a token with %s is refused', async (_, claims) => {
    const other = await mint(claimsOf({ client_id: 'police-mobile', ...claims }), issuer)
    const answer = authenticate(requestWith({ authorization: `DPoP ${other}`, dpop: mintProof(other, device) }))
    expect((await faultOf(answer)).message).toMatch(/cnf|jkt|is bound to/)
  })

  it.each([
    ['not at all', []],
    ['as a certificate', [{ kind: 'mtls', thumbprint: device.thumbprint }]],
    ['no more, though it served a moment ago', [{ kind: 'dpop', thumbprint: stranger.thumbprint }]],
  ] as const)('a key that is registered %s is refused', async (_, keys) => {
    await send(mintProof(token, device))
    house.addClient('police-mobile', 'police', { binding: 'dpop', keys })
    expect((await faultOf(send(mintProof(token, device)))).message).toMatch(/is not registered for the client police-mobile/)
  })

  it('the DPoP scheme is refused for a client registered without a key', async () => {
    house.addClient('police-mobile', 'police', { binding: 'bearer' })
    expect((await faultOf(send(mintProof(token, device)))).message).toMatch(/registered for bearer/)
  })
})

describe('the address compared (RFC 3986 6.2)', () => {
  it.each([
    ['https://Gateway.EXAMPLE:443/v1/enquiries', true],
    ['HTTPS://gateway.example/v1/./x/../enquiries', true],
    ['https://gateway.example/v1/%65nquiries', true],
    ['https://gateway.example/v1/enquiries?a=b#c', true],
    ['https://gateway.example/v1%2fenquiries', false],
    ['https://gateway.example\\v1\\enquiries', false],
    ['https://gateway.example/v1/enqui\nries', false],
    ['https:gateway.example/v1/enquiries', false],
    ['https://gateway.example.:443/v1/enquiries', false],
  ])('%s is the same: %s', (text, same) => {
    expect(targetUri(text) === targetUri(url)).toBe(same)
  })

  it('takes the query of a request out of the comparison', async () => {
    expect((await send(mintProof(token, device), { url: `${url}?limit=1` })).binding).toBe('dpop')
  })

  it('writes escapes in one way', () => {
    expect(targetUri('https://a.example/%c3%a9%2F%7e')).toBe('https://a.example/%C3%A9%2F~')
  })
})
