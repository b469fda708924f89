import { strands, type Strand } from '../../core/vocabulary.ts'
import type { SourceDescription, SourceRequest } from '../description.ts'
import { exchange } from '../exchange.ts'
import { SourceFailure } from '../failure.ts'
import { connector, type HttpSourceUses, toCall } from '../http.ts'
import { checkSubject, compileExpression, evaluate } from '../mapping.ts'
import { protectSource } from '../protection.ts'
import type { Move, MoveRegister } from './move-register.ts'

/** An agency's system of record for strands, reached over HTTP as its description says; null when it is described as none. */
export const httpMoves = (description: SourceDescription, uses: Pick<HttpSourceUses, 'readSecret' | 'dispatcher'>): MoveRegister | null => {
  const { moves } = description
  if (moves === undefined) return null
  const [body, receipt] = [compileExpression(moves.record.body), compileExpression(moves.record.receipt)]
  const [subject, held] = [compileExpression(moves.strand.subject), compileExpression(moves.strand.held)]
  const connect = connector(description, uses)
  // A breaker of its own: a system that does not take moves may still answer enquiries.
  const guarded = protectSource<unknown>(description, () => false)
  const ask = async (request: SourceRequest, question: { identifier: string; requestId: string }): Promise<unknown> => {
    const call = toCall(request, description, question)
    return guarded(async (signal) => {
      const { dispatcher, credential } = await connect()
      return exchange({ ...call, dispatcher, signal, headers: { ...call.headers, ...credential } })
    })
  }
  const record = async (move: Move): Promise<void> => {
    const written = await evaluate(body, move)
    if (written === null || typeof written !== 'object' || Array.isArray(written)) throw new SourceFailure('failed')
    const request = {
      method: 'POST',
      path: moves.record.path,
      body: written as Extract<SourceRequest, { method: 'POST' }>['body'],
    } as const
    const reply = await ask(request, { identifier: move.identifier, requestId: move.messageId })
    // Taken is what it says it has taken by name; an answer about anything else is none.
    if ((await evaluate(receipt, reply)) !== move.messageId) throw new SourceFailure('invalid-reply')
  }
  const read = async (identifier: string, requestId: string): Promise<Strand | null> => {
    const reply = await ask(moves.strand.request, { identifier, requestId })
    checkSubject(await evaluate(subject, reply), identifier)
    const found = await evaluate(held, reply)
    if (found === null) return null
    if (!(strands as readonly unknown[]).includes(found)) throw new SourceFailure('invalid-reply')
    return found as Strand
  }
  return {
    agencyId: description.agency,
    identifierKind: description.identifierKind,
    record: (move) => record(move).then(() => ({ outcome: 'taken' }) as const, unavailable),
    read: (identifier, requestId) => read(identifier, requestId).then((strand) => ({ outcome: 'held', strand }) as const, unavailable),
  }
}

const unavailable = (error: unknown) =>
  ({ outcome: 'unavailable', because: error instanceof SourceFailure ? error.because : 'failed' }) as const
