import { createServer, type Server } from 'node:http'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  readonly inFlight: { set(value: number): void }
  observe(operationId: string, status: number, ms: number): void
  readonly measureSealing: (sealing: { readonly size: number; readonly unsealedSeconds: number }) => void
}

/** Counts by operation and status only: no agency, no person, nothing that grows with what is asked. */
export const makeMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const inFlight = new Gauge({ name: 'gateway_requests_in_flight', help: 'Requests at work now.', registers })
  const requests = new Counter({
    name: 'gateway_requests_total',
    help: 'Requests answered.',
    labelNames: ['operation', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'gateway_request_seconds',
    help: 'Seconds from arrival to the end of the answer.',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers,
  })
  const treeSize = new Gauge({ name: 'gateway_log_tree_size', help: 'Entries in the sealed log.', registers })
  const unsealed = new Gauge({ name: 'gateway_log_unsealed_seconds', help: 'Age of the oldest entry that is not sealed.', registers })
  return {
    registry,
    measureSealing: ({ size, unsealedSeconds }) => {
      treeSize.set(size)
      unsealed.set(unsealedSeconds)
    },
    inFlight,
    observe: (operation, status, ms) => {
      requests.inc({ operation, status: String(status) })
      seconds.observe({ operation }, ms / 1000)
    },
  }
}

/** A server of its own for /metrics, so that it can be kept off the partners' network; the caller makes it listen. */
export const metricsServer = ({ registry }: Metrics): Server =>
  createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
