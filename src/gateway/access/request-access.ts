import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { RequestableDenial } from '../../db/disclosure/access-requests.ts'
import { findRequestableDenial, insertAccessRequest } from '../../db/disclosure/access-requests.ts'
import { holdMeeting, personOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import type { DisclosureUses } from '../disclosure/known-request.ts'
import { type RequestBody, writeRequest } from '../disclosure/request/create-request.ts'
import { type AccessQuestion, type EvaluationBody, questionOf } from './evaluation.ts'
import { statusEndpoint, type TaskUses } from './read-access-task.ts'

type RequestedAccess = Omit<RequestBody, 'conferenceId' | 'offenderId' | 'recipient' | 'purpose' | 'legalGateway' | 'until'> & {
  readonly requested_until?: string
}

interface AccessRequestBody extends EvaluationBody {
  readonly denial: { readonly evaluation_id: string; readonly expires_at: string }
  readonly requested_access: RequestedAccess
}

export type RequestUses = DisclosureUses & TaskUses

const unbound = (path: string, message: string): Fault =>
  new Fault('invalid', 'This does not belong to a denial that can be asked about.', { details: [{ path, message }] })

/**
 * Operation `requestAccess` (AuthZEN Access Request and Approval): a denial that the chair could lift becomes a request to the chair, for
 * the very person, part, purpose and power that were denied. What it becomes is decided by people, and weighed again at each use.
 */
export const requestAccess =
  (uses: RequestUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as AccessRequestBody
    const question = questionOf(body, { operation: 'requestAccess', caller, path: '' })
    const evaluationId = body.denial.evaluation_id.toLowerCase()
    const denial = await findRequestableDenial(uses.database, evaluationId, personOf(caller))
    // What was denied to somebody else is no denial here, and no lock is waited for.
    const held = denial === null ? null : await holdMeeting(uses, denial.conferenceId, caller)
    const { offenderId, purpose, legalGateway } = question.ask
    return uses.commitChange(caller, {
      operation: 'requestAccess',
      event: 'alteration',
      offenderId,
      locks: held?.locks ?? [],
      sharedLocks: held === null || held.locks.length === 0 ? [] : [...held.chairing, { class: 'subject', id: offenderId }],
      readAlong: held === null || held.locks.length === 0 ? [] : [offenderId],
      idempotencyKey: request.idempotencyKey,
      detail: { evaluationId, conferenceId: question.conferenceId, purpose, legalGateway },
      async run(context): Promise<ChangeOutcome<object>> {
        if (denial === null || held === null) throw unbound('/denial/evaluation_id', 'names no denial of yours that can be asked about')
        checkBinding(context, question, { denial, body })
        const outcome = await writeRequest(uses, context, { held, body: requestOf(question, denial, body.requested_access) })
        if (!outcome.allowed) return outcome
        const { requestId } = outcome.body
        if (!(await insertAccessRequest(context.tx, { evaluationId, requestId })))
          throw new Fault('conflict', 'This denial has been asked about already. Look at the task that came of it.')
        const task = { id: requestId, status: 'pending', status_endpoint: statusEndpoint(uses, requestId) }
        return { ...outcome, body: { task } }
      },
    })
  }

/** The request is held to what was denied: another person, part, purpose or power is another question (structural comparison). */
const checkBinding = (
  { at }: ChangeContext,
  { ask, conferenceId, aboutOneself }: AccessQuestion,
  { denial, body }: { readonly denial: RequestableDenial; readonly body: AccessRequestBody },
): void => {
  if (!aboutOneself) throw unbound('/subject/id', 'is not who was denied')
  if (conferenceId !== denial.conferenceId || ask.offenderId !== denial.offenderId) throw unbound('/resource', 'is not what was denied')
  if (ask.purpose !== denial.purpose) throw unbound('/context/purpose', 'is not what was denied')
  if (ask.legalGateway !== denial.legalGateway) throw unbound('/context/legalGateway', 'is not what was denied')
  if (new Date(body.denial.expires_at).getTime() !== denial.expiresAt.getTime())
    throw unbound('/denial/expires_at', 'is not what the denial said')
  if (at >= denial.expiresAt) throw unbound('/denial/expires_at', 'is over: evaluate again')
}

const requestOf = (question: AccessQuestion, denial: RequestableDenial, asked: RequestedAccess): RequestBody => {
  const { requested_until: until, ...more } = asked
  const { bestInterestsNote } = question.ask.categories[0]!
  return {
    ...more,
    ...{ conferenceId: denial.conferenceId, offenderId: denial.offenderId, recipient: denial.person },
    ...{ purpose: denial.purpose, legalGateway: denial.legalGateway },
    ...(until === undefined ? {} : { until }),
    ...(bestInterestsNote === undefined ? {} : { bestInterestsNote }),
  }
}
