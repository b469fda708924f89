import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { ConsentPlan } from '../../core/casework/strand/consent-consequence.ts'
import type { ConsentEvent } from '../../core/snapshot.ts'
import { withdrawnConsent } from '../../db/copies/ended.ts'
import { insertConsentEvent } from '../../db/people/consent-events.ts'
import { raiseConsentQuestion } from '../casework/strand/consent-questions.ts'
import type { ChangeContext, CommitChange } from '../commit/change.ts'
import { raiseRecall, type Recalled } from '../copies/raise-recall.ts'
import { saidIn } from './consent/said.ts'
import { weighConsent, type Weighed } from './consent/weigh-consent.ts'

/**
 * Records what a person said about sharing. The gates it closes are closed when this is answered: every release under way
 * decides again behind the subject's lock. "It must be as easy to withdraw consent as to give it" (DPA 2018 s.40A), so whoever
 * has a route to the person may record that they refuse or withdraw.
 */
export const recordConsent =
  (uses: { readonly commitChange: CommitChange; readonly newId: () => string }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = (request.params.offenderId ?? '').toLowerCase()
    const said = saidIn(request.body)
    return uses.commitChange(caller, {
      operation: 'recordConsent',
      event: 'consent-changed',
      locks: [{ class: 'subject', id: offenderId }],
      offenderId,
      idempotencyKey: request.idempotencyKey,
      detail: { kind: said.kind, scope: said.scope, capacityBasis: said.capacityBasis, justification: said.justification },
      async run(context) {
        const weighed = await weighConsent(context, { offenderId, eventId: uses.newId(), said })
        if ('allowed' in weighed) return weighed
        await insertConsentEvent(context.tx, weighed.event, { agencyId: caller.agencyId, personSub: caller.personSub! })
        const plan = await raiseConsentQuestion(uses, context, weighed)
        return recorded(weighed, { plan, recall: await askedBack(context, weighed.event) })
      },
    })
  }

/** What was released on a consent is wanted back once it is taken back, as far as that was said (R45). */
const askedBack = (context: ChangeContext, event: ConsentEvent): Promise<Recalled | null> =>
  event.kind === 'refused' || event.kind === 'withdrawn'
    ? raiseRecall(context, { cause: 'consent-withdrawn', ended: withdrawnConsent(event) })
    : Promise.resolve(null)

interface Consequence {
  readonly plan: ConsentPlan
  readonly recall: Recalled | null
}

const recorded = ({ event, followUp, worksWith }: Weighed, { plan, recall }: Consequence) => {
  const { id, offenderId, kind, recordedAt } = event
  const asks = plan.consequence === null ? null : { ...plan.consequence, ownerAgencyId: plan.ownerAgencyId }
  const told = worksWith ? plan.told : []
  const copies = recall === null || !worksWith ? null : { holders: recall.notices, releases: recall.releases }
  const body = { eventId: id, offenderId, kind, recordedAt: recordedAt.toISOString(), asks, told, copies }
  return {
    allowed: true,
    status: 201,
    body,
    detail: { eventId: id, happenedAt: event.happenedAt.toISOString(), followUp, recall },
  } as const
}
