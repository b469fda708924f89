import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * `__Host-`: from this host only, over a trustworthy connection only, for every path (RFC 6265bis 4.1.3.2). Browsers take the loopback
 * address for trustworthy, so the sandbox has the same names as a house with TLS.
 */
export const cookieNames = { session: '__Host-console', signIn: '__Host-sign-in' } as const

export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret that the browser holds. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Null when there is none, or when there are two: then nobody knows which is ours. */
export const readCookie = ({ headers }: IncomingMessage, name: string): string | null => {
  const given = (headers.cookie ?? '').split(/; */).filter((pair) => pair.startsWith(`${name}=`))
  const value = given.length === 1 ? given[0]!.slice(name.length + 1) : ''
  return /^[\w-]{43}$/.test(value) ? value : null
}

/** The session is never sent along from another site. */
export const sessionCookie = (secret: string): string => `${cookieNames.session}=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict`

/** The sign-in under way has to come back from the provider's site, which Strict would not: a cookie of its own, worth nothing by itself. */
export const signInCookie = (secret: string): string =>
  `${cookieNames.signIn}=${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600`

export const droppedCookie = (name: string): string => `${name}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`
