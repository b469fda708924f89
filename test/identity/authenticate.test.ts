import { beforeEach, describe, expect, it } from 'vitest'
import { makeAuthenticate } from '../../src/identity/authenticate.ts'
import { challengeFor } from '../../src/identity/refusal.ts'
import { claimsOf, faultOf, makeHouse, makeKey, mint, mintProof, requestWith, start, startAt, sub } from './support.ts'
import type { Algorithm, House, KeyPair } from './support.ts'

const police = makeKey()
const probation = makeKey('EdDSA')
const device = makeKey()
const der = Buffer.from('a certificate in DER')
let house: House
let authenticate: ReturnType<typeof makeAuthenticate>

beforeEach(() => {
  house = makeHouse()
  house.addAgency('police', [['k1', police]])
  house.addAgency('probation', [['k1', probation]])
  house.addClient('police-records', 'police')
  house.addClient('probation-cases', 'probation')
  house.addClient('police-mobile', 'police', { binding: 'dpop', keys: [{ kind: 'dpop', thumbprint: device.thumbprint }] })
  authenticate = makeAuthenticate(house.uses)
})

const bearer = (token: string) => requestWith({ authorization: `Bearer ${token}` })
const tokenOf = (claims = {}, header = {}, key: KeyPair = police) => mint(claimsOf(claims), key, header)

describe('who a request comes from', () => {
  it.each(['ES256', 'PS256', 'EdDSA'] as Algorithm[])(
    'is the person, system and agency that a token signed with %s proves',
    async (algorithm) => {
      const key = makeKey(algorithm)
      house.publish('police', [{ ...key.jwk, kid: 'k1' }])
      expect(await authenticate(bearer(await tokenOf({}, {}, key)))).toEqual({
        agencyId: 'police',
        clientId: 'police-records',
        personSub: sub,
        binding: 'bearer',
        keyThumbprint: null,
        tokenExpiresAt: new Date(startAt + 300_000),
        receivedAt: new Date(startAt),
        requestId: 'request-1',
        traceparent: null,
      })
    },
  )

  it('is a system without a person when sub is the client itself', async () => {
    expect((await authenticate(bearer(await tokenOf({ sub: 'police-records' })))).personSub).toBeNull()
  })

  it('may be named in the long form of the media type, in an audience of several, and under any spelling of the scheme', async () => {
    const token = await tokenOf({ aud: ['https://other.example', 'https://gateway.example'] }, { typ: 'application/AT+JWT' })
    expect((await authenticate(requestWith({ Authorization: `bEARER ${token}` }))).agencyId).toBe('police')
  })

  it('is never taken from a header beside the raw ones', async () => {
    const request = { ...bearer(await tokenOf()), rawHeaders: [] }
    expect((await faultOf(authenticate(request))).message).toBe('the request has no Authorization header')
  })
})

describe('an issuer vouches for its own agency only', () => {
  const systems = { 'police-records': 'police', 'probation-cases': 'probation', unknown: '' }
  const issuers = { 'https://id.police.example': police, 'https://id.probation.example': probation }
  const rows = Object.entries(issuers).flatMap(([iss, own]) =>
    Object.entries(systems).flatMap(([clientId, agency]) => [police, probation].map((key) => ({ iss, own, clientId, agency, key }))),
  )
  it.each(rows)('$iss for $clientId', async ({ iss, own, clientId, agency, key }) => {
    const answer = authenticate(bearer(await tokenOf({ iss, client_id: clientId }, {}, key)))
    if (key === own && iss.includes(`.${agency}.`)) expect((await answer).agencyId).toBe(agency)
    else expect((await faultOf(answer)).message).toMatch(key === own ? /has registered no client/ : /does not verify|has alg/)
  })

  it('refuses an issuer nobody registered, without fetching anything', async () => {
    const fault = await faultOf(authenticate(bearer(await tokenOf({ iss: 'https://id.stranger.example' }))))
    expect(fault.message).toBe('no agency has registered the issuer https://id.stranger.example')
    expect(house.fetches).toEqual([])
  })
})

