import { generate } from 'selfsigned'
import { importJWK, SignJWT } from 'jose'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { keptKey } from '../../src/sandbox/keys.ts'
import { dpopProof, issuerOf, mintToken } from '../../src/sandbox/tokens.ts'
import type { Json } from '../support/ask.ts'
import { audience, type Instance, openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf } from '../support/logged.ts'
import { must } from './support/agree.ts'
import { enquiryOf } from './support/requests.ts'

const publicUrl = 'https://gateway.example'
const mobile = 'ridings-police-mobile'
const body = enquiryOf('sam', 'identity')
const soon = { timeout: 3_000, interval: 100 }
const why = { why: 'A telephone was lost' }

let house: TestGateway
let other: Instance
beforeAll(async () => {
  house = await openGateway({ doors: { publicUrl } })
  other = await house.another()
})
afterAll(() => house.close())

/** A token of the mobile system and a proof for one enquiry at the address that both instances are known by. */
const proved = async (): Promise<Record<string, string>> => {
  const accessToken = await mintToken({ dataDir: house.dataDir, persona: 'analyst', audience, clientId: mobile })
  const url = `${publicUrl}/v1/enquiries`
  const dpop = await dpopProof({ dataDir: house.dataDir, clientId: mobile, method: 'POST', url, accessToken })
  return { authorization: `DPoP ${accessToken}`, dpop }
}
const enquireAt = (at: Instance, headers: Record<string, string>) => at.send({ method: 'POST', url: '/v1/enquiries', body, headers })

describe('a proof of possession', () => {
  it('lets the mobile system ask, and cannot be replayed on another instance', async () => {
    const headers = await proved()
    const reply = await enquireAt(house, headers)
    expect(reply.status).toBe(200)
    const { thumbprint } = await keptKey(house.dataDir, 'client', mobile)
    expect(await entryOf(house.database, reply)).toMatchObject({ caller: { clientId: mobile, personSub: 'analyst', binding: 'dpop' } })
    const replayed = await enquireAt(other, headers)
    expect([replayed.status, replayed.body.detail]).toEqual([401, expect.stringContaining('was used before')])
    expect(JSON.stringify(await entryOf(house.database, reply))).not.toContain(thumbprint)
  })

  it('is accepted once of many sent to both instances at the same time', async () => {
    const headers = await proved()
    const replies = await Promise.all(Array.from({ length: 12 }, (_, place) => enquireAt(place % 2 === 0 ? house : other, headers)))
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, ...Array.from({ length: 11 }, () => 401)])
  })

  it('of a key that was removed is worth nothing on any instance, from the answer on', async () => {
    const { thumbprint } = await keptKey(house.dataDir, 'client', mobile)
    // Both doors have the key in mind.
    expect((await enquireAt(house, await proved())).status).toBe(200)
    expect((await enquireAt(other, await proved())).status).toBe(200)
    must(await other.as('admin').delete(`/v1/clients/${mobile}/keys/${thumbprint}`), 200)
    const refused = [await enquireAt(house, await proved()), await enquireAt(other, await proved())]
    for (const reply of refused) {
      expect([401, 403]).toContain(reply.status)
      expect(reply.text).not.toContain('Storyholme')
    }
    const { publicJwk } = await keptKey(house.dataDir, 'client', mobile)
    const { kty, crv, x, y } = publicJwk
    must(await house.as('admin').post(`/v1/clients/${mobile}/keys`, { kind: 'dpop', jwk: { kty, crv, x, y } }), 201)
    await vi.waitFor(async () => expect((await enquireAt(house, await proved())).status).toBe(200), soon)
  })
})

