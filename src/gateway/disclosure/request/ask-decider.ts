import type { NamedPerson } from '../../../core/conference/acting-chair.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import { findRequest } from '../../../db/disclosure/requests.ts'
import type { Tx } from '../../../db/db.ts'
import { type DisclosureUses, firstDecider } from '../known-request.ts'

/**
 * Puts the request before whoever is to decide it: the chair, or by itself a deputy or another conference's chair where the chair asks,
 * gets or gains by it (R41). Where nobody may, nobody is asked, and it waits: null.
 */
export const askDecider = async (
  uses: Pick<DisclosureUses, 'newId'>,
  tx: Tx,
  { requestId, at }: { readonly requestId: string; readonly at: Date },
): Promise<NamedPerson | null> => {
  const file = (await findRequest(tx, { requestId }))!
  const decider = await firstDecider(tx, file, at)
  if (decider === null) return null
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'disclosure-decision', offenderId: file.offenderId, subjectKey: requestId },
    ...{ ownerAgencyId: decider.agencyId, ownerRole: null, ownerPersonSub: decider.sub, dueAt: null },
    ...{ detail: { requestId, conferenceId: file.conferenceId, urgency: file.urgency }, openedAt: at },
  })
  return decider
}

/** What waited for a decision waits no more. */
export const closeAsked = async (
  tx: Tx,
  about: { readonly requestId: string; readonly outcome: string; readonly at: Date },
): Promise<void> => {
  const { requestId, outcome, at } = about
  for (const kind of ['disclosure-decision', 'disclosure-information'] as const)
    await closeTask(tx, { kind, subjectKey: requestId, outcome, at })
}
