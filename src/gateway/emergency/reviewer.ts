import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { Reason } from '../../core/decision/decision.ts'
import { type Decider, decidersOf, type DecidingAuthority, type DecidingFacts, decidingAuthority } from '../../core/disclosure/decider.ts'
import { readDecidingFacts } from '../../db/disclosure/deciding.ts'
import { type EmergencyAccess, findEmergencyAccess } from '../../db/emergency/emergency-accesses.ts'
import type { Db, Tx } from '../../db/db.ts'
import { areaLock, personOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext, LockKey } from '../commit/change.ts'
import { isPartnershipOfficer } from '../roles.ts'

export type Reviewer = 'chair' | 'ig-officer'
type ReviewingAuthority = Extract<DecidingAuthority, { may: true }>

/** As whom somebody comes to an emergency access: who opened it, who may review it (a chair with whom they act for), or nobody. */
export type ReviewStanding =
  { readonly as: 'user' | 'ig-officer' | 'nobody' } | { readonly as: 'chair'; readonly authority: ReviewingAuthority }

interface Opened {
  readonly agencyId: string
  readonly personSub: string
  readonly areaId: string
}

/**
 * What an emergency gave out is judged afterwards as a disclosure is decided beforehand: by the chair; by a deputy only under an accepted
 * delegation to decide on disclosure, for no single meeting; and by another conference's chair where there is neither (R40, R41, R44).
 */
const questionOf = ({ agencyId, personSub, areaId }: Opened, at: Date) => {
  const user = { agencyId, sub: personSub }
  return { interested: { requester: user, recipient: user, beneficiaries: [] }, conference: { id: '', areaId }, at }
}

/** Who reviews as a chair, in the order in which they are asked. */
export const reviewingChairs = async (tx: Tx, opened: Opened, at: Date): Promise<readonly Decider[]> =>
  decidersOf(await readDecidingFacts(tx, opened.areaId), questionOf(opened, at))

/** The officers are the partnership's, and so never of the user's own team (R40). Behind the locks of `reviewLocks`. */
export const standingTo = async (
  context: ChangeContext,
  access: EmergencyAccess & { readonly areaId: string },
): Promise<ReviewStanding> => {
  const { standing, caller, at, tx } = context
  if (access.agencyId === caller.agencyId && access.personSub === caller.personSub) return { as: 'user' }
  if (isPartnershipOfficer(standing, ['ig-officer'], at)) return { as: 'ig-officer' }
  const authority = chairAuthorityOver(await readDecidingFacts(tx, access.areaId), access, { person: personOf(caller), at })
  return authority.may ? { as: 'chair', authority } : { as: 'nobody' }
}

const chairAuthorityOver = (
  facts: DecidingFacts,
  opened: Opened,
  { person, at }: { readonly person: NamedPerson; readonly at: Date },
): DecidingAuthority => decidingAuthority(facts, { ...questionOf(opened, at), person })

/** Would this person be the one to review it as a chair? Behind the locks of `areaReviewLocks`. */
export const mayReviewAsChair = ({ caller, at }: ChangeContext, facts: DecidingFacts, opened: Opened): boolean =>
  chairAuthorityOver(facts, opened, { person: personOf(caller), at }).may

/** Whose lock the user's own looks share, and what settles who acts for the chair; found before any lock is taken. */
export const reviewLocks = async (
  db: Db,
  emergencyId: string,
): Promise<{ readonly own: readonly LockKey[]; readonly along: readonly LockKey[] }> => {
  const access = await findEmergencyAccess(db, emergencyId)
  if (access === null) return { own: [], along: [] }
  return { own: [{ class: 'agency', id: access.agencyId }], along: await areaReviewLocks(db, [access.areaId]) }
}

/** What settles who reviews as a chair in these areas. */
export const areaReviewLocks = async (db: Db, areaIds: readonly string[]): Promise<readonly LockKey[]> => {
  const agencies = new Set<string>()
  for (const areaId of areaIds) {
    const { own, others } = await readDecidingFacts(db, areaId)
    for (const { person } of [...own.chairs, ...others]) agencies.add(person.agencyId)
  }
  return [...areaIds.map(areaLock), ...[...agencies].map((id): LockKey => ({ class: 'agency', id }))]
}

export const notOwn: Reason = {
  code: 'separation-of-duties',
  stage: 'R40',
  ruleId: 'r40-neither-the-user',
  cites: 'R40 and R42: reviewed by a chair and an information-governance officer, neither of them who opened it',
}
