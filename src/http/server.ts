import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'

export interface Tls {
  readonly key: string | Uint8Array
  readonly cert: string | Uint8Array
}

const limits = {
  maxHeaderSize: 16 * 1024,
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  insecureHTTPParser: false,
  requireHostHeader: true,
} as const

/** A server with the limits of the house; the caller makes it listen. TLS from 1.2 when a key and certificate are given. */
export const createServer = (app: RequestListener, tls: Tls | null = null): Server => {
  const server = tls === null ? createPlainServer(limits, app) : createTlsServer({ ...limits, ...tlsOptions(tls) }, app)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseFraming(error, socket))
  return server
}

/**
 * Any certificate is let in here: RFC 8705 section 2.2 has self-signed ones, and it is the thumbprint registered for the client
 * that is believed, never a chain.
 */
const tlsOptions = ({ key, cert }: Tls) =>
  ({ key: asBuffer(key), cert: asBuffer(cert), minVersion: 'TLSv1.2', requestCert: true, rejectUnauthorized: false }) as const

const asBuffer = (value: string | Uint8Array): Buffer => Buffer.from(value as Uint8Array)

const framing: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }
const words: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }

/** What is not HTTP is answered once and the connection closed, so that nothing behind it can pass for another request. */
const refuseFraming = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = framing[error.code ?? ''] ?? 400
  const body = JSON.stringify({ type: 'urn:problem:malformed', title: words[status], status, code: 'malformed' })
  const head = `HTTP/1.1 ${status} ${words[status]}\r\nconnection: close\r\ncache-control: no-store\r\n`
  socket.end(`${head}content-type: application/problem+json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
}
