import { usable, versionStanding } from '../agreements/agreement.ts'
import type { OutboundType } from '../decision-vocabulary.ts'
import type { Facts } from '../facts.ts'
import type { Standing } from '../snapshot.ts'

/**
 * Inside the partnership (party to an agreement in force) a release is SHARING; to anyone else it is DISCLOSURE and needs a
 * disclosure decision (MPA report 2011, para 32).
 */
export const recipientStandingOf = (standing: Standing, at: Date): Facts['recipientStanding'] =>
  standing.agreements.some((version) => usable(versionStanding(version, at).standing)) ? 'partner' : 'outside'

/** SHARE inside the partnership; DISCLOSE to anybody else, those included of whom it is not known (R8; MPA report 2011, para 32). */
export const outboundTo = (recipient: Facts['recipientStanding']): OutboundType => (recipient === 'partner' ? 'share' : 'disclose')
