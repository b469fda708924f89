import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, createRemoteJWKSet, decodeJwt, EmbeddedJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySignature } from '../../src/identity/signature.ts'
import { agencies, partyAgencyIds } from '../../src/sandbox/cast.ts'
import type { RunningIssuers } from '../../src/sandbox/issuers.ts'
import { startIssuers } from '../../src/sandbox/issuers.ts'
import { keptKey } from '../../src/sandbox/keys.ts'
import { personas } from '../../src/sandbox/personas.ts'
import { signAgreementHash, signatoryKey } from '../../src/sandbox/signatures.ts'
import { dpopProof, issuerOf, mintSystemToken, mintToken } from '../../src/sandbox/tokens.ts'

const audience = 'https://gateway.sandbox.example'
let dataDir: string
let issuers: RunningIssuers

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-issuers-'))
  issuers = await startIssuers({ dataDir })
})
afterAll(async () => {
  await issuers.close()
  await rm(dataDir, { recursive: true })
})

const verify = (token: string, agencyId: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(issuers.jwksUriOf(agencyId))), {
    issuer: issuerOf(agencyId),
    audience,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['sub', 'client_id', 'iat', 'exp', 'jti', 'auth_time'],
  })

describe('tokens of the sandbox', () => {
  it.each(personas.map(({ name, agencyId }) => [name, agencyId]))(
    'name %s to %s’s own issuer and verify there',
    async (persona, agencyId) => {
      const { payload } = await verify(await mintToken({ dataDir, persona, audience }), agencyId)
      expect(payload).toMatchObject({ sub: persona, client_id: `${agencyId}-records` })
      expect(payload.exp! - payload.iat!).toBe(300)
    },
  )

  it('do not verify with the keys of another agency', async () => {
    const token = await mintToken({ dataDir, persona: 'analyst', audience })
    await expect(verify(token, 'ridings-probation')).rejects.toThrow()
    const keys = await Promise.all(agencies.map(({ id }) => keptKey(dataDir, 'issuer', id)))
    expect(new Set(keys.map(({ thumbprint }) => thumbprint)).size).toBe(agencies.length)
  })

  it('last as long as was asked, and none is like another', async () => {
    const order = { dataDir, persona: 'analyst', audience, ttlSeconds: 60 }
    const [one, two] = [decodeJwt(await mintToken(order)), decodeJwt(await mintToken(order))]
    expect(one.exp! - one.iat!).toBe(60)
    expect(one.jti).not.toBe(two.jti)
  })

  it('of a system alone carry its client id as the subject', async () => {
    const { payload } = await verify(await mintSystemToken({ dataDir, clientId: 'fresh-steps-records', audience }), 'fresh-steps')
    expect(payload).toMatchObject({ sub: 'fresh-steps-records', client_id: 'fresh-steps-records' })
  })

  it('of the client that proves possession are bound to the key that signs its proofs', async () => {
    const clientId = 'ridings-police-mobile'
    const accessToken = await mintToken({ dataDir, persona: 'analyst', audience, clientId })
    const { payload } = await verify(accessToken, 'ridings-police')
    const url = 'http://127.0.0.1:8080/v1/enquiries?trace=1'
    const proof = await jwtVerify(await dpopProof({ dataDir, clientId, method: 'POST', url, accessToken }), EmbeddedJWK, {
      typ: 'dpop+jwt',
    })
    expect(proof.payload).toMatchObject({ htm: 'POST', htu: 'http://127.0.0.1:8080/v1/enquiries' })
    expect(payload.cnf).toEqual({ jkt: await calculateJwkThumbprint(proof.protectedHeader.jwk!) })
  })

  it('are not made for a stranger, nor for a system of another agency', async () => {
    await expect(mintToken({ dataDir, persona: 'nobody', audience })).rejects.toThrow(/there are analyst, /)
    await expect(mintToken({ dataDir, persona: 'analyst', audience, clientId: 'fresh-steps-records' })).rejects.toThrow(
      /system of fresh-steps/,
    )
  })
})

describe('the issuers', () => {
  it('keep private keys where only their owner reads them, and publish none', async () => {
    for (const file of await readdir(join(dataDir, 'keys', 'issuer'))) {
      expect((await stat(join(dataDir, 'keys', 'issuer', file))).mode & 0o777).toBe(0o600)
    }
    const published = (await (await fetch(issuers.jwksUriOf('ridings-police'))).json()) as { keys: Record<string, unknown>[] }
    expect(published.keys).toHaveLength(1)
    expect(Object.keys(published.keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })

  it('say where their keys are, and know no one else', async () => {
    const metadata = await (await fetch(`${issuers.url}/issuers/calder-yos/.well-known/openid-configuration`)).json()
    expect(metadata).toMatchObject({ issuer: issuerOf('calder-yos'), jwks_uri: issuers.jwksUriOf('calder-yos') })
    expect((await fetch(`${issuers.url}/issuers/elsewhere/jwks`)).status).toBe(404)
  })

  it('have the same keys when started again, also by two processes at once', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'sandbox-keys-'))
    const keys = await Promise.all(Array.from({ length: 8 }, () => keptKey(fresh, 'issuer', 'ridings-police')))
    expect(new Set(keys.map(({ thumbprint }) => thumbprint)).size).toBe(1)
    expect(await readdir(join(fresh, 'keys', 'issuer'))).toEqual(['ridings-police.json'])
    await rm(fresh, { recursive: true })
  })
})

describe('signatures on agreements', () => {
  it.each(partyAgencyIds)('by the signatory of %s verify with that agency’s registered key only', async (agencyId) => {
    const jws = await signAgreementHash(dataDir, agencyId, 'the-hash')
    const [own, other] = await Promise.all([agencyId, partyAgencyIds.find((id) => id !== agencyId)!].map((id) => signatoryKey(dataDir, id)))
    expect(await verifySignature(jws, own!.jwk)).toBe('the-hash')
    expect(await verifySignature(jws, other!.jwk)).toBeNull()
  })
})
