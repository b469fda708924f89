import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseSourceDescription, type SourceDescription } from '../../../src/sources/description.ts'
import { httpSource } from '../../../src/sources/http.ts'
import type { Category } from '../../../src/core/vocabulary.ts'

/** Starts a server on a port of its own; `close` also cuts what still hangs. */
export async function listen(handler: RequestListener): Promise<{ address: string; server: Server; close: () => Promise<void> }> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, close }
}

export const goodReply = {
  person: { pnc: '1998/0123456X' },
  arrests: [{ date: '2025-03-04', offence: 'Burglary dwelling', officer: 'not for anyone' }],
}

export const arrests = {
  request: { method: 'POST', path: '/arrests', body: { pncId: '{identifier}' } },
  subject: 'person.pnc',
  records: 'arrests',
  item: '{ "fields": { "arrestedOn": date, "offence": offence }, "recordedOn": date, "nature": "fact" }',
}

export function describeSource(address: string, more: Record<string, unknown> = {}): SourceDescription {
  const given = {
    agency: 'ridings-police',
    address,
    identifierKind: 'pnc-id',
    credential: { type: 'none' },
    timeoutMs: 5_000,
    categories: { 'arrest-disposal': arrests },
    ...more,
  }
  return parseSourceDescription(given, 'test.yaml')
}

const terms = { marking: 'official-sensitive', graded: false, consent: 'none' } as const
const gradedCategories: readonly Category[] = ['police-intel']

export const sourceAt = (address: string, more: Record<string, unknown> = {}, readSecret: (file: string) => string = () => 'secret') =>
  httpSource(describeSource(address, more), {
    readSecret,
    categoryOf: (category) => ({ ...terms, graded: gradedCategories.includes(category) }),
  })

export const question = { identifier: '19980123456X', categories: ['arrest-disposal'] as readonly Category[], requestId: 'req-1' }

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
