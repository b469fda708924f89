import { type ConsentFollowUp, type ConsentPlan, planConsent } from '../../../core/casework/strand/consent-consequence.ts'
import type { ConsentEvent, Subject } from '../../../core/snapshot.ts'
import { findAgenciesServing } from '../../../db/casework/case-facts.ts'
import { endConsentQuestions, putConsentQuestion } from '../../../db/casework/custody.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import type { Tx } from '../../../db/db.ts'
import { appendEvent } from '../../../db/events.ts'
import type { ChangeContext } from '../../commit/change.ts'

interface Uses {
  readonly newId: () => string
}

/** Asks the police to decide; nothing moves until they have (Scrutiny Board 2009, 1.24; DPA 2018 s.50A). */
export const openPoliceTask = async (
  uses: Uses,
  tx: Tx,
  task: { readonly offenderId: string; readonly ownerAgencyId: string; readonly at: Date },
): Promise<void> => {
  const { offenderId, ownerAgencyId, at } = task
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'police-strand-decision', offenderId, ownerAgencyId, ownerRole: null, ownerPersonSub: null },
    ...{ dueAt: null, subjectKey: offenderId, detail: {}, openedAt: at },
  })
}

export interface Said {
  readonly subject: Subject
  readonly event: ConsentEvent
  readonly followUp: ConsentFollowUp
}

/** What an answer sets going, for whoever records it and whoever only asks. */
export const consentPlanFor = async ({ tx, at }: Pick<ChangeContext, 'tx' | 'at'>, { subject, followUp }: Said): Promise<ConsentPlan> => {
  const police = await findAgenciesServing(tx, { areaId: subject.areaId, kinds: ['police'] })
  return planConsent(followUp, { subject, police, at })
}

/** What the person said puts its question to people, in the transaction that records it, and those concerned are told. */
export const raiseConsentQuestion = async (uses: Uses, { tx, at }: ChangeContext, said: Said): Promise<ConsentPlan> => {
  const { offenderId } = said.subject
  const consentEventId = said.event.id
  const plan = await consentPlanFor({ tx, at }, said)
  const { told, consequence, ownerAgencyId } = plan
  await appendEvent(tx, { id: uses.newId(), kind: 'consent-changed', offenderId, refs: { consentEventId }, at, toAgencyIds: told })
  if (consequence === null) return plan
  if (consequence.overtakesPoliceDecision) {
    await endConsentQuestions(tx, { offenderId, kind: 'police-strand-decision', state: 'overtaken', at })
    await closeTask(tx, { kind: 'police-strand-decision', subjectKey: offenderId, outcome: 'consent-given', at })
  } else {
    await endConsentQuestions(tx, { offenderId, kind: 'return-review', state: 'overtaken', at })
    await closeTask(tx, { kind: 'strand-return-review', subjectKey: offenderId, outcome: 'consent-refused', at })
  }
  const state = consequence.when === 'now' ? 'open' : 'waits-for-release'
  await putConsentQuestion(tx, { id: uses.newId(), offenderId, consentEventId, kind: consequence.asks, state, at })
  if (ownerAgencyId === null) return plan
  if (consequence.asks === 'police-strand-decision') {
    await openPoliceTask(uses, tx, { offenderId, ownerAgencyId, at })
    return plan
  }
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'strand-return-review', offenderId, ownerAgencyId, ownerRole: null, ownerPersonSub: null },
    ...{ dueAt: null, subjectKey: offenderId, detail: {}, openedAt: at },
  })
  return plan
}
