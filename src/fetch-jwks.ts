import { request } from 'undici'

const MOST_BYTES = 65_536
const LIMIT_MS = 3_000

/** Asks a registered issuer for its keys: no redirects, 64 KB at most, three seconds at most, body included. */
export const fetchJwks = async (uri: string): Promise<{ readonly status: number; readonly body: Uint8Array }> => {
  const reply = await request(uri, { method: 'GET', headers: { accept: 'application/json' }, signal: AbortSignal.timeout(LIMIT_MS) })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of reply.body) {
    size += (chunk as Buffer).length
    if (size > MOST_BYTES) throw new Error(`the keys at the issuer's address are more than ${MOST_BYTES} bytes`)
    chunks.push(chunk as Buffer)
  }
  return { status: reply.statusCode, body: Buffer.concat(chunks) }
}
