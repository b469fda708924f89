import type { Caller } from '../../core/caller.ts'
import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { Standing } from '../../core/snapshot.ts'
import { findAgencyFile } from '../../db/facts.ts'
import type { Tx } from '../../db/db.ts'
import { makeStandings } from '../standings.ts'

/**
 * How a recipient stands who is not the caller, read behind their agency's lock; null: no such agency. What system they will ask
 * through is settled when they ask.
 */
export const recipientStanding = async (tx: Tx, recipient: NamedPerson, at: Date): Promise<Standing | null> => {
  const agency = await findAgencyFile(tx, recipient.agencyId)
  if (agency === null) return null
  const asIf: Caller = {
    ...{ agencyId: recipient.agencyId, clientId: '', personSub: recipient.sub, binding: 'bearer', keyThumbprint: null },
    ...{ tokenExpiresAt: at, requestId: '', traceparent: null },
  }
  const standingOf = await makeStandings().refresh(tx, [asIf], new Map([[recipient.agencyId, agency.version]]))
  const standing = standingOf(asIf, at)
  return standing === null ? null : { ...standing, clientActive: true }
}
