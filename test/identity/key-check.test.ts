import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { generate } from 'selfsigned'
import { describe, expect, it } from 'vitest'
import { certificateThumbprint, checkPublicJwk, derThumbprint } from '../../src/identity/key-check.ts'
import { changed, makeKey, sha256 } from './support.ts'
import type { Json } from './support.ts'

const keys = { EC: makeKey('ES256'), OKP: makeKey('EdDSA'), RSA: makeKey('PS256') }
const rsaOf = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ format: 'jwk' }) as Json
const bytes = (length: number, fill = 0xff) => Buffer.alloc(length, fill).toString('base64url')

describe('a public key', () => {
  it.each(Object.entries(keys))('of kind %s is accepted, with the thumbprint of RFC 7638', async (_, { jwk, thumbprint }) => {
    expect(await calculateJwkThumbprint(jwk as { kty: string })).toBe(thumbprint)
    const dressed = { ...jwk, use: 'sig', key_ops: ['verify'], kid: 'k1', extra: true }
    expect(checkPublicJwk(dressed)).toMatchObject({ ok: true, thumbprint, jwk })
  })

  it('has the thumbprint of the example in RFC 8037 A.3', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    expect(checkPublicJwk(jwk)).toMatchObject({ ok: true, thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' })
  })

  const { EC, OKP, RSA } = keys
  it.each<[string, unknown, RegExp]>([
    ['null', null, /not a JSON object/],
    ['a list', [EC.jwk], /not a JSON object/],
    ['symmetric', { kty: 'oct', k: 'c2VjcmV0' }, /symmetric/],
    ['EC and private', { ...EC.jwk, d: EC.jwk['x'] }, /private member d/],
    ['RSA with a prime', { ...RSA.jwk, p: 'AQ' }, /private member p/],
    ['for encryption', { ...EC.jwk, use: 'enc' }, /use of the key/],
    ['for signing by whoever reads it', { ...EC.jwk, key_ops: ['sign'] }, /key_ops/],
    ['for verifying and wrapping', { ...EC.jwk, key_ops: ['verify', 'wrapKey'] }, /key_ops/],
    ['for no operation', { ...EC.jwk, key_ops: [] }, /key_ops/],
    ['for another algorithm', { ...RSA.jwk, alg: 'RS256' }, /alg of the key/],
    ['of secp256k1', { ...EC.jwk, crv: 'secp256k1' }, /not EC P-256/],
    ['of X25519', { ...OKP.jwk, crv: 'X25519' }, /not EC P-256/],
    ['EC without y', changed(EC.jwk, { y: undefined }), /not 32 bytes/],
    ['EC beside the curve', { ...EC.jwk, y: EC.jwk['x'] }, /not a point of its curve/],
    ['EC at the origin', { ...EC.jwk, x: bytes(32, 0), y: bytes(32, 0) }, /not a point of its curve/],
    ['EC with a short x', { ...EC.jwk, x: bytes(31) }, /not 32 bytes/],
    ['EC with a padded x', { ...EC.jwk, x: `${String(EC.jwk['x'])}=` }, /not 32 bytes/],
    ['OKP with a long x', { ...OKP.jwk, x: bytes(33) }, /not 32 bytes/],
    ['OKP beyond the field', { ...OKP.jwk, x: bytes(32) }, /small order or not in its shortest/],
    ['RSA of 1024 bits', rsaOf(1024), /has 1024 bits/],
    [
      'RSA of 2047 bits',
      { ...RSA.jwk, n: Buffer.concat([Buffer.from([0x7f]), Buffer.alloc(255, 0xff)]).toString('base64url') },
      /has 2047 bits/,
    ],
    ['RSA of 8200 bits', { ...RSA.jwk, n: bytes(1025) }, /has 8200 bits/],
    ['RSA with exponent 3', rsaOf(2048, 3), /exponent is not odd, at least 65537/],
    ['RSA with an even exponent', { ...RSA.jwk, e: Buffer.from([1, 0, 2]).toString('base64url') }, /exponent/],
    ['RSA with a huge exponent', { ...RSA.jwk, e: bytes(9) }, /exponent/],
    [
      'RSA with an even modulus',
      { ...RSA.jwk, n: Buffer.concat([Buffer.alloc(255, 0xff), Buffer.from([2])]).toString('base64url') },
      /even/,
    ],
    [
      'RSA with a leading zero',
      { ...RSA.jwk, n: Buffer.concat([Buffer.from([0]), Buffer.alloc(256, 0xff)]).toString('base64url') },
      /leading zeros/,
    ],
    ['RSA with a leading zero in e', { ...RSA.jwk, e: Buffer.from([0, 1, 0, 1]).toString('base64url') }, /leading zeros/],
    ['RSA without e', changed(RSA.jwk, { e: undefined }), /not a number/],
  ])('that is %s is refused', (_, jwk, message) => {
    const check = checkPublicJwk(jwk)
    expect(check.ok ? 'accepted' : check.why).toMatch(message)
  })

  it.each([
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  ])('of small order (%s) is refused, for nobody needs its private half', (hex) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') }
    expect(checkPublicJwk(jwk)).toMatchObject({ ok: false })
  })
})

describe('a certificate', async () => {
  const name = [{ name: 'commonName', value: 'police-batch.example' }]
  const { cert, private: privatePem } = await generate(name, { keyType: 'ec', curve: 'P-256' })
  const { cert: weak } = await generate(name, { keySize: 1024 })
  const der = new X509Certificate(cert).raw

  it('has the same thumbprint in PEM, in DER and on the connection', () => {
    const thumbprint = sha256(der)
    expect([certificateThumbprint(cert), certificateThumbprint(der)]).toEqual([
      { ok: true, thumbprint },
      { ok: true, thumbprint },
    ])
    expect(derThumbprint(der)).toBe(thumbprint)
  })

  it.each<[string, string | Uint8Array, RegExp]>([
    ['with its private key', `${cert}\n${privatePem}`, /contains a private key/],
    ['beside another', `${cert}\n${cert}`, /has 2 blocks/],
    ['that is a public key', keys.EC.privateKey.export({ format: 'pem', type: 'pkcs8' }), /private key/],
    ['that is text', 'certificate', /has 0 blocks/],
    ['that is noise', Buffer.from('noise'), /neither PEM nor DER/],
    ['with a short RSA key', weak, /shorter than 2048 bits/],
  ])('%s is refused', (_, certificate, message) => {
    const check = certificateThumbprint(certificate)
    expect(check.ok ? 'accepted' : check.why).toMatch(message)
  })
})
