import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Caller } from '../../core/caller.ts'
import type { ContractOperation } from '../contract.ts'

/** One request on its way through the doors: what each door has established so far. */
export interface Visit {
  readonly request: Request
  readonly response: Response
  readonly requestId: string
  readonly traceparent: string | null
  /** Milliseconds of the monotonic clock. */
  readonly arrivedAt: number
  /** When the last byte of the request was read: the beat counts from it, so that a slow sender cannot set its phase. */
  completeAt: number
  operation: ContractOperation | null
  caller: Caller | null
  entryId: string | null
  /** Headers that a door adds to whatever the answer will be. */
  readonly headers: Record<string, string>
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const trace = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

export const startVisit = (request: Request, response: Response): Visit => {
  const given = request.headers['x-request-id']
  const traceparent = request.headers['traceparent']
  const visit: Visit = {
    request,
    response,
    requestId: typeof given === 'string' && uuid.test(given) ? given.toLowerCase() : randomUUID(),
    traceparent: typeof traceparent === 'string' && trace.test(traceparent) ? traceparent : null,
    arrivedAt: performance.now(),
    completeAt: performance.now(),
    operation: null,
    caller: null,
    entryId: null,
    headers: {},
  }
  response.locals['visit'] = visit
  return visit
}

export const visitOf = (response: Response): Visit => response.locals['visit'] as Visit
