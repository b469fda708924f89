import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { sha256 } from './tree.ts'

/** Who signs notes, under which name (C2SP signed-note). The key is Ed25519. */
export interface NoteSigner {
  readonly name: string
  readonly privateKey: KeyObject
}

/** C2SP signed-note: signature types that are told apart by the key id. */
const ED25519 = 0x01
const COSIGNATURE_V1 = 0x04

const rawPublicKey = (key: KeyObject): Buffer =>
  Buffer.from((key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' }).x!, 'base64url')

const keyId = (name: string, type: number, publicKey: Uint8Array): Buffer =>
  sha256(Buffer.from(`${name}\n`), Buffer.from([type]), publicKey).subarray(0, 4)

const verifierKey = (name: string, type: number, key: KeyObject): string => {
  const publicKey = rawPublicKey(key)
  return `${name}+${keyId(name, type, publicKey).toString('hex')}+${Buffer.concat([Buffer.from([type]), publicKey]).toString('base64')}`
}

/** The text by which others are told the log's key: `name+id+key`. */
export const logVerifierKey = (name: string, key: KeyObject): string => verifierKey(name, ED25519, key)
/** The same for a witness, whose signatures carry an instant. */
export const witnessVerifierKey = (name: string, key: KeyObject): string => verifierKey(name, COSIGNATURE_V1, key)

const signatureLine = (name: string, blob: Buffer): string => `— ${name} ${blob.toString('base64')}\n`

/** Text with its signatures: text, empty line, a line for each. The text ends with a line feed. */
export const signNote = (text: string, ...signers: readonly NoteSigner[]): string => {
  const lines = signers.map(({ name, privateKey }) => {
    const id = keyId(name, ED25519, rawPublicKey(privateKey))
    return signatureLine(name, Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]))
  })
  return `${text}\n${lines.join('')}`
}

/** C2SP tlog-cosignature: the line by which a witness says that it saw this checkpoint, consistent with all before, at this instant. */
export const cosign = (text: string, { name, privateKey }: NoteSigner, at: Date): string => {
  const seconds = Math.floor(at.getTime() / 1000)
  const instant = Buffer.alloc(8)
  instant.writeBigUInt64BE(BigInt(seconds))
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), privateKey)
  return signatureLine(name, Buffer.concat([keyId(name, COSIGNATURE_V1, rawPublicKey(privateKey)), instant, signature]))
}
