import { Fault } from '../../core/fault.ts'
import { findAgreement } from '../../db/registry/agreements.ts'
import type { RegisteredAgreement } from '../../db/registry/agreements.ts'
import type { Db } from '../../db/db.ts'
import type { CommitChange } from '../commit/change.ts'

/** What the registry's use cases are given. */
export interface AgreementUses {
  readonly commitChange: CommitChange
  /** Read before the locks, only to know which to take; what is decided is read again under them. */
  readonly db: Db
  /** A new UUIDv7. */
  readonly newId: () => string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The id in the path; one that is no UUID names no agreement. */
export const agreementIdIn = (params: Readonly<Record<string, string>>): string | null => {
  const id = params.agreementId?.toLowerCase() ?? ''
  return uuid.test(id) ? id : null
}

export const partiesOf = (agreement: RegisteredAgreement | null): readonly string[] => [
  ...new Set((agreement?.versions ?? []).flatMap((version) => version.terms.parties)),
]

/** Every agency that any version of the agreement names: a change of the agreement takes all their locks. Empty when there is none. */
export const findPartiesToLock = async (db: Db, agreementId: string | null): Promise<readonly string[]> =>
  agreementId === null ? [] : partiesOf(await findAgreement(db, agreementId))

/**
 * The agreement as it stands under the locks.
 * @throws Fault `not-found`; `conflict` when a party was added between choosing the locks and holding them
 */
export const getLockedAgreement = async (db: Db, agreementId: string | null, locked: readonly string[]): Promise<RegisteredAgreement> => {
  const agreement = agreementId === null ? null : await findAgreement(db, agreementId)
  if (agreement === null) throw new Fault('not-found', 'The registry has no agreement of that id.')
  if (!partiesOf(agreement).every((party) => locked.includes(party))) {
    throw new Fault('conflict', 'The agreement gained a party just now. Read it again and repeat the request.')
  }
  return agreement
}

/** A member of a body that the contract has already checked. */
export const textIn = (body: unknown, member: string): string | null => {
  const value: unknown = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[member] : undefined
  return typeof value === 'string' ? value : null
}
