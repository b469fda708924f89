import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleAll,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  isTaskCancelledError,
  timeout,
  TimeoutStrategy,
} from 'cockatiel'
import { SourceFailure } from './failure.ts'

export interface Limits {
  /** For everything: waiting for a place, connecting, the head, the last byte of the body and the mapping. */
  readonly timeoutMs: number
  /** Requests at once; as many again may wait for a place, for half of their time. */
  readonly concurrency: number
  readonly breaker: { readonly failures: number; readonly restMs: number }
}

type Work<T> = (signal: AbortSignal) => Promise<T>

/**
 * Runs work against one source within its limits; throws only SourceFailure. The breaker opens after consecutive failures
 * (`failed` also tells it of results that are failures) and lets one request try again after its rest.
 */
export function protectSource<T>(limits: Limits, failed: (result: T) => boolean): (work: Work<T>) => Promise<T> {
  const inTime = timeout(limits.timeoutMs, TimeoutStrategy.Aggressive)
  const places = bulkhead(limits.concurrency, limits.concurrency)
  const breaker = circuitBreaker(
    handleAll.orWhenResult((result) => failed(result as T)),
    {
      halfOpenAfter: limits.breaker.restMs,
      breaker: new ConsecutiveBreaker(limits.breaker.failures),
    },
  )
  return async (work) => {
    const begun = performance.now()
    let started = false
    try {
      return await inTime.execute(({ signal }) =>
        // The breaker stands inside: a place that was not free says nothing about the source, and must not close a half-open breaker.
        places.execute(() => {
          // What starts with no time left would time out, and the breaker would hold that against the source.
          if (signal.aborted || performance.now() - begun > limits.timeoutMs / 2) throw new SourceFailure('busy')
          started = true
          return breaker.execute(() => work(signal), signal)
        }),
      )
    } catch (error) {
      throw toFailure(error, started)
    }
  }
}

function toFailure(error: unknown, started: boolean): SourceFailure {
  if (error instanceof SourceFailure) return error
  if (isBrokenCircuitError(error)) return new SourceFailure('breaker-open', error)
  if (isBulkheadRejectedError(error)) return new SourceFailure('busy', error)
  if (isTaskCancelledError(error)) return new SourceFailure(started ? 'timeout' : 'busy', error)
  return new SourceFailure('failed', error)
}
