import { openTask } from '../../../db/casework/tasks.ts'
import { appendEvent } from '../../../db/events.ts'
import { newId } from '../../new-id.ts'
import type { MiCaseTx, MiCaseUses } from './mi-case-uses.ts'

export interface Difference {
  readonly offenderId: string
  readonly areaId: string
  readonly leadAgencyId: string | null
  readonly because: 'strand' | 'not-delivered'
  /** Ids and codes only. */
  readonly refs: Readonly<Record<string, string>>
}

/** Asks the lead to see to it, and tells them; false when it stands open already. Nothing of the case changes. */
export const openDifference = async (uses: MiCaseUses, { tx, at }: MiCaseTx, difference: Difference): Promise<boolean> => {
  const { offenderId, areaId, leadAgencyId, because, refs } = difference
  const ownerAgencyId = leadAgencyId ?? uses.partnershipId
  const { opened } = await openTask(tx, {
    ...{ id: newId(), kind: 'mi-case-difference', offenderId, ownerAgencyId, ownerRole: leadAgencyId === null ? 'ig-officer' : null },
    ...{ ownerPersonSub: null, dueAt: null, subjectKey: offenderId, detail: { areaId, because, ...refs }, openedAt: at },
  })
  if (opened)
    await appendEvent(tx, { id: newId(), kind: 'mi-case-differs', toAgencyIds: [ownerAgencyId], offenderId, refs: { because }, at })
  return opened
}
