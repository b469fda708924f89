import { holdsAt } from '../../../core/case/relationship.ts'
import { consentConsequence, type ConsentFollowUp } from '../../../core/casework/strand/consent-consequence.ts'
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

interface Said {
  readonly subject: Subject
  readonly event: ConsentEvent
  readonly followUp: ConsentFollowUp
}

/** What the person said puts its question to people, in the transaction that records it, and those concerned are told. */
export const raiseConsentQuestion = async (uses: Uses, { tx, at }: ChangeContext, said: Said): Promise<void> => {
  const { subject, event, followUp } = said
  const { offenderId } = subject
  const police = await findAgenciesServing(tx, { areaId: subject.areaId, kinds: ['police'] })
  await appendEvent(tx, {
    ...{ id: uses.newId(), kind: 'consent-changed', offenderId, refs: { consentEventId: event.id }, at },
    toAgencyIds: toldOf(subject, at, followUp === null ? [] : police),
  })
  const consequence = consentConsequence(followUp, subject.custodyAgencyId !== null)
  if (consequence === null) return
  if (consequence.overtakesPoliceDecision) {
    await endConsentQuestions(tx, { offenderId, kind: 'police-strand-decision', state: 'overtaken', at })
    await closeTask(tx, { kind: 'police-strand-decision', subjectKey: offenderId, outcome: 'consent-given', at })
  } else {
    await endConsentQuestions(tx, { offenderId, kind: 'return-review', state: 'overtaken', at })
    await closeTask(tx, { kind: 'strand-return-review', subjectKey: offenderId, outcome: 'consent-refused', at })
  }
  const state = consequence.when === 'now' ? 'open' : 'waits-for-release'
  await putConsentQuestion(tx, { id: uses.newId(), offenderId, consentEventId: event.id, kind: consequence.asks, state, at })
  if (consequence.when === 'at-release') return
  // Without police in the area, or a lead, the question stands open and the register shows it.
  if (consequence.asks === 'police-strand-decision') {
    const ownerAgencyId = police[0] ?? subject.leadAgencyId
    if (ownerAgencyId !== null) await openPoliceTask(uses, tx, { offenderId, ownerAgencyId, at })
    return
  }
  const ownerAgencyId = subject.leadAgencyId ?? police[0]
  if (ownerAgencyId === undefined) return
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'strand-return-review', offenderId, ownerAgencyId, ownerRole: null, ownerPersonSub: null },
    ...{ dueAt: null, subjectKey: offenderId, detail: {}, openedAt: at },
  })
}

const toldOf = (subject: Subject, at: Date, more: readonly string[]): readonly string[] => {
  const partners = subject.relationships.filter((tie) => holdsAt(tie, at)).map(({ agencyId }) => agencyId)
  return [...new Set([subject.leadAgencyId, ...partners, ...more].filter((id) => id !== null))]
}
