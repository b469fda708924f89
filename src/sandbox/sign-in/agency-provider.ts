import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { getAgency } from '../cast.ts'
import { keptKey } from '../keys.ts'
import { personas } from '../personas.ts'
import { consoleClientOf, issuerOf } from '../tokens.ts'
import { choicePage, choicePageHeaders } from './choice-page.ts'
import { makeRemembered } from './remembered.ts'

/** The little that is used of a package without types. */
interface Provider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<unknown>
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
  readonly Grant: new (of: { readonly accountId: string; readonly clientId: string }) => {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
}

interface Context {
  readonly oidc: {
    readonly provider: Provider
    readonly result?: { readonly login?: unknown }
    readonly session: { readonly accountId: string }
    readonly client: { readonly clientId: string }
  }
}

interface Package {
  readonly default: new (issuer: string, configuration: object) => Provider
  readonly interactionPolicy: {
    readonly Check: new (reason: string, says: string, check: (context: Context) => boolean) => object
    base(): { get(prompt: string): { checks: { add(check: object): void; remove(reason: string): void } } }
  }
}

export type HandleSignIn = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * The agency's own OpenID provider, mounted at `mount` of a local server: it offers the agency's people instead of asking for a
 * password. Made when first asked for, since it takes a moment that a start should not.
 */
export const makeAgencyProvider = async (
  agencyId: string,
  { dataDir, mount }: { dataDir: string; mount: string },
): Promise<HandleSignIn> => {
  // @ts-expect-error the package brings no types
  const { default: OpenIdProvider, interactionPolicy } = (await import('oidc-provider')) as unknown as Package
  const people = personas.filter((persona) => persona.agencyId === agencyId)
  const policy = interactionPolicy.base()
  const chooseAgain = new interactionPolicy.Check('choose', 'whom to be is asked each time', ({ oidc }) => oidc.result?.login === undefined)
  policy.get('login').checks.add(chooseAgain)
  policy.get('consent').checks.remove('native_client_prompt')
  const provider = new OpenIdProvider(issuerOf(agencyId), await configurationFor(agencyId, { dataDir, mount, policy }))
  const serve = provider.callback()
  return async (request, response) => {
    const url = request.url ?? ''
    if (!url.startsWith(`${mount}/choose/`)) {
      Object.assign(request, { originalUrl: url, url: url.slice(mount.length) })
      serve(request, response)
      return
    }
    await provider.interactionDetails(request, response)
    const chosen = request.method === 'POST' ? new URLSearchParams(await text(request)).get('person') : null
    if (people.some(({ name }) => name === chosen)) {
      await provider.interactionFinished(request, response, { login: { accountId: chosen } })
      return
    }
    response.writeHead(200, choicePageHeaders)
    response.end(choicePage(getAgency(agencyId).name, people))
  }
}

interface Place {
  readonly dataDir: string
  readonly mount: string
  readonly policy: unknown
}

const configurationFor = async (agencyId: string, { dataDir, mount, policy }: Place) => {
  const { privateJwk, thumbprint } = await keptKey(dataDir, 'issuer', agencyId)
  const cookie = { httpOnly: true, path: mount, sameSite: 'lax' }
  const remembered = makeRemembered()
  return {
    adapter: function adapter(model: string) {
      return remembered(model)
    },
    clients: [
      {
        client_id: consoleClientOf(agencyId),
        // RFC 8252 7.3: of a loopback address any port is taken, so that the sandbox may listen where it finds room.
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/console/signed-in', 'http://localhost/console/signed-in'],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateJwk, alg: 'ES256', use: 'sig', kid: thumbprint }] },
    cookies: {
      keys: [thumbprint],
      // Cookies know no ports: each agency's are its own by name and path.
      names: { session: `${agencyId}_session`, interaction: `${agencyId}_choice`, resume: `${agencyId}_resume` },
      long: cookie,
      short: cookie,
    },
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, userinfo: { enabled: false } },
    interactions: { policy, url: (_context: Context, interaction: { readonly uid: string }) => `${mount}/choose/${interaction.uid}` },
    pkce: { required: () => true },
    findAccount: (_context: Context, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, name: personas.find(({ name }) => name === sub)?.displayName }),
    }),
    loadExistingGrant: grantSignIn,
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
    renderError: (context: { type: string; body: string }, { error, error_description: why }: Record<string, string>) => {
      context.type = 'text/plain'
      context.body = `Sign-in failed: ${error ?? ''}. ${why ?? ''}\n`
    },
  }
}

/** Nobody is asked whether the console may know who they are: it is their own agency's system. */
const grantSignIn = async ({ oidc }: Context) => {
  const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId })
  grant.addOIDCScope('openid profile')
  await grant.save()
  return grant
}
