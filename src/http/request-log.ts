import { pino, type DestinationStream, type Logger } from 'pino'
import type { Visit } from './request/visit.ts'

/**
 * The operations log, apart from the evidence: JSON lines on standard output. Of an error only its name, code and stack's places are
 * written, because a message may quote what was sent.
 */
export const makeLog = (level: string, destination?: DestinationStream): Logger => {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } }
  return destination === undefined ? pino(options) : pino(options, destination)
}

interface Described {
  readonly name: string
  readonly code?: string
  readonly places?: string
  readonly cause?: Described
}

const describeError = (error: unknown): Described => {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code } = error as { code?: unknown }
  const places = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    places: places.map((line) => line.trim()).join(' | '),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  }
}

/** One line for one request: ids, codes and the route's template; never a url, a body, a person. */
export const logRequest = (
  log: Logger,
  visit: Visit,
  ended: { readonly status: number; readonly aborted: boolean; readonly ms: number },
): void => {
  log.info(
    {
      id: visit.requestId,
      method: visit.request.method,
      route: visit.operation?.path ?? null,
      operationId: visit.operation?.operationId ?? null,
      status: ended.status,
      ms: Math.round(ended.ms * 10) / 10,
      ...(ended.aborted && { aborted: true }),
      agencyId: visit.caller?.agencyId ?? null,
      clientId: visit.caller?.clientId ?? null,
      entryId: visit.entryId,
    },
    'request',
  )
}
