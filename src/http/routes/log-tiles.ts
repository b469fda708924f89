import { Router, type Response } from 'express'
import { visitOf } from '../request/visit.ts'

/** The log's tree as everybody may see it: hashes and signatures, no personal data, no entry (C2SP tlog-tiles). */
export interface PublishedTree {
  /** The newest signed checkpoint with its witnesses; null before the first. */
  checkpoint(): Promise<string | null>
  /** Every key that signed the log, with the statements by which one follows from another: JSON, a JWK set. */
  keys(): Promise<string>
  /** The tile at this path; null where the path names none, or none that the newest checkpoint covers. */
  tile(path: string): Promise<Uint8Array | null>
}

const YEAR = 'public, max-age=31536000, immutable'

/** Read by witnesses and by whoever holds a receipt: no token, since there is nothing here to protect, and cacheable. */
export const logTileRoutes = (tree: PublishedTree, warn: (message: string, cause: unknown) => void): Router => {
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/log/checkpoint', async (_request, response) => {
    await answer(response, warn, async () => {
      const note = await tree.checkpoint()
      return note === null ? null : { type: 'text/plain; charset=utf-8', cache: 'no-cache', bytes: Buffer.from(note) }
    })
  })
  router.get('/log/keys', async (_request, response) => {
    await answer(response, warn, async () => ({ type: 'application/json', cache: 'no-cache', bytes: Buffer.from(await tree.keys()) }))
  })
  router.get(/^\/log\/(tile\/.{1,64})$/, async (request, response) => {
    const path = (request.params as Record<string, string>)[0] ?? ''
    await answer(response, warn, async () => {
      const bytes = await tree.tile(path)
      return bytes === null ? null : { type: 'application/octet-stream', cache: YEAR, bytes }
    })
  })
  return router
}

interface Found {
  readonly type: string
  readonly cache: string
  readonly bytes: Uint8Array
}

const answer = async (
  response: Response,
  warn: (message: string, cause: unknown) => void,
  find: () => Promise<Found | null>,
): Promise<void> => {
  const found = await find().catch((cause: unknown) => {
    warn('the published tree could not be read', cause)
    return 'unavailable' as const
  })
  const common = { 'x-content-type-options': 'nosniff', 'x-request-id': visitOf(response).requestId }
  if (found === null || found === 'unavailable') {
    response.writeHead(found === null ? 404 : 503, { ...common, 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' })
    response.end(found === null ? 'not found\n' : 'unavailable\n')
    return
  }
  response.writeHead(200, { ...common, 'cache-control': found.cache, 'content-type': found.type, 'content-length': found.bytes.length })
  response.end(found.bytes)
}
