import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from './config.ts'
import { logVerifierKey } from './ledger/note.ts'

/** The key that signs the log's batches. Its id is the beginning of the hash of its public half. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

/**
 * Reads the Ed25519 key (PEM, PKCS #8) that signs the log. The sandbox makes its own; production has no default.
 * @throws Error naming the file when it holds no such key
 */
export const readSigningKey = (config: Pick<Config, 'mode' | 'dataDir' | 'keys'>): SigningKey => {
  if (config.keys.signingFile === null && config.mode !== 'sandbox') throw noDefault('log-signing.pem')
  return config.keys.signingFile === null ? makeSigningKey(signingKeyFile(config)) : readKeyFile(config.keys.signingFile)
}

/** The file that holds the key which signs the log. */
export const signingKeyFile = ({ keys, dataDir }: Pick<Config, 'dataDir' | 'keys'>): string =>
  keys.signingFile ?? join(dataDir, 'keys', 'log-signing.pem')

/** The key in this file, made where there is no such file. */
export const makeSigningKey = (file: string): SigningKey => {
  const make = (): string => {
    const { privateKey } = generateKeyPairSync('ed25519')
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
  return readKeyFile(madeFile(file, make))
}

const readKeyFile = (file: string): SigningKey => {
  const privateKey = createPrivateKey(readFileSync(file))
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${file} must hold an Ed25519 private key in PEM.`)
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return { kid: createHash('sha256').update(der).digest('base64url').slice(0, 16), privateKey }
}

/**
 * Where it is kept how far the log of this database had come: outside the database, by the name of the database, since a restored one
 * answers to the same name.
 */
export const highWaterOf = (
  config: Pick<Config, 'dataDir' | 'database' | 'logOrigin'>,
  { privateKey }: SigningKey,
): { readonly file: string; readonly logKey: string } => {
  const url = config.database.url === null ? null : new URL(config.database.url)
  const place = url === null ? 'bundled' : createHash('sha256').update(`${url.host}${url.pathname}${url.search}`).digest('hex').slice(0, 12)
  return { file: join(config.dataDir, `log-high-water-${place}.note`), logKey: logVerifierKey(config.logOrigin, privateKey) }
}

/**
 * Reads the key that seals hosted records: 32 bytes in base64.
 * @throws Error naming the file when it holds anything else
 */
export const readRecordKey = (config: Pick<Config, 'mode' | 'dataDir' | 'keys'>): { readonly id: string; readonly key: Uint8Array } => {
  const file = config.keys.recordFile ?? sandboxFile(config, 'record-sealing.key', () => randomBytes(32).toString('base64'))
  const bytes = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (bytes.length !== 32) throw new Error(`${file} must hold 32 random bytes in base64, as "openssl rand -base64 32" writes them.`)
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), key: bytes }
}

/** The key of the staff register (RFC 5869, SHA-256), from the one that seals records: it changes with it, and agencies then feed again. */
export const staffKeyFrom = (recordKey: { readonly key: Uint8Array }): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', recordKey.key, '', 'staff-register', 32))

const sandboxFile = (config: Pick<Config, 'mode' | 'dataDir'>, name: string, make: () => string): string => {
  if (config.mode !== 'sandbox') throw noDefault(name)
  return madeFile(join(config.dataDir, 'keys', name), make)
}

const noDefault = (name: string): Error => new Error(`${name} has no default outside the sandbox.`)

const madeFile = (file: string, make: () => string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Of two processes starting at once, the first to write wins and both read the same.
  if (!existsSync(file)) {
    try {
      writeFileSync(file, make(), { mode: 0o600, flag: 'wx' })
    } catch (cause) {
      if (!existsSync(file)) throw cause
    }
  }
  return file
}
