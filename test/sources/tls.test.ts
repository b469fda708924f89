import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { generate } from 'selfsigned'
import { afterEach, expect, test } from 'vitest'
import { goodReply, question, sourceAt } from './support/hostile.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const certificate = (name: string) =>
  generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })

async function serve(own: { private: string; cert: string }, clients: string[]): Promise<{ address: string; names: string[] }> {
  const names: string[] = []
  const server = createServer(
    { key: own.private, cert: own.cert, ca: clients, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      names.push(String((request.socket as unknown as TLSSocket).getPeerCertificate().subject.CN))
      response.setHeader('content-type', 'application/json').end(JSON.stringify(goodReply))
    },
  )
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, names }
}

const credential = { type: 'mtls', certificateFile: 'own.crt', keyFile: 'own.key', authorityFile: 'agency.crt' }

test('a source is asked with the certificate registered for it, the newest on file, and only if its own is vouched for', async () => {
  const [agency, first, second, stranger] = await Promise.all(['agency', 'gateway-1', 'gateway-2', 'stranger'].map(certificate))
  if (!agency || !first || !second || !stranger) throw new Error('no certificates')
  const { address, names } = await serve(agency, [first.cert, second.cert])
  const files: Record<string, string> = { 'own.crt': first.cert, 'own.key': first.private, 'agency.crt': agency.cert }
  const source = sourceAt(address, { credential, timeoutMs: 2_000 }, (file) => files[file] ?? '')
  expect(await source.fetch(question)).toMatchObject([{ outcome: 'items' }])
  files['own.crt'] = second.cert
  files['own.key'] = second.private
  expect(await source.fetch(question)).toMatchObject([{ outcome: 'items' }])
  expect(names).toEqual(['gateway-1', 'gateway-2'])

  files['agency.crt'] = stranger.cert
  expect(await source.fetch(question)).toMatchObject([{ because: 'failed' }])
  files['agency.crt'] = agency.cert
  files['own.crt'] = stranger.cert
  files['own.key'] = stranger.private
  expect(await source.fetch(question)).toMatchObject([{ because: 'failed' }])
  expect(await sourceAt(address, { timeoutMs: 2_000 }).fetch(question)).toMatchObject([{ because: 'failed' }])
  expect(names).toHaveLength(2)
})
