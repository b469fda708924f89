import { createHmac } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keptKey } from '../../src/sandbox/keys.ts'
import { dpopProof, issuerOf, mintSystemToken, mintToken } from '../../src/sandbox/tokens.ts'
import { breaks } from '../http/support.ts'
import { base64url, makeKey } from '../identity/support.ts'
import type { Json, Reply } from '../support/ask.ts'
import { audience, type Instance, openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries, entriesOf, entryOf } from '../support/logged.ts'
import { enquiryOf } from './support/requests.ts'

const mobile = 'ridings-police-mobile'
let house: TestGateway
let door: Instance
beforeAll(async () => {
  house = await openGateway()
})
afterAll(() => house.close())

/** A token that is right but for what is changed; signed by the issuer's own key unless another is given. */
const tokenWith = async (
  changes: Json,
  { header = {}, key }: { header?: Json; key?: Parameters<SignJWT['sign']>[0] } = {},
): Promise<string> => {
  const own = await keptKey(house.dataDir, 'issuer', 'ridings-police')
  const at = Math.floor(Date.now() / 1000)
  const claims = {
    iss: issuerOf('ridings-police'),
    aud: audience,
    sub: 'analyst',
    client_id: 'ridings-police-records',
    iat: at,
    exp: at + 300,
    jti: 'j',
  }
  return new SignJWT(Object.fromEntries(Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256', kid: own.thumbprint, ...header })
    .sign(key ?? (await importJWK(own.privateJwk, 'ES256')))
}

const bearer = async (token: string | Promise<string>): Promise<Record<string, string>> => ({ authorization: `Bearer ${await token}` })
const body = enquiryOf('sam', 'identity')
const send = (headers: Record<string, string>): Promise<Reply> => door.send({ method: 'POST', url: '/v1/enquiries', body, headers })

/** Another spelling of the same bytes: the last character of a part carries bits that decoders overlook. */
const respelt = (token: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const other = [...alphabet].find((one) => {
    const changed = token.slice(0, -1) + one
    return one !== token.at(-1) && Buffer.from(changed.split('.')[2]!, 'base64url').equals(Buffer.from(token.split('.')[2]!, 'base64url'))
  })
  if (other === undefined) throw new Error('this token has one spelling only')
  return token.slice(0, -1) + other
}

const unsigned = (header: Json, claims: Json): string => `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}.`
const issuerKey = () => keptKey(house.dataDir, 'issuer', 'ridings-police')
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
const mint = (more: Partial<Parameters<typeof mintToken>[0]> = {}) =>
  mintToken({ dataDir: house.dataDir, persona: 'analyst', audience, ...more })
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

type Fault = readonly [title: string, says: RegExp, headers: () => Promise<Record<string, string>>]

const faults: readonly Fault[] = [
  ['absent', /no Authorization header/, () => Promise.resolve({})],
  ['of another scheme', /not "DPoP <token>" or "Bearer <token>"/, () => Promise.resolve({ authorization: 'Basic YTpi' })],
  ['no token', /has 1 part/, () => bearer('letmein')],
  ['forged by a stranger’s key', /signature .* does not verify/, () => bearer(tokenWith({}, { key: makeKey().privateKey }))],
  [
    'signed by another agency’s issuer',
    /no key/,
    async () => {
      const other = await keptKey(house.dataDir, 'issuer', 'ridings-probation')
      return bearer(tokenWith({}, { header: { kid: other.thumbprint }, key: await importJWK(other.privateJwk, 'ES256') }))
    },
  ],
  ['unsigned', /not strict base64url|alg/, () => bearer(unsigned({ typ: 'at+jwt', alg: 'none' }, { sub: 'analyst' }))],
  [
    'signed by the public key as a secret',
    /alg "HS256"/,
    async () => {
      const own = await issuerKey()
      const signed = `${base64url(JSON.stringify({ typ: 'at+jwt', alg: 'HS256', kid: own.thumbprint }))}.${(await mint()).split('.')[1]}`
      return bearer(`${signed}.${createHmac('sha256', JSON.stringify(own.publicJwk)).update(signed).digest('base64url')}`)
    },
  ],
  [
    'with a key of its own in the header',
    /has jwk/,
    async () => bearer(tokenWith({}, { header: { jwk: (await issuerKey()).publicJwk as unknown as Json } })),
  ],
  ['stale', /expired \d+ s ago/, () => bearer(mint({ at: ago(400) }))],
  ['ahead of its time', /s ahead of our clock, at most 10 s/, () => bearer(tokenWith({ iat: inSeconds(60), exp: inSeconds(200) }))],
  ['too long-lived', /lives 3600 s/, () => bearer(mint({ ttlSeconds: 3600 }))],
  ['spelt another way', /not strict base64url/, async () => bearer(respelt(await mint()))],
  ['padded', /not strict base64url/, async () => bearer(`${await mint()}=`)],
  [
    'for another gateway',
    /aud was "https:\/\/elsewhere.example", expected "urn:/,
    () => bearer(mint({ audience: 'https://elsewhere.example' })),
  ],
  ['an identity token', /typ "JWT", expected "at\+jwt"/, () => bearer(tokenWith({}, { header: { typ: 'JWT' } }))],
  ['of an issuer nobody registered', /no agency has registered the issuer/, () => bearer(tokenWith({ iss: 'https://issuer.example' }))],
  [
    'for another agency’s system',
    /has registered no client ridings-probation-records/,
    () => bearer(tokenWith({ client_id: 'ridings-probation-records' })),
  ],
]
const proofFaults: readonly Fault[] = [
  [
    'bound to a key, sent as plain bearer',
    /registered for dpop: send "Authorization: DPoP <token>"/,
    () => bearer(mint({ clientId: mobile })),
  ],
  ['plain, sent as bound', /registered for bearer/, async () => ({ ...(await proofFor()), authorization: `DPoP ${await mint()}` })],
  ['without its proof', /no DPoP header/, async () => ({ authorization: `DPoP ${await mint({ clientId: mobile })}` })],
  ['with a proof for another method', /is for "GET", this request is POST/, () => proofFor({ method: 'GET' })],
  ['with a proof for another address', /\(htu\)/, () => proofFor({ url: 'https://elsewhere.example/v1/enquiries' })],
  ['with a proof for another token', /ath/, async () => proofFor({ accessToken: await mint({ clientId: mobile }) })],
  ['with a proof of long ago', /s old \(iat\), at most 60/, () => proofFor({ at: ago(120) })],
  [
    'bound to another key',
    /is by the key .*, the access token is bound to/,
    async () => {
      const accessToken = await tokenWith({ client_id: mobile, cnf: { jkt: makeKey().thumbprint } })
      return { ...(await proofFor({ accessToken })), authorization: `DPoP ${accessToken}` }
    },
  ],
]

const proofFor = async (more: Partial<Parameters<typeof dpopProof>[0]> = {}): Promise<Record<string, string>> => {
  const token = await mint({ clientId: mobile })
  const url = `${door.url}/v1/enquiries`
  const dpop = await dpopProof({ dataDir: house.dataDir, clientId: mobile, method: 'POST', url, accessToken: token, ...more })
  return { authorization: `DPoP ${token}`, dpop }
}

const isRefused = async ([, says, headers]: Fault, errors: RegExp): Promise<void> => {
  const before = await countEntries(house.database, `p.event = 'auth-failure'`)
  const reply = await send(await headers())
  expect([reply.status, reply.body.code]).toEqual([401, 'unauthenticated'])
  expect(reply.body.detail).toMatch(says)
  expect(reply.headers.get('www-authenticate')).toMatch(errors)
  expect(breaks('enquire', 401, reply.body)).toBeNull()
  expect(reply.text).not.toContain('analyst')
  // Nobody in particular: an entry without a caller, which says why.
  expect(await entriesOf(house.database, reply)).toEqual([])
  expect(await countEntries(house.database, `p.event = 'auth-failure'`)).toBe(before + 1)
  const text = `select convert_from(p.canonical, 'UTF8')::jsonb as entry from access_log_payload p order by p.entry_id desc limit 1`
  const { rows } = await house.database.owner.query<{ entry: Json }>({ text })
  expect(rows[0]?.entry).toMatchObject({ event: 'auth-failure', effect: 'deny', reason: 'auth', caller: null, because: reply.body.detail })
}

describe('a token', () => {
  beforeAll(async () => {
    door = await house.another()
  })
  it.each(faults)('that is %s gets 401 and words', async (...fault) => isRefused(fault, /^DPoP /))
})

describe('a token that has to be bound to its sender', () => {
  beforeAll(async () => {
    door = await house.another()
  })
  it.each(proofFaults)('and is %s gets 401 and words', async (...fault) => isRefused(fault, /^DPoP error="invalid_(token|dpop_proof)"/))

  it('is let in with a proof of its own for this request, once', async () => {
    const headers = await proofFor()
    const reply = await send(headers)
    expect(reply.status).toBe(200)
    expect(await entryOf(house.database, reply)).toMatchObject({ caller: { clientId: mobile, personSub: 'analyst', binding: 'dpop' } })
    await isRefused(['replayed', /was used before/, () => Promise.resolve(headers)], /^DPoP error="invalid_dpop_proof"/)
  })

  it('is of no use to a system that acts for nobody: it is told so, and named in the log', async () => {
    const reply = await send(await bearer(mintSystemToken({ dataDir: house.dataDir, clientId: 'ridings-police-records', audience })))
    expect([reply.status, reply.body.code]).toEqual([403, 'auth'])
    expect(await entryOf(house.database, reply)).toMatchObject({
      reason: 'auth',
      caller: { clientId: 'ridings-police-records', personSub: null },
    })
  })
})
