import { holdsAt } from '../../core/case/relationship.ts'
import type { Standing } from '../../core/snapshot.ts'
import type { Role } from '../../core/vocabulary.ts'
import type { LineId } from '../../db/log/access-log.ts'
import { Fault } from '../../core/fault.ts'
import { isPartnershipOfficer } from '../roles.ts'

/** The partnership's information governance watches every recall. */
export const watchesAll = (standing: Standing, at: Date): boolean => isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at)

/** The areas whose conference the person chairs or administers now. */
export const areasHeld = (standing: Standing, roles: readonly Role[], at: Date): readonly string[] => [
  ...new Set(
    standing.appointments.filter((one) => roles.includes(one.role) && one.areaId !== null && holdsAt(one, at)).map((one) => one.areaId!),
  ),
]

/** Whoever watches the recalls of an area: its chair and its administrator, and the partnership's officers. */
export const watches = (standing: Standing, areaId: string | null, at: Date): boolean =>
  watchesAll(standing, at) || (areaId !== null && areasHeld(standing, ['chair', 'spoc'], at).includes(areaId))

export const lineCursor = ({ entryId, position }: LineId): string => `${entryId}~${position}`

export const lineAt = (cursor: string | null | undefined): LineId | null => {
  if (cursor === null || cursor === undefined) return null
  const found = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})~(\d{1,6})$/.exec(cursor)
  if (found === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return { entryId: found[1]!, position: Number(found[2]) }
}
