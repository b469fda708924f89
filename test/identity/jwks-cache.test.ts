import { beforeEach, describe, expect, it } from 'vitest'
import { makeJwksCache } from '../../src/identity/jwks-cache.ts'
import type { JwksCache } from '../../src/identity/jwks-cache.ts'
import { faultOf, makeHouse, makeKey } from './support.ts'
import type { House, Json } from './support.ts'

const uri = 'https://id.police.example/jwks'
const minute = 60_000
const [first, second] = [makeKey(), makeKey()]
const rsa = makeKey('PS256')
let house: House
let cache: JwksCache

beforeEach(() => {
  house = makeHouse()
  house.addAgency('police', [['k1', first]])
  cache = makeJwksCache(house.uses)
})

const find = async (kid: string) => {
  const key = await cache.findKey(uri, kid)
  return key.ok ? key.value.thumbprint : key.why
}

describe('the keys of an issuer', () => {
  it('are fetched once for ten minutes, and once for all who wait', async () => {
    expect(await Promise.all(Array.from({ length: 20 }, () => find('k1')))).toEqual(Array(20).fill(first.thumbprint))
    house.at += 10 * minute - 1
    await find('k1')
    expect(house.fetches).toHaveLength(1)
    house.at += 1
    await find('k1')
    expect(house.fetches).toHaveLength(2)
  })

  it('rotate: a new key is found at once, a withdrawn one is gone within ten minutes', async () => {
    for (let round = 1; round <= 20; round += 1) {
      const [old, fresh] = round % 2 === 1 ? [first, second] : [second, first]
      expect(await find(`k${round}`)).toBe(old.thumbprint)
      house.at += minute
      house.publish('police', [{ ...fresh.jwk, kid: `k${round + 1}` }])
      expect(await find(`k${round + 1}`)).toBe(fresh.thumbprint)
      expect(await find(`k${round}`)).toMatch(/has no key/)
    }
  })

  it('are gone ten minutes after the issuer withdrew them, without anybody asking for a new one', async () => {
    await find('k1')
    house.publish('police', [{ ...second.jwk, kid: 'k2' }])
    house.at += 10 * minute
    expect(await find('k1')).toBe('the issuer has no key k1 (keys fetched 0 s ago)')
  })

  it('are asked for at most twice a minute, however many unknown kids arrive', async () => {
    for (let second = 0; second < 600; second += 1) {
      house.at += 1000
      for (const kid of ['x', 'y']) expect(await find(`${kid}${second}`)).toMatch(/has no key/)
    }
    for (const { at } of house.fetches)
      expect(house.fetches.filter((one) => one.at >= at && one.at < at + minute).length).toBeLessThanOrEqual(2)
    expect(house.fetches.length).toBeGreaterThan(10)
  })

  it('are asked for anew when the clock was set back', async () => {
    await find('k1')
    house.at -= 60 * minute
    await find('k1')
    expect(house.fetches).toHaveLength(2)
  })
})

describe('an issuer that is down', () => {
  it('is served by its last keys for one hour, then by none', async () => {
    await find('k1')
    house.documents.set(uri, null)
    for (const at of [11, 30, 59, 60]) {
      house.at = house.fetches[0]!.at + at * minute
      expect(await find('k1')).toBe(first.thumbprint)
    }
    house.at += 1
    const fault = await faultOf(find('k1'))
    expect([fault.code, fault.message]).toEqual(['unavailable', "the key document of the token's issuer could not be reached"])
    expect(fault.retryAfterSeconds).toBeGreaterThan(0)
    house.publish('police', [{ ...first.jwk, kid: 'k1' }])
    house.at += minute
    expect(await find('k1')).toBe(first.thumbprint)
  })

  it('is not waited for by every request', async () => {
    await find('k1')
    house.documents.set(uri, null)
    house.at += 11 * minute
    for (let count = 0; count < 100; count += 1) await find('k1')
    expect(house.fetches).toHaveLength(2)
  })

  it('and was never reached has no keys, and is left alone for half a minute', async () => {
    house.documents.set(uri, null)
    for (let count = 0; count < 10; count += 1) expect((await faultOf(find('k1'))).code).toBe('unavailable')
    expect(house.fetches).toHaveLength(1)
  })

  it.each([204, 301, 302, 404, 500])('and answers %i has no keys', async (status) => {
    house.documents.set(uri, { ...house.documents.get(uri)!, status })
    expect((await faultOf(find('k1'))).message).toBe(`the key document of the token's issuer answered ${status}`)
  })

  it('by throwing before it even promises has no keys', async () => {
    const fetchJwks = () => {
      throw new Error('bad address')
    }
    cache = makeJwksCache({ ...house.uses, fetchJwks })
    expect((await faultOf(find('k1'))).message).toMatch(/could not be reached/)
  })
})

describe('a poisoned key document', () => {
  const own = { ...first.jwk, kid: 'k1' }
  const rows: [string, unknown[] | string, RegExp][] = [
    ['a symmetric key', [own, { kty: 'oct', k: 'c2VjcmV0', kid: 'k2' }], /symmetric or private/],
    ['a symmetric key without a kid', [own, { kty: 'oct', k: 'c2VjcmV0' }], /symmetric or private/],
    ['a private key', [own, { ...second.jwk, kid: 'k2', d: 'AQ' }], /symmetric or private/],
    ['one kid for two keys', [own, { ...second.jwk, kid: 'k1' }], /one kid twice/],
    ['one kid for a key and a key for encryption', [own, { ...second.jwk, kid: 'k1', use: 'enc' }], /one kid twice/],
    ['21 keys', Array.from({ length: 21 }, (_, index) => ({ ...own, kid: `k${index}` })), /has 21 keys/],
    ['no keys', [], /no key with a kid/],
    ['keys without kid', [first.jwk], /no key with a kid/],
    ['a kid of another shape', [{ ...own, kid: '../k1' }], /no key with a kid/],
    ['a key that is no object', ['k1'], /no list of keys/],
    ['keys named twice', `{"keys":[],"keys":[${JSON.stringify(own)}]}`, /given twice/],
    ['a web page', '<!doctype html>', /not JSON/],
    ['more than 64 KB', `{"keys":[${JSON.stringify(own)}]${' '.repeat(65_536)}}`, /larger than 65536 bytes/],
  ]
  it.each(rows)('with %s is refused, and the last good one serves on', async (_, document, message) => {
    const body = Buffer.from(typeof document === 'string' ? document : JSON.stringify({ keys: document }))
    house.documents.set(uri, { status: 200, body })
    expect((await faultOf(find('k1'))).message).toMatch(message)

    house.publish('police', [{ ...second.jwk, kid: 'k1' }])
    house.at += minute
    expect(await find('k1')).toBe(second.thumbprint)
    house.documents.set(uri, { status: 200, body })
    house.at += 11 * minute
    expect(await find('k1')).toBe(second.thumbprint)
  })

  it.each<[string, Json, RegExp]>([
    ['a short RSA key', { ...rsa.jwk, n: String(rsa.jwk['n']).slice(0, 172) }, /bits, expected 2048/],
    ['a key for encryption', { ...second.jwk, use: 'enc' }, /use of the key is not sig/],
    ['a key of another curve', { ...second.jwk, crv: 'P-521' }, /not EC P-256/],
    ['a key for RS256', { ...rsa.jwk, alg: 'RS256' }, /alg of the key is not PS256/],
  ])('with %s loses that key and no other', async (_, jwk, message) => {
    house.publish('police', [own, { ...jwk, kid: 'k2' }])
    expect(await find('k1')).toBe(first.thumbprint)
    expect(await find('k2')).toMatch(message)
  })
})
