import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { agencies } from './cast.ts'
import { keptKey } from './keys.ts'
import { closeServer, listenLocally, sendJson } from './local-server.ts'
import { type HandleSignIn, makeAgencyProvider } from './sign-in/agency-provider.ts'

export interface RunningIssuers {
  readonly url: string
  jwksUriOf(agencyId: string): string
  discoveryUriOf(agencyId: string): string
  close(): Promise<void>
}

/**
 * One issuer for each agency, behind one server on the loopback address: its keys, and the provider at which its people sign in.
 * Keys are those of the data directory, so that a token made
 * without this server running verifies against it later. Port 0 takes a free one.
 */
export const startIssuers = async ({ dataDir, port = 0 }: { dataDir: string; port?: number }): Promise<RunningIssuers> => {
  const documents = new Map<string, unknown>()
  const signIn = makeSignIn(dataDir)
  const server: Server = createServer((request, response) => {
    const document = request.method === 'GET' ? documents.get(request.url ?? '') : undefined
    if (document !== undefined) sendJson(response, 200, document)
    else signIn(request, response).catch(() => sendJson(response, 500, { error: 'server_error' }))
  })
  const url = await listenLocally(server, port)
  const jwksUriOf = (agencyId: string) => `${url}/issuers/${agencyId}/jwks`
  for (const { id } of agencies) {
    const { publicJwk } = await keptKey(dataDir, 'issuer', id)
    documents.set(`/issuers/${id}/jwks`, { keys: [publicJwk] })
  }
  const discoveryUriOf = (agencyId: string) => `${url}/issuers/${agencyId}/.well-known/openid-configuration`
  return { url, jwksUriOf, discoveryUriOf, close: () => closeServer(server) }
}

/** Each agency's provider is made when somebody first signs in there. */
const makeSignIn = (dataDir: string): HandleSignIn => {
  const providers = new Map<string, Promise<HandleSignIn>>()
  return async (request, response) => {
    const agencyId = /^\/issuers\/([^/?]+)\//.exec(request.url ?? '')?.[1]
    if (agencyId === undefined || !agencies.some(({ id }) => id === agencyId)) {
      sendJson(response, 404, { error: 'not_found' })
      return
    }
    const provider = providers.get(agencyId) ?? makeAgencyProvider(agencyId, { dataDir, mount: `/issuers/${agencyId}` })
    providers.set(agencyId, provider)
    await (
      await provider
    )(request, response)
  }
}
