import { createPublicKey } from 'node:crypto'
import type { Config } from '../../config.ts'
import type { ExportOptions } from '../../gateway/log/export-bundle.ts'
import { readSigningKey } from '../../keys.ts'
import { logVerifierKey } from '../../ledger/note.ts'

/** The log's name and public keys, from the gateway's own configuration: never from the database that is to be checked with them. */
export const exportKeys = (config: Config): Pick<ExportOptions, 'origin' | 'logKey' | 'batchKeys'> => {
  const { kid, privateKey } = readSigningKey(config)
  const publicKey = createPublicKey(privateKey)
  return {
    origin: config.logOrigin,
    logKey: logVerifierKey(config.logOrigin, publicKey),
    batchKeys: [{ kid, ...publicKey.export({ format: 'jwk' }) }],
  }
}
