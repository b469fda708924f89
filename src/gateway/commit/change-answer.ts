import { STATUS_CODES } from 'node:http'
import type { Answer } from '../../core/answer.ts'
import { type Fault, faultStatus } from '../../core/fault.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { ChangeOutcome } from './change.ts'
import { ncnd, refusal } from './refusal.ts'

export interface FaultedOutcome {
  readonly faulted: Fault
}

/** A fault of a known caller, answered with the entry that records it. */
export const faultAnswer = (fault: Fault, entryId: string): Answer => ({
  status: faultStatus[fault.code],
  entryId,
  body: {
    type: `urn:problem:${fault.code}`,
    title: STATUS_CODES[faultStatus[fault.code]] ?? 'Error',
    status: faultStatus[fault.code],
    detail: fault.message,
    code: fault.code,
    entryId,
    ...(fault.details.length === 0 ? {} : { errors: fault.details }),
  },
  ...(fault.retryAfterSeconds === null ? {} : { headers: { 'retry-after': String(fault.retryAfterSeconds) } }),
})

export const outcomeAnswer = (
  policies: Pick<Policies, 'bundle'>,
  outcome: ChangeOutcome<unknown> | FaultedOutcome | { readonly repeated: { status: number; entryId: string; body: unknown } },
  entryId: string,
): Answer => {
  if ('repeated' in outcome) {
    return { status: outcome.repeated.status, body: outcome.repeated.body, entryId, headers: { 'idempotency-replayed': 'true' } }
  }
  if ('faulted' in outcome) return faultAnswer(outcome.faulted, entryId)
  if (!outcome.allowed) {
    if (outcome.shielded === true) return ncnd(entryId)
    const more = outcome.errors === undefined ? {} : { errors: outcome.errors }
    return refusal(policies, outcome.reason, { status: outcome.status ?? 403, entryId, more })
  }
  return {
    status: outcome.status,
    body: { ...(outcome.body as object), ...outcome.named?.(entryId), entryId },
    entryId,
    ...(outcome.headers === undefined ? {} : { headers: outcome.headers }),
    ...(outcome.shielded === true ? { shielded: true } : {}),
  }
}
