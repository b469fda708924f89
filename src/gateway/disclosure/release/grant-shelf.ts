import type { NamedPerson } from '../../../core/conference/acting-chair.ts'
import { samePerson } from '../../../core/conference/acting-chair.ts'
import type { Db } from '../../../db/db.ts'
import { findGranted, type Granted } from '../../../db/disclosure/permissions.ts'

/**
 * What was granted, as this instance looked it up for whom it names: it never changes, and is only ended by what happens to it, so none is
 * ever stale. For anybody else it is looked up each time, so that nobody is answered sooner because there is something.
 */
export interface GrantShelf {
  find(db: Db, permissionId: string, person: NamedPerson): Promise<Granted | null>
}

const MOST_KEPT = 1_000

export const makeGrantShelf = (): GrantShelf => {
  const kept = new Map<string, Granted>()
  return {
    async find(db, permissionId, person) {
      const key = JSON.stringify([permissionId, person.agencyId, person.sub])
      const known = kept.get(key)
      if (known !== undefined) return known
      const granted = await findGranted(db, permissionId)
      if (granted === null || !samePerson(granted.file.recipient, person)) return granted
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(key, granted)
      return granted
    },
  }
}
