import { createPrivateKey, createHash, randomUUID, sign, X509Certificate } from 'node:crypto'
import { SignJWT, importJWK } from 'jose'
import pg from 'pg'
import { generate } from 'selfsigned'
import { keptKey } from '../../src/sandbox/keys.ts'
import { issuerOf, mintToken } from '../../src/sandbox/tokens.ts'
import { newId } from '../../src/gateway/new-id.ts'
import type { BenchWorld } from './data.ts'

const dpopClient = 'ridings-police-mobile'
const mtlsClient = 'ridings-police-bench'

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Headers with an unused RFC 9449 proof each time; `stock` signs them ahead, so that the load client need not while it measures. */
export const dpopHeaders = async (world: BenchWorld, order: { readonly audience: string; readonly url: string }) => {
  const token = await mintToken({
    dataDir: world.dataDir,
    persona: 'analyst',
    clientId: dpopClient,
    audience: order.audience,
    ttlSeconds: 600,
  })
  const kept = await keptKey(world.dataDir, 'client', dpopClient)
  const { kty, crv, x, y } = kept.publicJwk
  const key = createPrivateKey({ key: kept.privateJwk as Parameters<typeof createPrivateKey>[0] & object, format: 'jwk' } as never)
  const head = base64url({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })
  const claims = { htm: 'POST', htu: `${order.url}/v1/enquiries`, ath: createHash('sha256').update(token).digest('base64url') }
  const proof = (): string => {
    const text = `${head}.${base64url({ ...claims, iat: Math.floor(Date.now() / 1000), jti: randomUUID() })}`
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  let proofs: string[] = []
  return {
    stock: (count: number): void => void (proofs = Array.from({ length: count }, proof)),
    next: (): Record<string, string> => ({ authorization: `DPoP ${token}`, dpop: proofs.pop() ?? proof() }),
  }
}

/** A client that is known by its certificate (RFC 8705), registered, and a token bound to it. */
export const certificateLoad = async (world: BenchWorld, audience: string) => {
  const pair = await generate([{ name: 'commonName', value: mtlsClient }], { keyType: 'ec' })
  const thumbprint = createHash('sha256').update(new X509Certificate(pair.cert).raw).digest('base64url')
  const owner = new pg.Client(world.owner)
  await owner.connect()
  await owner.query(`insert into client (id, agency_id, name, binding) values ($1, 'ridings-police', 'Bench', 'mtls')`, [mtlsClient])
  await owner.query(`insert into client_key (id, client_id, kind, thumbprint) values ($1, $2, 'mtls', $3)`, [
    newId(),
    mtlsClient,
    thumbprint,
  ])
  await owner.end()
  const issuer = await keptKey(world.dataDir, 'issuer', 'ridings-police')
  const token = await new SignJWT({ client_id: mtlsClient, cnf: { 'x5t#S256': thumbprint } })
    .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256', kid: issuer.thumbprint })
    .setIssuer(issuerOf('ridings-police'))
    .setAudience(audience)
    .setSubject('analyst')
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(await importJWK(issuer.privateJwk, 'ES256'))
  return {
    headers: { authorization: `Bearer ${token}` },
    tls: { key: pair.private, cert: pair.cert },
  }
}

/** The certificate of the server that is measured over TLS. */
export const serverCertificate = async (): Promise<{ key: string; cert: string }> => {
  const pair = await generate([{ name: 'commonName', value: 'gateway.example' }], { keyType: 'ec' })
  return { key: pair.private, cert: pair.cert }
}
