import { describe, expect, it } from 'vitest'
import { makeRecentlyUsed } from '../../src/identity/recently-used.ts'
import { verifySignature } from '../../src/identity/signature.ts'
import { makeKey, rawJws } from './support.ts'

const header = (algorithm: string, typ = 'isa-signature+jws') => JSON.stringify({ alg: algorithm, typ })
const text = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'

describe('the signature of a sharing agreement', () => {
  it.each(['ES256', 'PS256', 'EdDSA'] as const)('with %s gives back the text that was signed', async (algorithm) => {
    const key = makeKey(algorithm)
    expect(await verifySignature(rawJws(header(algorithm), text, key), key.jwk)).toBe(text)
  })

  const key = makeKey()
  const good = rawJws(header('ES256'), text, key)
  it.each<[string, string, unknown]>([
    ['by another key', good, makeKey().jwk],
    ['by a key of another kind', good, makeKey('EdDSA').jwk],
    ['by a private key', good, { ...key.jwk, d: 'AQ' }],
    ['by a key that is none', good, null],
    ['of another type', rawJws(header('ES256', 'at+jwt'), text, key), key.jwk],
    ['of no type', rawJws('{"alg":"ES256"}', text, key), key.jwk],
    ['under alg none', rawJws(header('none'), text, key), key.jwk],
    ['with an embedded key', rawJws(JSON.stringify({ alg: 'ES256', typ: 'isa-signature+jws', jwk: key.jwk }), text, key), key.jwk],
    ['with crit', rawJws(JSON.stringify({ alg: 'ES256', typ: 'isa-signature+jws', crit: ['b64'], b64: false }), text, key), key.jwk],
    ['over another text', good.replace(/\.[^.]+\./, `.${Buffer.from('another').toString('base64url')}.`), key.jwk],
    ['with padding', `${good}=`, key.jwk],
    ['that is empty', '', key.jwk],
    ['over bytes that are no text', rawJws(header('ES256'), '', key).replace('..', '._w.'), key.jwk],
  ])('%s is none', async (_, jws, jwk) => {
    expect(await verifySignature(jws, jwk)).toBeNull()
  })
})

describe('a bounded memory', () => {
  it('forgets what was used longest ago', () => {
    const memory = makeRecentlyUsed<number>(2)
    memory.set('a', 1)
    memory.set('b', 2)
    memory.get('a')
    memory.set('c', 3)
    expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([1, undefined, 3])
    memory.delete('a')
    memory.set('d', 4)
    expect(['a', 'c', 'd'].map((key) => memory.get(key))).toEqual([undefined, 3, 4])
  })
})
