import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { DisclosureUses } from '../disclosure/known-request.ts'
import type { EnquireUses } from '../enquiry/enquire.ts'
import { evaluateMany, type ManyBody } from './evaluate-many.ts'
import { type AccessQuestion, type EvaluationBody, questionOf } from './evaluation.ts'
import { minutesWork } from './evaluate-minutes.ts'
import { recordWork } from './evaluate-record.ts'

export type EvaluateUses = DisclosureUses & { readonly enquiry: EnquireUses }

const evaluate = async (uses: EvaluateUses, question: AccessQuestion): Promise<Answer> =>
  uses.enquiry.releaseCommit(question.conferenceId === null ? recordWork(uses.enquiry, question) : await minutesWork(uses, question))

/**
 * Operation `evaluateAccess` (OpenID AuthZEN 1.0): may I read this, for this purpose, by this power? The decision of an enquiry or of a
 * reading as things stand, and nothing else: no data leaves, and a permitted evaluation permits nothing by itself.
 */
export const evaluateAccess =
  (uses: EvaluateUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> =>
    evaluate(uses, questionOf(request.body as EvaluationBody, { operation: 'evaluateAccess', caller, path: '' }))

/** Operation `evaluateAccesses`: several at once, each decided and logged by itself. */
export const evaluateAccesses =
  (uses: EvaluateUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> =>
    evaluateMany(request.body as ManyBody, {
      question: (body, path) => questionOf(body, { operation: 'evaluateAccesses', caller, path }),
      evaluate: (question) => evaluate(uses, question),
    })
