import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Caller } from '../core/caller.ts'
import { Fault } from '../core/fault.ts'
import type { AppUses, DoorOptions } from './uses.ts'
import type { Visit } from './request/visit.ts'

export type HoldRate = (visit: Visit, caller: Caller) => Promise<void>

/**
 * Counts a request against its system and person; a search also against the shared limit. The RateLimit headers
 * (draft-ietf-httpapi-ratelimit-headers) go onto whatever the answer will be, so they say nothing about it.
 */
export const makeHoldRate = (uses: Pick<AppUses, 'limitSearch'>, options: DoorOptions): HoldRate => {
  const limiter = new RateLimiterMemory({ points: options.requestsPerWindow, duration: options.windowSeconds })
  const policy = `"default";q=${options.requestsPerWindow};w=${options.windowSeconds}`
  return async (visit, caller) => {
    const key = JSON.stringify([caller.clientId, caller.personSub])
    const spent = await consume(limiter, key)
    const left = { allowed: spent.allowed, remaining: spent.result.remainingPoints, resetSeconds: seconds(spent.result.msBeforeNext) }
    visit.headers['ratelimit-policy'] = policy
    visit.headers['ratelimit'] = `"default";r=${left.remaining};t=${left.resetSeconds}`
    if (!left.allowed) throw limited(left.resetSeconds)
    if (visit.operation?.operationId !== 'search') return
    const search = await uses.limitSearch(key)
    visit.headers['ratelimit'] += `, "search";r=${Math.max(0, search.remaining)};t=${Math.max(1, Math.ceil(search.resetSeconds))}`
    if (!search.allowed) throw limited(search.resetSeconds)
  }
}

const consume = async (limiter: RateLimiterMemory, key: string): Promise<{ allowed: boolean; result: RateLimiterRes }> => {
  try {
    return { allowed: true, result: await limiter.consume(key) }
  } catch (refused) {
    // The library throws its result when the quota is used up, and an Error when it failed.
    if (refused instanceof RateLimiterRes) return { allowed: false, result: refused }
    throw refused
  }
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))

const limited = (resetSeconds: number): Fault =>
  new Fault('rate-limited', 'Too many requests.', { retryAfterSeconds: Math.max(1, Math.ceil(resetSeconds)) })
