import { beforeAll, describe, expect, it } from 'vitest'
import { makeAuthenticate } from '../../src/identity/authenticate.ts'
import { Fault } from '../../src/core/fault.ts'
import { claimsOf, makeHouse, makeKey, mint, mintProof, requestWith } from './support.ts'
import type { KeyPair } from './support.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const algorithms = ['ES256', 'PS256', 'EdDSA'] as const
const keys = Object.fromEntries(algorithms.map((algorithm) => [algorithm, makeKey(algorithm)])) as Record<
  (typeof algorithms)[number],
  KeyPair
>
const device = makeKey()
const house = makeHouse()
const authenticate = makeAuthenticate(house.uses)

beforeAll(() => {
  house.addAgency(
    'police',
    algorithms.map((algorithm) => [algorithm, keys[algorithm]] as const),
  )
  house.addClient('police-records', 'police')
  house.addClient('police-mobile', 'police', { binding: 'dpop', keys: [{ kind: 'dpop', thumbprint: device.thumbprint }] })
})

/** Every `step`-th of all ways to put one other character in one place. */
function substitutions(text: string, step: number): string[] {
  const all = text.split('').flatMap((own, at) =>
    alphabet
      .split('')
      .filter((one) => one !== own)
      .map((one) => text.slice(0, at) + one + text.slice(at + 1)),
  )
  return all.filter((_, index) => index % step === 0)
}

/** Other spellings that a forgiving base64 decoder reads as the same or nearly the same bytes. */
function respellings(text: string): string[] {
  const noise = ['=', '==', ' ', '\t', '\n', '\r\n', '\0', '%3D', '+', '/', '~', '!', '\u00e9', '\u2028', '*', '$']
  const parts = text.split('.')
  return parts.flatMap((part, index) => {
    const put = (one: string) => parts.map((own, at) => (at === index ? one : own)).join('.')
    const inserted = noise.flatMap((one) =>
      [0, 1, part.length >> 1, part.length - 1, part.length].map((at) => put(part.slice(0, at) + one + part.slice(at))),
    )
    const spareBits = alphabet
      .split('')
      .map((one) => part.slice(0, -1) + one)
      .filter((one) => one !== part && decodesAlike(one, part))
      .map(put)
    const standardAlphabet = [
      put(part.replaceAll('-', '+').replaceAll('_', '/')),
      put(part.replaceAll('-', '+')),
      put(part.replaceAll('_', '/')),
    ]
    return [...inserted, ...spareBits, ...standardAlphabet, put(''), put(`${part}.`), put(`.${part}`)].filter((one) => one !== text)
  })
}

const decodesAlike = (one: string, other: string) => Buffer.from(one, 'base64url').equals(Buffer.from(other, 'base64url'))

/** How each spoilt request ended; a good one would be counted under `accepted`. */
async function outcomes(spoilt: readonly string[], send: (text: string) => Promise<unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const text of spoilt) {
    const end = await send(text).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Fault ? error.code : `bug: ${String(error)}`),
    )
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}

const sendToken = (text: string) => authenticate(requestWith({ authorization: `Bearer ${text}` }))

describe.each(algorithms)('a token signed with %s', (algorithm) => {
  it('is accepted by one spelling alone: whichever character is changed, it is refused', async () => {
    const token = await mint(claimsOf(), keys[algorithm], { kid: algorithm })
    const step = Math.ceil((token.length * 63) / 700)
    const spoilt = substitutions(token, step)
    expect(spoilt.length).toBeGreaterThan(600)
    // Verified first, so that a memory of verified tokens would have to betray itself.
    expect(await sendToken(token)).toMatchObject({ agencyId: 'police' })
    expect(await outcomes(spoilt, sendToken)).toEqual({ unauthenticated: spoilt.length })
  })

  it('is refused in every other base64 spelling, some of which decode to the same bytes', async () => {
    // Claims of all lengths modulo three, so that each part ends with spare bits at least once.
    const tokens = await Promise.all(['j', 'jj', 'jjj'].map((jti) => mint(claimsOf({ jti }), keys[algorithm], { kid: algorithm })))
    for (const token of tokens) expect(await sendToken(token)).toMatchObject({ agencyId: 'police' })
    const spoilt = tokens.flatMap(respellings)
    const alike = spoilt.filter((one) =>
      tokens.some(
        (token) => one.split('.').length === 3 && one.split('.').every((part, at) => decodesAlike(part, token.split('.')[at] ?? '')),
      ),
    )
    expect(alike.length).toBeGreaterThan(100)
    expect(await outcomes(spoilt, sendToken)).toEqual({ unauthenticated: spoilt.length })
  })
})

it('a DPoP proof is accepted by one spelling alone', async () => {
  const token = await mint(claimsOf({ client_id: 'police-mobile', cnf: { jkt: device.thumbprint } }), keys.ES256, { kid: 'ES256' })
  const proof = mintProof(token, device)
  const send = (text: string) => authenticate(requestWith({ authorization: `DPoP ${token}`, dpop: text }))
  const spoilt = [...substitutions(proof, Math.ceil((proof.length * 63) / 400)), ...respellings(proof)]
  expect(await outcomes(spoilt, send)).toEqual({ unauthenticated: spoilt.length })
  expect(await send(proof)).toMatchObject({ binding: 'dpop' })
})
