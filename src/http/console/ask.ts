import { createHash } from 'node:crypto'
import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Contract, ContractOperation } from '../contract.ts'
import { problemOf } from '../problem.ts'
import { toldBody } from '../present.ts'
import { holdAgainstContract } from '../request/check-request.ts'
import type { Visit } from '../request/visit.ts'
import { type Doors, problemFor, recordFailure } from '../serve-operation.ts'
import type { Session } from './console-uses.ts'
import type { Asked, Told } from './page.ts'

/** One visit's way to the operations; `shielded` tells whether an answer must leave on the beat. */
export interface Asking {
  readonly ask: (operationId: string, asked?: Asked) => Promise<Told>
  readonly check: (operationId: string, asked: Asked) => Pick<Told, 'status' | 'body'>
  readonly shielded: () => boolean
}

/** The console as a system of the person's agency, with the person in front of it: suspending either ends it at the next request. */
export const callerOf = (session: Session, visit: Pick<Visit, 'requestId' | 'traceparent'>): Caller => ({
  agencyId: session.agencyId,
  clientId: session.clientId,
  personSub: session.personSub,
  binding: 'session',
  keyThumbprint: null,
  tokenExpiresAt: session.expiresAt,
  receivedAt: session.at,
  requestId: visit.requestId,
  traceparent: visit.traceparent,
})

interface Visiting {
  readonly visit: Visit
  readonly caller: Caller
  readonly spoilt?: Spoilt
}

/** What was typed that cannot be kept, and the operation that the form is for; null where it only reads. */
interface Spoilt {
  readonly fields: readonly string[]
  readonly operationId: string | null
}
const nothingSpoilt: Spoilt = { fields: [], operationId: null }

/** What a page looks up for itself is asked as ever; what takes something of the form is refused, at the fields it was typed in. */
const refuseSpoilt = ({ fields, operationId }: Spoilt, asked: string, { body }: Asked): void => {
  const takes = operationId === null ? body !== undefined : asked === operationId
  if (fields.length === 0 || !takes) return
  const details = fields.map((name) => ({
    path: `/form/${name}`,
    message: 'This holds a character that cannot be kept. It has been taken out.',
  }))
  throw new Fault('invalid', 'The form holds characters that cannot be kept.', { details })
}

/**
 * The same doors as over the interface: the limits on how often, the contract, the use case, and for what is refused its entry. An
 * answer that no entry stands behind is not told to anybody.
 */
export const makeAsking = (doors: Doors, contract: Contract, { visit, caller, spoilt = nothingSpoilt }: Visiting): Asking => {
  let shielded = false
  const ask: Asking['ask'] = async (operationId, asked = {}) => {
    const operation = contract.operations.find((one) => one.operationId === operationId)
    const useCase = doors.uses.operations[operationId]
    if (operation === undefined || useCase === undefined) throw new Error(`the console asks for an operation ${operationId}`)
    Object.assign(visit, { operation, caller })
    try {
      await doors.holdRate(visit, caller)
      refuseSpoilt(spoilt, operationId, asked)
      const answer = await useCase(caller, requestFor(operation, asked))
      if (answer.shielded === true) shielded = true
      return toldOf(answer)
    } catch (thrown) {
      return await refusalOf(doors, visit, operation, thrown)
    }
  }
  const check: Asking['check'] = (operationId, asked) => {
    try {
      refuseSpoilt(spoilt, operationId, asked)
      requestFor(
        contract.operations.find((one) => one.operationId === operationId)!,
        asked,
      )
      return { status: 200, body: {} }
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      return problemOf(thrown, { entryId: null })
    }
  }
  return { ask, check, shielded: () => shielded }
}

const toldOf = (answer: Answer): Told => {
  if (answer.entryId === null || answer.entryId === '') throw new Error('an answer has no log entry')
  return { status: answer.status, body: toldBody(answer) as Told['body'], entryId: answer.entryId }
}

const refusalOf = async (doors: Doors, visit: Visit, operation: ContractOperation, thrown: unknown): Promise<Told> => {
  if (!(thrown instanceof Fault)) {
    if (visit.caller !== null) await recordFailure(doors.uses, visit.caller, operation)
    throw thrown
  }
  if (thrown.code === 'unavailable') throw thrown
  const problem = await problemFor(doors.uses, visit, operation, thrown)
  return { status: problem.status, body: problem.body, entryId: problem.body['entryId'] as string }
}

const requestFor = (operation: ContractOperation, asked: Asked): OperationRequest => {
  const { params = {}, query = {} } = asked
  const body = operation.body === null ? null : (asked.body ?? {})
  const headers = {
    ...(asked.key === undefined ? {} : { 'idempotency-key': asked.key }),
    ...(asked.ifMatch === undefined ? {} : { 'if-match': asked.ifMatch }),
  }
  holdAgainstContract(operation, { params, query, body, headers })
  const requestHash = createHash('sha256')
    .update(`console ${JSON.stringify([operation.operationId, params, body])}`)
    .digest('base64url')
  const once = operation.takesIdempotencyKey && asked.key !== undefined
  return { params, query, body, idempotencyKey: once ? { key: asked.key, requestHash } : null, ifMatch: asked.ifMatch ?? null }
}
