import { openTask } from '../../db/casework/tasks.ts'
import { appendEvent } from '../../db/events.ts'
import type { CaseUses } from '../casework/strand/case-change.ts'
import type { ChangeContext } from '../commit/change.ts'

/** A breach that somebody has become aware of. */
export interface FoundBreach {
  readonly breachId: string
  /** The controller that has to notify: the agency of whoever did it. */
  readonly agencyId: string
  readonly offenderId: string | null
  /** Ids of what it was found in. */
  readonly refs: Readonly<Record<string, string>>
  readonly notifyBy: Date
  /** Who assesses it where the partnership's data protection officer may be whom it is about; null: that officer. */
  readonly assessor: string | null
}

const LAW_HOURS = 72

/** "Not later than 72 hours after becoming aware of it" (DPA 2018 s.67(1)), or sooner where the partners agreed on that. */
export const notifyBy = ({ at, policies }: Pick<ChangeContext, 'at' | 'policies'>): Date =>
  new Date(at.getTime() + Math.min(LAW_HOURS, policies.bundle.change?.emergency?.breachHours ?? LAW_HOURS) * 3_600_000)

/** The clock of a breach, however it was found: a task to assess and notify in time, and word to the controller. */
export const openBreachClock = async (
  uses: Pick<CaseUses, 'newId' | 'partnershipId'>,
  { tx, at }: ChangeContext,
  { breachId, agencyId, offenderId, refs, notifyBy: dueAt, assessor }: FoundBreach,
): Promise<void> => {
  const { partnershipId } = uses
  const owner = assessor === null ? { ownerRole: 'dpo', ownerPersonSub: null } : { ownerRole: null, ownerPersonSub: assessor }
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'breach-assessment', subjectKey: breachId, offenderId, dueAt, openedAt: at },
    ...{ ownerAgencyId: partnershipId, ...owner, detail: { ...refs, breachId } },
  })
  await appendEvent(tx, {
    ...{ id: uses.newId(), kind: 'breach-recorded', toAgencyIds: [agencyId, partnershipId] },
    ...{ offenderId, refs: { ...refs, breachId }, at },
  })
}
