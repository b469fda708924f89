import type { RequestHandler } from 'express'
import { TLSSocket } from 'node:tls'
import type { Caller } from '../core/caller.ts'
import { Fault } from '../core/fault.ts'
import type { DoorRequest } from '../identity/identity-uses.ts'
import { checkRequest } from './request/check-request.ts'
import type { ContractOperation } from './contract.ts'
import { present, presentProblem } from './present.ts'
import { type Problem, problemOf, silentFailure } from './problem.ts'
import type { HoldRate } from './rate-limit.ts'
import type { AppUses, DoorOptions } from './uses.ts'
import { visitOf, type Visit } from './request/visit.ts'

export interface Doors {
  readonly uses: AppUses
  readonly options: DoorOptions
  readonly holdRate: HoldRate
}

/** The way of one request: who asks, how often, what exactly; then the use case; then the one way out. */
export const serveOperation = (doors: Doors, operation: ContractOperation): RequestHandler => {
  const useCase = doors.uses.operations[operation.operationId]
  if (useCase === undefined) throw new Error(`no operation is wired for ${operation.operationId}`)
  return async (_request, response) => {
    const visit = visitOf(response)
    visit.operation = operation
    // On every answer alike, so that they say nothing about it.
    Object.assign(visit.headers, operation.deprecation)
    try {
      const caller = await doors.uses.authenticate(doorRequest(visit, doors.options))
      visit.caller = caller
      await doors.holdRate(visit, caller)
      const asked = await checkRequest(visit, operation)
      await present(visit, await useCase(caller, asked))
    } catch (thrown) {
      await refuse(doors.uses, visit, operation, thrown)
    }
  }
}

const refuse = async (uses: AppUses, visit: Visit, operation: ContractOperation, thrown: unknown): Promise<void> => {
  try {
    presentProblem(visit, await problemFor(uses, visit, operation, thrown))
  } catch (error) {
    if (!(error instanceof Fault) && visit.caller !== null) await recordFailure(uses, visit.caller, operation)
    presentFailure(uses, visit, error)
  }
}

/** What a Fault becomes once its entry is committed; whatever else was thrown is thrown on. */
export const problemFor = async (uses: AppUses, visit: Visit, operation: ContractOperation, thrown: unknown): Promise<Problem> => {
  if (!(thrown instanceof Fault)) throw thrown
  const entryId = await logFault(uses, visit, operation, thrown)
  if (visit.caller !== null && thrown.code !== 'unavailable' && entryId === null) throw new Error('a refusal has no log entry')
  return problemOf(thrown, { entryId, challenge: uses.challengeFor(thrown) })
}

/** A bug of ours is no reason to lose what a known caller did; where not even that can be written, nothing leaves anyway. */
export const recordFailure = async (uses: AppUses, caller: Caller, { operationId, method, path }: ContractOperation): Promise<void> => {
  try {
    await uses.logInvalid(caller, { operationId, method: method.toUpperCase(), path, code: 'failure', details: [] })
  } catch (error) {
    uses.log.error({ operationId, err: error }, 'a failure could not be recorded')
  }
}

/** A refusal leaves after its entry is committed; where it cannot be, the 503 of the log itself is thrown from here. */
const logFault = async (uses: AppUses, visit: Visit, operation: ContractOperation, fault: Fault): Promise<string | null> => {
  const { caller, request } = visit
  if (fault.code === 'unavailable') {
    uses.log.warn({ id: visit.requestId, operationId: operation.operationId, err: fault }, 'unavailable')
    return null
  }
  if (caller === null) {
    await uses.logUnauthenticated({ reason: fault.message, sourceAddress: request.socket.remoteAddress ?? 'unknown' })
    return null
  }
  return logKnown(uses, caller, operation, fault)
}

const logKnown = async (uses: AppUses, caller: Caller, operation: ContractOperation, fault: Fault): Promise<string | null> => {
  const { operationId, method, path } = operation
  const answer = await uses.logInvalid(caller, {
    operationId,
    method: method.toUpperCase(),
    path,
    code: fault.code,
    details: fault.details,
  })
  return answer.entryId
}

/** Anything that is not a Fault is a bug: its cause is logged, and nothing of it is told. */
export const presentFailure = (uses: Pick<AppUses, 'log'>, visit: Visit, error: unknown): void => {
  if (error instanceof Fault && error.code === 'unavailable') {
    uses.log.warn({ id: visit.requestId, err: error }, 'unavailable')
    presentProblem(visit, problemOf(error, { entryId: null }))
    return
  }
  uses.log.error({ id: visit.requestId, operationId: visit.operation?.operationId, err: error }, 'a bug')
  presentProblem(visit, silentFailure)
}

const doorRequest = (visit: Visit, options: DoorOptions): DoorRequest => {
  const { request } = visit
  const { socket } = request
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined
  const base = options.publicUrl ?? `${socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host ?? ''}`
  return {
    method: request.method,
    url: base.replace(/\/$/, '') + request.originalUrl,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    peerCertificate: certificate ?? null,
    requestId: visit.requestId,
    traceparent: visit.traceparent,
  }
}