describe('a client certificate', () => {
  const clientId = 'ridings-police-custody'
  let secure: Instance
  let thumbprint: string
  let certificate: Awaited<ReturnType<typeof makeCertificate>>
  const makeCertificate = (name: string) => generate([{ name: 'commonName', value: name }], { keyType: 'ec' })

  beforeAll(async () => {
    const own = await makeCertificate('gateway.example')
    secure = await house.another({ tls: { key: own.private, cert: own.cert } })
    certificate = await makeCertificate(clientId)
    const client = { clientId, agencyId: 'ridings-police', name: 'Ridings Police: custody', binding: 'mtls' }
    must(await house.as('admin').post('/v1/clients', client), 201)
  })

  const tokenFor = async (confirmation: Json | undefined): Promise<string> => {
    const issuer = await keptKey(house.dataDir, 'issuer', 'ridings-police')
    return new SignJWT({ client_id: clientId, ...(confirmation && { cnf: confirmation }) })
      .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256', kid: issuer.thumbprint })
      .setIssuer(issuerOf('ridings-police'))
      .setAudience(audience)
      .setSubject('analyst')
      .setJti('certificate-bound')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(await importJWK(issuer.privateJwk, 'ES256'))
  }

  const enquireWith = async (
    pair: { private: string; cert: string } | null,
    confirmation: Json | undefined = { 'x5t#S256': thumbprint },
  ) => {
    const tls = pair === null ? {} : { key: pair.private, cert: pair.cert }
    const dispatcher = new Agent({ connect: { ...tls, rejectUnauthorized: false } })
    try {
      const reply = await request(`${secure.url}/v1/enquiries`, {
        dispatcher,
        method: 'POST',
        headers: { authorization: `Bearer ${await tokenFor(confirmation)}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return { status: reply.statusCode, body: (await reply.body.json()) as Json }
    } finally {
      await dispatcher.close()
    }
  }

  it('lets its system in once an administrator has registered it, and not before', async () => {
    thumbprint = 'A'.repeat(43)
    expect(await enquireWith(certificate)).toMatchObject({ status: 401 })
    const added = must(await house.as('admin').post(`/v1/clients/${clientId}/keys`, { kind: 'mtls', certificate: certificate.cert }), 201)
    thumbprint = added.thumbprint as string
    // A door that was asked a moment ago may take a second to learn of a new key; of a removed one it learns at once.
    const reply = await vi.waitFor(async () => {
      const tried = await enquireWith(certificate)
      expect(tried.status).toBe(200)
      return tried
    }, soon)
    const entry = await entryOf(house.database, { entryId: reply.body.entryId as string })
    expect(entry).toMatchObject({ caller: { clientId, personSub: 'analyst', binding: 'mtls' } })
  })

  it('of somebody else, none at all, or a token bound to none get 401 and words', async () => {
    const stranger = await makeCertificate('stranger')
    expect(await enquireWith(stranger)).toMatchObject({ status: 401, body: { detail: expect.stringContaining('not the one in cnf') } })
    expect(await enquireWith(null)).toMatchObject({ status: 401, body: { detail: expect.stringContaining('no client certificate') } })
    expect(await enquireWith(certificate, {})).toMatchObject({ status: 401 })
  })

  it('stops being enough at the instant at which it is replaced, without anything else happening then', async () => {
    const ends = (text: string) =>
      house.database.owner.query({ text: `update client_key set to_at = ${text} where client_id = $1`, values: [clientId] })
    await ends(`statement_timestamp() + interval '900 milliseconds'`)
    expect((await enquireWith(certificate)).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 950))
    expect([401, 403]).toContain((await enquireWith(certificate)).status)
    await ends('null')
    await vi.waitFor(async () => expect((await enquireWith(certificate)).status).toBe(200), soon)
  })

  it('stops being enough as soon as the system is suspended, although the door has it in mind', async () => {
    expect((await enquireWith(certificate)).status).toBe(200)
    must(await other.as('admin').post(`/v1/clients/${clientId}/suspension`, why), 200)
    const refused = await enquireWith(certificate)
    expect(refused.status).toBe(403)
    expect(await entryOf(house.database, { entryId: refused.body.entryId as string })).toMatchObject({
      effect: 'deny',
      caller: { clientId },
    })
    must(await other.as('admin').delete(`/v1/clients/${clientId}/suspension`), 200)
    await vi.waitFor(async () => expect((await enquireWith(certificate)).status).toBe(200), soon)
  })
})
