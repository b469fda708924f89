import type { TaskKind } from '../../core/case-vocabulary.ts'
import type { Decider } from '../../core/disclosure/decider.ts'
import type { Tx } from '../../db/db.ts'
import { openTask } from '../../db/casework/tasks.ts'
import { appendEvent } from '../../db/events.ts'
import type { CaseUses } from '../casework/strand/case-change.ts'
import { reviewingChairs } from './reviewer.ts'

export interface OpenedEmergency {
  readonly id: string
  readonly offenderId: string
  readonly areaId: string
  readonly agencyId: string
  readonly personSub: string
  readonly suppliers: readonly string[]
  readonly openedAt: Date
  readonly triageDueAt: Date
  readonly decisionDueAt: Date
}

type Uses = Pick<CaseUses, 'newId' | 'partnershipId'>

/** Who the tasks of a review are put to. */
interface Addressee {
  readonly ownerAgencyId: string
  readonly ownerRole: string | null
  readonly ownerPersonSub: string | null
}

/** The area's chair by office, whoever that is by then; anybody else by name, because a delegation is to a named person (R44). */
const addresseeOf = ({ agencyId, sub, as }: Decider): Addressee =>
  as === 'chair'
    ? { ownerAgencyId: agencyId, ownerRole: 'chair', ownerPersonSub: null }
    : { ownerAgencyId: agencyId, ownerRole: null, ownerPersonSub: sub }

/** "Immediate notice to chair, data owner, IG" (R39), and what they then have to do (R40): with the access, or not at all. */
export const tellOfEmergency = async (uses: Uses, tx: Tx, opened: OpenedEmergency): Promise<void> => {
  const { id, offenderId, areaId, openedAt: at, triageDueAt, decisionDueAt } = opened
  const officer: Addressee = { ownerAgencyId: uses.partnershipId, ownerRole: 'ig-officer', ownerPersonSub: null }
  const [first] = await reviewingChairs(tx, opened, at)
  // Nobody chairs anywhere but the person themselves: the officers are told twice, so that it is not forgotten.
  const chair = first === undefined ? officer : addresseeOf(first)
  const toAgencyIds = [...opened.suppliers, chair.ownerAgencyId, uses.partnershipId]
  await appendEvent(tx, { id: uses.newId(), kind: 'emergency-opened', toAgencyIds, offenderId, refs: { emergencyId: id }, at })
  const ask = (kind: TaskKind, key: string, to: Addressee & { readonly dueAt: Date }): Promise<unknown> =>
    openTask(tx, {
      ...{ id: uses.newId(), kind, subjectKey: key, offenderId, dueAt: to.dueAt, openedAt: at },
      ...{ ownerAgencyId: to.ownerAgencyId, ownerRole: to.ownerRole, ownerPersonSub: to.ownerPersonSub },
      detail: { emergencyId: id, areaId },
    })
  await ask('emergency-triage', id, { ...officer, dueAt: triageDueAt })
  await ask('emergency-decision', `${id} chair`, { ...chair, dueAt: decisionDueAt })
  await ask('emergency-decision', `${id} ig-officer`, { ...officer, dueAt: decisionDueAt })
}