describe('a token that was verified before', () => {
  it('is not verified again, and its keys are not asked for again', async () => {
    const token = await tokenOf()
    await authenticate(bearer(token))
    house.documents.clear()
    house.at += 299_999
    expect((await authenticate(bearer(token))).agencyId).toBe('police')
    expect(house.fetches).toHaveLength(1)
  })

  const police1 = 'https://id.police.example'
  it.each<[string, (house: House) => unknown, RegExp]>([
    [
      'its agency is suspended',
      ({ issuers }) => issuers.set(police1, { ...issuers.get(police1)!, suspended: true }),
      /the agency police is suspended/,
    ],
    ['its agency left', ({ issuers }) => issuers.delete(police1), /no agency has registered/],
    ['its system is suspended', (one) => one.addClient('police-records', 'police', { suspended: true }), /police-records is suspended/],
    ['its system left', ({ clients }) => clients.delete('police-records'), /has registered no client/],
    ['its system moved to another agency', (one) => one.addClient('police-records', 'probation'), /has registered no client/],
    [
      'its system must now prove possession',
      (one) => one.addClient('police-records', 'police', { binding: 'dpop' }),
      /registered for dpop/,
    ],
    ['it expired', (one) => (one.at += 300_000), /expired 0 s ago/],
    [
      'the keys of its issuer moved',
      (one) => one.issuers.set(police1, { ...one.issuers.get(police1)!, jwksUri: 'https://new.example/jwks' }),
      /could not be reached/,
    ],
  ])('is refused all the same when %s', async (_, happen, message) => {
    const token = await tokenOf()
    await authenticate(bearer(token))
    happen(house)
    expect((await faultOf(authenticate(bearer(token)))).message).toMatch(message)
  })

  it('still needs a proof of possession each time', async () => {
    const token = await tokenOf({ client_id: 'police-mobile', cnf: { jkt: device.thumbprint } })
    const proof = mintProof(token, device)
    await authenticate(requestWith({ authorization: `DPoP ${token}`, dpop: proof }))
    expect((await faultOf(authenticate(requestWith({ authorization: `DPoP ${token}`, dpop: proof })))).message).toMatch(/used before/)
    expect((await faultOf(authenticate(requestWith({ authorization: `DPoP ${token}` })))).message).toMatch(/no DPoP header/)
  })
})

describe('time, to the second', () => {
  it.each([
    ['iat -1 s', { iat: start - 1 }, 0, true],
    ['iat now', { iat: start }, 0, true],
    ['iat +10 s', { iat: start + 10 }, 0, true],
    ['iat +10 s and a millisecond', { iat: start + 10 }, -1, false],
    ['iat +11 s', { iat: start + 11 }, 0, false],
    ['nbf -1 s', { nbf: start - 1 }, 0, true],
    ['nbf +10 s', { nbf: start + 10 }, 0, true],
    ['nbf +11 s', { nbf: start + 11 }, 0, false],
    ['exp a millisecond ahead', { exp: start + 300 }, 299_999, true],
    ['exp this very instant', { exp: start + 300 }, 300_000, false],
    ['exp a second ago', { exp: start + 300 }, 301_000, false],
    ['a life of 600 s', { exp: start + 600 }, 0, true],
    ['a life of 601 s', { exp: start + 601 }, 0, false],
  ])('%s', async (_, claims, shiftMs, accepted) => {
    const token = await tokenOf(claims)
    house.at += shiftMs
    const answer = authenticate(bearer(token))
    if (accepted) expect((await answer).agencyId).toBe('police')
    else expect((await faultOf(answer)).code).toBe('unauthenticated')
  })
})

describe('the headers', () => {
  const invalidToken = 'DPoP error="invalid_token", algs="ES256 PS256 EdDSA", Bearer error="invalid_token"'
  it.each<[string, Record<string, string | string[]>, string]>([
    ['none at all', {}, 'DPoP algs="ES256 PS256 EdDSA", Bearer'],
    ['two Authorization headers', { authorization: ['Bearer a.b.c', 'Bearer a.b.c'] }, invalidToken],
    ['two of different spelling', { authorization: 'Bearer a.b.c', Authorization: 'Bearer d.e.f' }, invalidToken],
    ['two DPoP headers', { authorization: 'DPoP a.b.c', dpop: ['x', 'x'] }, 'DPoP error="invalid_dpop_proof", algs="ES256 PS256 EdDSA"'],
    ['Basic', { authorization: 'Basic Zm9vOmJhcg==' }, invalidToken],
    ['a scheme alone', { authorization: 'Bearer' }, invalidToken],
    ['two spaces', { authorization: 'Bearer  a.b.c' }, invalidToken],
    ['two tokens', { authorization: 'Bearer a.b.c d.e.f' }, invalidToken],
  ])('%s', async (_, headers, challenge) => {
    const fault = await faultOf(authenticate(requestWith(headers)))
    expect([fault.code, challengeFor(fault)]).toEqual(['unauthenticated', challenge])
  })

  it('holding the good token twice are refused, though each alone is accepted', async () => {
    const token = await tokenOf()
    const fault = await faultOf(authenticate(requestWith({ authorization: [`Bearer ${token}`, `Bearer ${token}`] })))
    expect(fault.message).toBe('the request has more than one Authorization header')
  })
})

