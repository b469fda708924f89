import type { Checked } from '../checked.ts'
import { accepted, rejected } from '../checked.ts'
import { derThumbprint } from '../key-check.ts'
import type { RegisteredClient } from '../identity-uses.ts'
import type { JsonObject } from '../jws/strict-json.ts'
import { boundThumbprint } from './confirmation.ts'

export interface CertificateBinding {
  readonly client: RegisteredClient
  readonly confirmation: JsonObject | null
  /** DER. */
  readonly peerCertificate: Uint8Array | null
}

/** RFC 8705 3: the certificate of the connection must be the one that the token was issued to, and one registered for the client. */
export function checkCertificateBinding({ client, confirmation, peerCertificate }: CertificateBinding): Checked<string> {
  const bound = boundThumbprint(confirmation, 'x5t#S256')
  if (!bound.ok) return bound
  if (peerCertificate === null) return rejected('the connection has no client certificate, and this client is registered for mTLS')
  const thumbprint = derThumbprint(peerCertificate)
  if (thumbprint !== bound.value) return rejected('the certificate of the connection is not the one in cnf["x5t#S256"]')
  if (!client.keys.some((key) => key.kind === 'mtls' && key.thumbprint === thumbprint)) {
    return rejected(`the certificate ${thumbprint} is not registered for the client ${client.clientId}`)
  }
  return accepted(thumbprint)
}
