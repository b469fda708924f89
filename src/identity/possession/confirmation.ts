import type { Checked } from '../checked.ts'
import { accepted, rejected } from '../checked.ts'
import type { JsonObject } from '../jws/strict-json.ts'

/**
 * The one thumbprint a token is bound to (RFC 7800 `cnf`). A second member would be a confirmation that nobody checks, so it is refused.
 */
export function boundThumbprint(confirmation: JsonObject | null, member: 'jkt' | 'x5t#S256'): Checked<string> {
  const value = confirmation?.[member]
  if (confirmation === null || value === undefined)
    return rejected(`the access token has no cnf with ${member}, for which its client is registered`)
  if (Object.keys(confirmation).length !== 1) return rejected(`the cnf of the access token has members other than ${member}`)
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(value))
    return rejected(`the ${member} of the access token is not a SHA-256 in base64url`)
  return accepted(value)
}
