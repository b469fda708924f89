import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from '../core/answer.ts'
import { silentFailure, type Problem } from './problem.ts'
import type { Visit } from './request/visit.ts'

/** Shielded answers leave on the beat, so that the work behind one cannot be timed. */
export const shieldBeatMs = 50

const always: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/**
 * The one way out for what a use case answers. Without a log entry behind it nothing leaves but a 500 that says nothing.
 * Every body carries its `entryId`.
 */
export const present = async (visit: Visit, answer: Answer): Promise<void> => {
  if (answer.entryId === null || answer.entryId === '') {
    presentProblem(visit, silentFailure)
    return
  }
  visit.entryId = answer.entryId
  const body = toldBody(answer)
  const text = JSON.stringify(body)
  if (answer.shielded === true) await untilBeat(visit)
  send(visit, answer.status, text, answer.shielded === true ? {} : (answer.headers ?? {}))
}

/** What may be told of an answer, with the id of the entry behind it. */
export const toldBody = (answer: Answer): object =>
  answer.shielded === true ? shieldedBody(answer) : { ...(answer.body as object), entryId: answer.entryId }

/** The way out for what the doors themselves refuse. */
export const presentProblem = (visit: Visit, problem: Problem): void => {
  const entryId = problem.body['entryId']
  if (typeof entryId === 'string') visit.entryId = entryId
  send(visit, problem.status, JSON.stringify(problem.body), problem.headers)
}

const shieldMembers = ['type', 'title', 'status', 'detail', 'code', 'stage', 'cites', 'nextStep'] as const

/** A refusal behind the shield is cut to the members that are the same for everyone; an empty find is an ordinary body. */
const shieldedBody = ({ status, body, entryId }: Answer): object => {
  const given = body as Readonly<Record<string, unknown>>
  if (status < 400) return { ...given, entryId }
  const kept = shieldMembers.filter((name) => given[name] !== undefined).map((name) => [name, given[name]] as const)
  return { ...Object.fromEntries(kept), entryId }
}

/** Waits for the next beat after the request was complete. */
export const untilBeat = async (visit: Visit, beatMs = shieldBeatMs): Promise<void> => {
  const elapsed = performance.now() - visit.completeAt
  await sleep(Math.max(1, Math.ceil(elapsed / beatMs)) * beatMs - elapsed)
}

const send = (visit: Visit, status: number, text: string, more: Readonly<Record<string, string>>): void => {
  const { response } = visit
  // A client that has gone away is told nothing; the entry says that the answer was decided.
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    ...always,
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'content-length': Buffer.byteLength(text),
    'x-request-id': visit.requestId,
    ...visit.headers,
    ...more,
    ...(leavesBodyUnread(visit) && { connection: 'close' }),
  })
  response.end(text)
}

const smallBodyBytes = 100 * 1024

/** A body that nobody will read is not read to its end for nothing; a small one is, so that the connection can be kept. */
export const leavesBodyUnread = ({ request }: Pick<Visit, 'request'>): boolean =>
  !request.complete &&
  (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > smallBodyBytes)
