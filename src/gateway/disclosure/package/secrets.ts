import { createHash, randomBytes, scrypt } from 'node:crypto'

/** No letter or digit that is taken for another when it is read out; 32 of them. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const CODE_LENGTH = 12
/** 16 MB and some tens of milliseconds for each guess (RFC 7914), on top of five guesses and 60 bits. */
const cost = { N: 2 ** 14, r: 8, p: 1 }

/** 128 random bits: what a package is found by. Only its hash is kept. */
export const newLink = (): string => randomBytes(16).toString('base64url')

export const linkHashOf = (link: string): Buffer => createHash('sha256').update(link).digest()

/** In groups of four, so that it can be read out over the telephone. */
export const newCode = (): string => {
  const letters = [...randomBytes(CODE_LENGTH)].map((byte) => alphabet[byte % alphabet.length]!).join('')
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-')
}

/** As it was typed, without what people put between the groups. */
const plain = (code: string): string =>
  code
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .slice(0, 64)

/** What a code is compared by: slow, and salted for this code alone. */
export const slowHashOf = (code: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(plain(code), salt, 32, cost, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })

export const newSalt = (): Buffer => randomBytes(16)
