import type { Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { agencies } from './cast.ts'
import { keptKey } from './keys.ts'
import { closeServer, listenLocally, sendJson } from './local-server.ts'
import { issuerOf } from './tokens.ts'

export interface RunningIssuers {
  readonly url: string
  jwksUriOf(agencyId: string): string
  close(): Promise<void>
}

/**
 * One issuer for each agency, behind one server on the loopback address. Keys are those of the data directory, so that a token made
 * without this server running verifies against it later. Port 0 takes a free one.
 */
export const startIssuers = async ({ dataDir, port = 0 }: { dataDir: string; port?: number }): Promise<RunningIssuers> => {
  const documents = new Map<string, unknown>()
  const server: Server = createServer((request, response) => {
    answer(documents, request.method, request.url, response)
  })
  const url = await listenLocally(server, port)
  const jwksUriOf = (agencyId: string) => `${url}/issuers/${agencyId}/jwks`
  for (const { id } of agencies) {
    const { publicJwk } = await keptKey(dataDir, 'issuer', id)
    documents.set(`/issuers/${id}/jwks`, { keys: [publicJwk] })
    documents.set(`/issuers/${id}/.well-known/openid-configuration`, {
      issuer: issuerOf(id),
      jwks_uri: jwksUriOf(id),
      id_token_signing_alg_values_supported: ['ES256'],
      subject_types_supported: ['public'],
    })
  }
  return { url, jwksUriOf, close: () => closeServer(server) }
}

const answer = (documents: ReadonlyMap<string, unknown>, method = '', url = '', response: ServerResponse) => {
  const document = documents.get(url)
  if (method !== 'GET' || document === undefined) {
    sendJson(response, 404, { error: 'not_found' })
    return
  }
  sendJson(response, 200, document)
}
