import * as openid from 'openid-client'
import type { PendingSignIn, SignInProvider } from '../console-uses.ts'
import { newSecret } from '../doors/cookies.ts'

/** Who came back from the provider, by the provider's signed word. */
export interface SignedIn {
  readonly personSub: string
  readonly displayName: string
  readonly authenticatedAt: Date
}

const LIMIT_SECONDS = 5
const MOST_BYTES = 65_536
/** Nobody's proof of who they are is older than a working day. */
const LONGEST_SECONDS = 10 * 3600
/** Seconds that the provider's clock may differ from ours. */
const CLOCKS_DIFFER_SECONDS = 10

/** No redirects, a time limit, and no more bytes than such a document has. */
const fetchLittle: openid.CustomFetch = async (url, init) => {
  const reply = await fetch(url, init)
  const body = await reply.arrayBuffer()
  if (body.byteLength > MOST_BYTES) throw new Error(`${url} answered with more than ${MOST_BYTES} bytes`)
  return new Response(body.byteLength === 0 ? null : body, { status: reply.status, headers: reply.headers })
}

const KEPT_MS = 5 * 60_000
const MOST_KEPT = 200
const described = new Map<string, { readonly until: number; readonly configuration: Promise<openid.Configuration> }>()

/** A provider is asked to describe itself every five minutes; a failure is not remembered. */
const configurationOf = (provider: SignInProvider, insecure: boolean): Promise<openid.Configuration> => {
  const key = JSON.stringify([provider.discoveryUri, provider.issuer, provider.clientId, insecure])
  const known = described.get(key)
  if (known !== undefined && performance.now() < known.until) return known.configuration
  if (described.size >= MOST_KEPT) described.clear()
  const configuration = describe(provider, insecure)
  described.set(key, { until: performance.now() + KEPT_MS, configuration })
  configuration.catch(() => described.delete(key))
  return configuration
}

/** The provider as it describes itself, held against the issuer that the agency is registered with. */
const describe = async (provider: SignInProvider, insecure: boolean): Promise<openid.Configuration> => {
  const signal = AbortSignal.timeout(LIMIT_SECONDS * 1000)
  const reply = await fetchLittle(provider.discoveryUri, { method: 'GET', headers: {}, body: undefined, redirect: 'manual', signal })
  const metadata = (await reply.json()) as openid.ServerMetadata
  if (reply.status !== 200 || metadata.issuer !== provider.issuer)
    throw new Error(`the provider of ${provider.agencyId} names another issuer`)
  const configuration = new openid.Configuration(metadata, provider.clientId, undefined, openid.None())
  configuration.timeout = LIMIT_SECONDS
  configuration[openid.customFetch] = fetchLittle
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out; the sandbox's providers have no TLS
  if (insecure) openid.allowInsecureRequests(configuration)
  // OpenID Connect Core 3.1.3.7 lets TLS stand for the signature; here the signature is checked all the same.
  openid.enableNonRepudiationChecks(configuration)
  return configuration
}

interface Start {
  readonly provider: SignInProvider
  readonly redirectUri: string
  readonly toPath: string
  /** Asks the person to prove who they are now, whatever the provider remembers. */
  readonly again: boolean
  readonly now: Date
  readonly insecure: boolean
}

/** Where to send the browser, and what must come back (code flow with PKCE, state and nonce). */
export const startAtProvider = async (start: Start): Promise<{ readonly url: string; readonly pending: PendingSignIn }> => {
  const { provider, again, now } = start
  const configuration = await configurationOf(provider, start.insecure)
  const codeVerifier = openid.randomPKCECodeVerifier()
  const pending: PendingSignIn = {
    agencyId: provider.agencyId,
    clientId: provider.clientId,
    state: newSecret(),
    nonce: newSecret(),
    codeVerifier,
    toPath: start.toPath,
    afterAt: again ? now : null,
  }
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: start.redirectUri,
    scope: 'openid profile',
    code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state: pending.state,
    nonce: pending.nonce,
    // With max_age the provider has to say when the person proved who they are (OpenID Connect Core 3.1.2.1).
    max_age: String(LONGEST_SECONDS),
    ...(again ? { prompt: 'login' } : {}),
  })
  return { url: url.href, pending }
}

/** Who it was; throws when what came back is not the answer to what was asked. */
export const finishAtProvider = async (
  provider: SignInProvider,
  pending: PendingSignIn,
  back: { readonly url: URL; readonly insecure: boolean },
): Promise<SignedIn> => {
  const configuration = await configurationOf(provider, back.insecure)
  const tokens = await openid.authorizationCodeGrant(configuration, back.url, {
    pkceCodeVerifier: pending.codeVerifier,
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    maxAge: LONGEST_SECONDS,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (claims?.auth_time === undefined) throw new Error('the provider did not say when the person proved who they are')
  const authenticatedAt = new Date(claims.auth_time * 1000)
  const earliest = pending.afterAt === null ? 0 : pending.afterAt.getTime() - CLOCKS_DIFFER_SECONDS * 1000
  if (authenticatedAt.getTime() < earliest) throw new Error('the provider did not ask the person again')
  return { personSub: claims.sub, displayName: nameIn(claims['name'], claims.sub), authenticatedAt }
}

const nameIn = (name: unknown, sub: string): string => (typeof name === 'string' && name.trim() !== '' ? name.slice(0, 200) : sub)
