import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { JWK, JWK_EC_Public } from 'jose'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'

/** What a key is for; each use has keys of its own, so that no signature can be passed off as another kind. */
export type KeyUse = 'issuer' | 'signatory' | 'client'

export interface KeptKey {
  readonly privateJwk: JWK
  readonly publicJwk: JWK_EC_Public
  /** RFC 7638, SHA-256, base64url. */
  readonly thumbprint: string
}

/** The ES256 key kept under that name in the data directory; made at the first call, the same ever after, readable by its owner only. */
export const keptKey = async (dataDir: string, use: KeyUse, name: string): Promise<KeptKey> => {
  const path = join(dataDir, 'keys', use, `${name}.json`)
  const privateJwk = (await readKey(path)) ?? (await makeKey(path))
  const { kty, crv, x, y } = privateJwk
  if (kty !== 'EC' || crv === undefined || x === undefined || y === undefined) throw new Error(`${path} holds no elliptic-curve key`)
  const thumbprint = await calculateJwkThumbprint(privateJwk)
  return { privateJwk, publicJwk: { kty, crv, x, y, alg: 'ES256', use: 'sig', kid: thumbprint }, thumbprint }
}

const readKey = async (path: string): Promise<JWK | null> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JWK
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Written whole under another name and then linked, so that of two processes starting at once one wins and both read the same key. */
const makeKey = async (path: string): Promise<JWK> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  const kept = await readKey(path)
  if (!kept) throw new Error(`${path} was not kept`)
  return kept
}
