import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthenticate } from '../../src/identity/authenticate.ts'
import type { DoorRequest } from '../../src/identity/identity-uses.ts'
import { agencies, clients } from '../../src/sandbox/cast.ts'
import type { RunningIssuers } from '../../src/sandbox/issuers.ts'
import { startIssuers } from '../../src/sandbox/issuers.ts'
import { keptKey } from '../../src/sandbox/keys.ts'
import { dpopProof, issuerOf, mintSystemToken, mintToken } from '../../src/sandbox/tokens.ts'

const audience = 'https://gateway.sandbox.example'
const url = 'http://127.0.0.1:8080/v1/enquiries'
const mobile = 'ridings-police-mobile'
let dataDir: string
let issuers: RunningIssuers
let authenticate: ReturnType<typeof makeAuthenticate>

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-door-'))
  issuers = await startIssuers({ dataDir })
  const { thumbprint } = await keptKey(dataDir, 'client', mobile)
  const proofs = new Set<string>()
  authenticate = makeAuthenticate({
    audience,
    allowBearer: true,
    findIssuer: async (issuer) => {
      const agency = agencies.find(({ id }) => issuerOf(id) === issuer)
      return agency ? { agencyId: agency.id, issuer, jwksUri: issuers.jwksUriOf(agency.id), suspended: false } : null
    },
    findClient: async (clientId) => {
      const client = clients.find(({ id }) => id === clientId)
      return client
        ? { ...client, clientId, suspended: false, keys: client.binding === 'dpop' ? [{ kind: 'dpop', thumbprint }] : [] }
        : null
    },
    fetchJwks: async (jwksUri) => {
      const response = await fetch(jwksUri)
      return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) }
    },
    rememberProof: async (key) => proofs.size < proofs.add(key).size,
    now: () => new Date(),
  })
})
afterAll(async () => {
  await issuers.close()
  await rm(dataDir, { recursive: true })
})

const arrive = (given: Readonly<Record<string, string>>) => {
  const request: DoorRequest = {
    method: 'POST',
    url,
    headers: given,
    rawHeaders: Object.entries(given).flat(),
    peerCertificate: null,
    requestId: 'test',
    traceparent: null,
  }
  return authenticate(request)
}

describe('at the gateway’s own door the sandbox’s tokens', () => {
  it.each(['analyst', 'keyworker', 'ig-officer', 'signatory-calder-yos'])(
    'let %s in as a named person of their agency',
    async (persona) => {
      const caller = await arrive({ authorization: `Bearer ${await mintToken({ dataDir, persona, audience })}` })
      expect(caller).toMatchObject({ personSub: persona, binding: 'bearer', clientId: `${caller.agencyId}-records` })
    },
  )

  it('let a system in without a person', async () => {
    const token = await mintSystemToken({ dataDir, clientId: 'calder-dip-records', audience })
    expect(await arrive({ authorization: `Bearer ${token}` })).toMatchObject({ agencyId: 'calder-dip', personSub: null })
  })

  it('let the client in that proves possession, once for each proof, and never without', async () => {
    const accessToken = await mintToken({ dataDir, persona: 'analyst', audience, clientId: mobile })
    const dpop = await dpopProof({ dataDir, clientId: mobile, method: 'POST', url, accessToken })
    const presented = { authorization: `DPoP ${accessToken}`, dpop }
    expect(await arrive(presented)).toMatchObject({ agencyId: 'ridings-police', personSub: 'analyst', binding: 'dpop' })
    await expect(arrive(presented)).rejects.toThrow()
    await expect(arrive({ authorization: `Bearer ${accessToken}` })).rejects.toThrow()
  })

  it('let nobody in for another gateway, or after their time', async () => {
    const elsewhere = await mintToken({ dataDir, persona: 'analyst', audience: 'https://elsewhere.example' })
    await expect(arrive({ authorization: `Bearer ${elsewhere}` })).rejects.toThrow()
    const late = await mintToken({ dataDir, persona: 'analyst', audience, at: new Date(Date.now() - 3_600_000) })
    await expect(arrive({ authorization: `Bearer ${late}` })).rejects.toThrow()
  })
})
