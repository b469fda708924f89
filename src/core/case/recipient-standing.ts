import { usable, versionStanding } from '../agreements/agreement.ts'
import type { Facts } from '../facts.ts'
import type { Standing } from '../snapshot.ts'

/**
 * Inside the partnership (party to an agreement in force) a release is SHARING; to anyone else it is DISCLOSURE and needs a
 * disclosure decision (MPA report 2011, para 32).
 */
export const recipientStandingOf = (standing: Standing, at: Date): Facts['recipientStanding'] =>
  standing.agreements.some((version) => usable(versionStanding(version, at).standing)) ? 'partner' : 'outside'
