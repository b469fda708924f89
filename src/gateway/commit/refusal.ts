import { STATUS_CODES } from 'node:http'
import type { Answer } from '../../core/answer.ts'
import type { Reason } from '../../core/decision/decision.ts'
import type { Policies } from '../../core/decision/policy.ts'

/** A reason with its words: what was wrong, why (the paragraph), what to do next. */
export const explained = (policies: Pick<Policies, 'bundle'>, reason: Reason) => {
  const words = policies.bundle.reasons[reason.code]
  return {
    code: reason.code,
    stage: reason.stage,
    ruleId: reason.ruleId,
    cites: reason.cites,
    says: words.says,
    nextStep: words.nextStep,
  }
}

/** A refusal as problem details (RFC 9457), with the entry that records it. */
export const refusal = (
  policies: Pick<Policies, 'bundle'>,
  reason: Reason,
  about: { readonly status: number; readonly entryId: string; readonly more?: Readonly<Record<string, unknown>> },
): Answer => {
  const { says, ...rest } = explained(policies, reason)
  return {
    status: about.status,
    entryId: about.entryId,
    body: {
      type: `urn:problem:${reason.code}`,
      title: STATUS_CODES[about.status] ?? 'Error',
      status: about.status,
      detail: says,
      ...rest,
      entryId: about.entryId,
      ...about.more,
    },
  }
}

/**
 * The one answer that an invented person, a shielded one and an excluded one share (invariant I5): nothing in it may depend
 * on which of them it is, and it never carries a way to ask for access.
 */
export const ncnd = (entryId: string): Answer => ({
  status: 404,
  entryId,
  shielded: true,
  body: {
    type: 'urn:problem:ncnd',
    title: 'Not Found',
    status: 404,
    detail: 'The gateway neither confirms nor denies that it holds anything about such a person.',
    code: 'ncnd',
    stage: 'R5',
    cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6)',
    entryId,
    nextStep: 'Check the reference. If you work with this person, ask your own agency’s single point of contact.',
  },
})
