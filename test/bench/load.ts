import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import autocannon from 'autocannon'
import type { ServerOrder } from './server-process.ts'

export interface RunningServer {
  readonly url: string
  ask(message: 'memory'): Promise<{ rss: number; heapUsed: number }>
  stop(): void
}

export const startServer = (order: ServerOrder): Promise<RunningServer> =>
  new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'server-process.ts'), [JSON.stringify(order)], { execArgv: ['--expose-gc'] })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}`)))
    child.once('message', ({ port }: { port: number }) => {
      const scheme = order.tls === undefined ? 'http' : 'https'
      resolve({ url: `${scheme}://127.0.0.1:${port}`, ask: (message) => askChild(child, message), stop: () => child.kill() })
    })
  })

const askChild = (child: ChildProcess, message: string): Promise<{ rss: number; heapUsed: number }> =>
  new Promise((resolve) => {
    child.once('message', (reply) => resolve(reply as { rss: number; heapUsed: number }))
    child.send(message)
  })

export interface Load {
  readonly url: string
  readonly bodies: readonly string[]
  /** What is asked instead of an enquiry; each in turn. */
  readonly paths?: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly seconds: number
  readonly connections?: number
  /** Requests a second over all connections; as fast as it goes when absent. */
  readonly rate?: number
  readonly headersFor?: () => Record<string, string>
  /** The client's certificate, where the server knows it by one. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly failed: number
}

/** Puts the load on and counts only what was answered 200; anything else is told, since a fast refusal is no speed. */
export const measure = async (load: Load): Promise<Measured> => {
  const result = await autocannon({
    url: `${load.url}/v1/enquiries`,
    connections: load.connections ?? 64,
    duration: load.seconds,
    ...(load.tls === undefined ? {} : { tlsOptions: { ...load.tls, rejectUnauthorized: false } }),
    ...(load.rate === undefined ? {} : { overallRate: load.rate }),
    requests: (load.paths ?? load.bodies).map((path, place) => ({
      method: 'POST' as const,
      ...(load.paths === undefined ? {} : { path }),
      headers: { 'content-type': 'application/json', ...load.headers },
      body: load.bodies[place % load.bodies.length]!,
      ...(load.headersFor === undefined
        ? {}
        : { setupRequest: (request: autocannon.Request) => ({ ...request, headers: { ...request.headers, ...load.headersFor?.() } }) }),
    })),
  })
  return {
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  }
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
