import { type NamedPerson, samePerson } from '../../../core/conference/acting-chair.ts'
import type { Db } from '../../../db/db.ts'
import { findGranted, type Granted } from '../../../db/disclosure/permissions.ts'
import { findRequestPlace, type RequestPlace } from '../../../db/disclosure/request-place.ts'

/** Where a permission belongs, null: nowhere; and what was granted, for nobody but whom it names. */
export interface Shelved {
  readonly place: RequestPlace | null
  readonly granted: Granted | null
}

/**
 * What was granted, as this instance looked it up for whom it names: it never changes, and is only ended by what happens to it, so none is
 * ever stale. For anybody else only where it belongs is looked up, each time, as for an id that is nobody's.
 */
export interface GrantShelf {
  find(db: Db, permissionId: string, person: NamedPerson): Promise<Shelved>
}

const MOST_KEPT = 1_000

export const makeGrantShelf = (): GrantShelf => {
  const kept = new Map<string, Shelved>()
  return {
    async find(db, permissionId, person) {
      const key = JSON.stringify([permissionId, person.agencyId, person.sub])
      const known = kept.get(key)
      if (known !== undefined) return known
      const place = await findRequestPlace(db, { permissionId })
      const granted = place !== null && samePerson(place.recipient, person) ? await findGranted(db, permissionId) : null
      if (place === null || granted === null) return { place, granted }
      // Who may have decided does not matter any more: it is released behind the lock of the agency that lets it out.
      const shelved = { granted, place: { ...place, agencyIds: [granted.permission.discloserAgencyId] } }
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(key, shelved)
      return shelved
    },
  }
}