describe('bearer tokens', () => {
  it('are refused outside the sandbox', async () => {
    authenticate = makeAuthenticate({ ...house.uses, allowBearer: false })
    expect((await faultOf(authenticate(bearer(await tokenOf())))).message).toMatch(/for the sandbox only/)
  })

  it('that are bound to a key or a certificate are refused', async () => {
    for (const cnf of [{ jkt: device.thumbprint }, { 'x5t#S256': 'x'.repeat(43) }, {}]) {
      expect((await faultOf(authenticate(bearer(await tokenOf({ cnf }))))).message).toMatch(/is bound to a key/)
    }
  })
})

describe('mutual TLS (RFC 8705 3)', async () => {
  const { derThumbprint } = await import('../../src/identity/key-check.ts')
  const own = derThumbprint(der)
  const other = derThumbprint(Buffer.from('another certificate'))
  const token = (cnf: unknown) => tokenOf({ client_id: 'police-batch', cnf })
  const keys = (thumbprint: string, kind: 'mtls' | 'dpop' = 'mtls') => [{ kind, thumbprint }]
  const rows: [string, unknown, Buffer | null, ReturnType<typeof keys>, string, RegExp | null][] = [
    ['its own certificate', { 'x5t#S256': own }, der, keys(own), 'Bearer', null],
    ['no certificate', { 'x5t#S256': own }, null, keys(own), 'Bearer', /no client certificate/],
    ['a certificate other than cnf', { 'x5t#S256': other }, der, keys(own), 'Bearer', /not the one in cnf/],
    ['a certificate not registered', { 'x5t#S256': own }, der, keys(other), 'Bearer', /is not registered/],
    ['a certificate registered as a DPoP key', { 'x5t#S256': own }, der, keys(own, 'dpop'), 'Bearer', /is not registered/],
    ['no cnf', undefined, der, keys(own), 'Bearer', /no cnf with x5t#S256/],
    ['a cnf for DPoP', { jkt: own }, der, keys(own), 'Bearer', /no cnf with x5t#S256/],
    ['a cnf with both', { jkt: own, 'x5t#S256': own }, der, keys(own), 'Bearer', /members other than/],
    ['a cnf that is no hash', { 'x5t#S256': `${own}=` }, der, keys(own), 'Bearer', /not a SHA-256/],
    ['the DPoP scheme', { 'x5t#S256': own }, der, keys(own), 'DPoP', /registered for mtls/],
  ]
  it.each(rows)('%s', async (_, cnf, peerCertificate, registered, scheme, refusal) => {
    house.addClient('police-batch', 'police', { binding: 'mtls', keys: registered })
    const answer = authenticate(requestWith({ authorization: `${scheme} ${await token(cnf)}` }, { peerCertificate }))
    if (refusal === null) expect(await answer).toMatchObject({ binding: 'mtls', keyThumbprint: own })
    else expect((await faultOf(answer)).message).toMatch(refusal)
  })

  it('does not take a DPoP proof beside it', async () => {
    house.addClient('police-batch', 'police', { binding: 'mtls', keys: keys(own) })
    const headers = { authorization: `Bearer ${await token({ 'x5t#S256': own })}`, dpop: 'a.b.c' }
    expect((await faultOf(authenticate(requestWith(headers, { peerCertificate: der })))).message).toMatch(/not for DPoP/)
  })
})

it('a store that cannot answer is not an acceptance', async () => {
  const down = async () => Promise.reject(new Error('no connection'))
  authenticate = makeAuthenticate({ ...house.uses, findClient: down })
  await expect(authenticate(bearer(await tokenOf()))).rejects.toThrow('no connection')
})
