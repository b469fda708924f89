import { Writable } from 'node:stream'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import type { Answer, OperationRequest } from '../../src/core/answer.ts'
import type { Caller } from '../../src/core/caller.ts'
import { Fault } from '../../src/core/fault.ts'
import { makeApp } from '../../src/http/app.ts'
import { type Contract, loadContract } from '../../src/http/contract.ts'
import { makeLog } from '../../src/http/request-log.ts'
import { makeMetrics } from '../../src/http/routes/metrics.ts'
import { createServer, type Tls } from '../../src/http/server.ts'
import type { AppUses, InvalidRequest, Operations } from '../../src/http/uses.ts'

export const contract = loadContract()
export const entryId = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01'
export const offenderId = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e02'
export const hash = 'qfGNdcl6Jq1cH0o3K2sUqdNfB4bT6hX2d9o8YzWcXbM'
export const good = { authorization: 'Bearer good', 'content-type': 'application/json' }

export const enquiry = {
  offenderId,
  categories: [{ id: 'arrest-disposal' }],
  purpose: 'risk-management',
  legalGateway: 'cda115',
  justification: 'Home visit on Monday for Canary Testname.',
}

export const caller: Caller = {
  agencyId: 'ridings-police',
  clientId: 'ridings-police-records',
  personSub: 'canary-person-sub',
  binding: 'bearer',
  keyThumbprint: null,
  tokenExpiresAt: new Date('2026-11-21T10:00:00Z'),
  requestId: entryId,
  traceparent: null,
}

export interface Seen {
  readonly asked: { operationId: string; request: OperationRequest }[]
  readonly invalid: InvalidRequest[]
  readonly unauthenticated: { reason: string; sourceAddress: string }[]
  readonly lines: string[]
}

export interface TestDoors {
  readonly url: string
  readonly port: number
  readonly seen: Seen
  readonly server: Server
  stop(): Promise<void>
}

type Overrides = Partial<Omit<AppUses, 'operations'>> & {
  answer?: (operationId: string) => Answer | Promise<Answer>
  tls?: Tls
  served?: Contract
}

export const openDoors = async ({ answer, tls, served = contract, ...over }: Overrides = {}): Promise<TestDoors> => {
  const seen: Seen = { asked: [], invalid: [], unauthenticated: [], lines: [] }
  const server = createServer(makeApp(served, { ...usesFor(seen, served, answer), ...over }), tls ?? null)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, seen, server, stop }
}

const usesFor = (seen: Seen, served: Contract, answer: Overrides['answer']): AppUses => ({
  operations: operationsFor(seen, served, answer ?? (() => ({ status: 200, body: { done: true }, entryId }))),
  authenticate: async (request) => {
    if (request.headers['authorization'] !== 'Bearer good') throw new Fault('unauthenticated', 'the access token is missing')
    return { ...caller, requestId: request.requestId, traceparent: request.traceparent }
  },
  challengeFor: () => 'DPoP algs="ES256", Bearer',
  logInvalid: async (_caller, invalid) => {
    seen.invalid.push(invalid)
    return { status: 400, body: null, entryId }
  },
  logUnauthenticated: async (failure) => void seen.unauthenticated.push(failure),
  limitSearch: async () => ({ allowed: true, remaining: 29, resetSeconds: 60 }),
  readiness: async () => ({ ready: true, why: [] }),
  info: { name: 'gateway' },
  log: makeLog('info', linesInto(seen.lines)),
  metrics: makeMetrics(),
})

const operationsFor = (seen: Seen, served: Contract, answer: NonNullable<Overrides['answer']>): Operations =>
  Object.fromEntries(
    served.operations.map(({ operationId }) => [
      operationId,
      async (_caller: Caller, request: OperationRequest) => {
        seen.asked.push({ operationId, request })
        return answer(operationId)
      },
    ]),
  )

const linesInto = (lines: string[]): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString())
      done()
    },
  })

export const post = (doors: TestDoors, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(doors.url + path, {
    method: 'POST',
    headers: { ...good, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export const bodyOf = async (response: Response): Promise<Record<string, unknown>> => (await response.json()) as Record<string, unknown>

/** Null when the body is what the contract says of this operation and status; else what is wrong. */
export const breaks = (operationId: string, status: number, body: unknown): string | null => {
  const validate = contract.operations.find((operation) => operation.operationId === operationId)?.answers.get(String(status))?.()
  if (validate === undefined) return `${operationId} declares no ${status}`
  return validate(body) ? null : JSON.stringify(validate.errors?.map(({ instancePath, message }) => [instancePath, message]))
}
