import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { isInterested } from '../../../core/disclosure/decider.ts'
import type { RequestEventKind } from '../../../core/disclosure/request-state.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import { insertRequestEvent } from '../../../db/disclosure/requests.ts'
import { actedAs, personOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import {
  type DisclosureUses,
  getRequest,
  holdRequest,
  type KnownRequest,
  placeOfEvent,
  type Refusal,
  requireMove,
} from '../known-request.ts'
import { askDecider, closeAsked } from './ask-decider.ts'

export const notDecider = (known: KnownRequest): Refusal => ({
  allowed: false,
  status: 403,
  reason: { code: 'delegation', stage: 'R44', ruleId: 'disclosure-decider', cites: 'Case Conferencing Guidance 2009, 1.1-1.2; R44' },
  detail: { because: known.authority.may ? 'none' : known.authority.because },
})

/** Even an administrator of the system gives nothing to themselves (R41). */
export const selfApproval: Refusal = {
  allowed: false,
  status: 403,
  reason: {
    code: 'self-approval',
    stage: 'R41',
    ruleId: 'disclosure-not-in-own-cause',
    cites: 'Case Conferencing Guidance 2009, 1.1; R41',
  },
}

const notYours: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R13', ruleId: 'disclosure-requester', cites: 'DPA 2018 s.37; R13' },
}

/** Null when the caller may decide this request. */
export const refusesDeciding = ({ caller }: Pick<ChangeContext, 'caller'>, known: KnownRequest): Refusal | null => {
  if (isInterested(known.file, personOf(caller))) return selfApproval
  return known.authority.may ? null : notDecider(known)
}

/** In whose place the caller acted, as the event and the entry have it. */
export const authorityOf = ({ authority }: KnownRequest) =>
  authority.may ? { actedAs: authority.as, actingFor: authority.actingFor, delegationId: authority.delegationId } : {}

interface Move {
  readonly operation: string
  readonly kind: Extract<RequestEventKind, 'info-requested' | 'info-given' | 'withdrawn'>
  readonly refuses: (context: ChangeContext, known: KnownRequest) => Refusal | null
  readonly then: (uses: DisclosureUses, context: ChangeContext, known: KnownRequest) => Promise<void>
}

const change =
  (move: Move) =>
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = (request.params.requestId ?? '').toLowerCase()
    const { text } = request.body as { text: string }
    const held = await holdRequest(uses, { requestId }, caller)
    return uses.commitChange(caller, {
      operation: move.operation,
      event: 'alteration',
      offenderId: held.offenderId,
      ...{ locks: held.own, sharedLocks: held.along },
      idempotencyKey: request.idempotencyKey,
      detail: { requestId },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getRequest(context, held)
        if ('allowed' in known) return known
        const refused = move.refuses(context, known)
        if (refused !== null) return refused
        requireMove(known, move.kind)
        const { tx, at } = context
        const sealed = uses.seal(text, placeOfEvent(requestId, move.kind, at))
        const acted = move.kind === 'info-requested' ? authorityOf(known) : {}
        await insertRequestEvent(tx, { requestId, kind: move.kind, ...acted, sealed, by: personOf(caller), at })
        await move.then(uses, context, known)
        const detail = move.kind === 'info-requested' && known.authority.may ? actedAs(known.authority as never) : {}
        return { allowed: true, status: 201, body: { requestId, state: stateAfter[move.kind] }, detail }
      },
    })
  }

const stateAfter = { 'info-requested': 'info-requested', 'info-given': 'submitted', withdrawn: 'withdrawn' } as const

const onlyRequester = (_: unknown, known: KnownRequest): Refusal | null => (known.isRequester ? null : notYours)

/** Operation `askDisclosureInformation`: whoever is to decide asks for more before deciding. */
export const askDisclosureInformation = change({
  operation: 'askDisclosureInformation',
  kind: 'info-requested',
  refuses: refusesDeciding,
  async then(uses, { tx, at }, { file }) {
    await openTask(tx, {
      ...{ id: uses.newId(), kind: 'disclosure-information', offenderId: file.offenderId, subjectKey: file.id, dueAt: null },
      ...{ ownerAgencyId: file.requester.agencyId, ownerRole: null, ownerPersonSub: file.requester.sub },
      ...{ detail: { requestId: file.id }, openedAt: at },
    })
  },
})

/** Operation `answerDisclosureInformation`: by whoever asked for the disclosure; then the request waits for its decision again. */
export const answerDisclosureInformation = change({
  operation: 'answerDisclosureInformation',
  kind: 'info-given',
  refuses: onlyRequester,
  async then(uses, { tx, at }, { file }) {
    await closeTask(tx, { kind: 'disclosure-information', subjectKey: file.id, outcome: 'answered', at })
    await askDecider(uses, tx, { requestId: file.id, at })
  },
})

/** Operation `withdrawDisclosureRequest`: before it is decided, by whoever asked. */
export const withdrawDisclosureRequest = change({
  operation: 'withdrawDisclosureRequest',
  kind: 'withdrawn',
  refuses: onlyRequester,
  then: (_, { tx, at }, { file }) => closeAsked(tx, { requestId: file.id, outcome: 'withdrawn', at }),
})
