import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { NoteSigner } from '../../ledger/note.ts'

/**
 * The witness's Ed25519 key (PEM, PKCS #8); made when the file is not there yet.
 * @throws Error naming the file when it holds another kind of key
 */
export const openWitnessKey = (file: string, name: string): NoteSigner => {
  if (!existsSync(file)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' })
  }
  const privateKey = createPrivateKey(readFileSync(file))
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${file} must hold an Ed25519 private key in PEM.`)
  return { name, privateKey }
}
