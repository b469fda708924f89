import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Reason } from '../../core/decision/decision.ts'
import type { Tx } from '../../db/db.ts'
import {
  type EmergencyAccess,
  findEmergencyAccess,
  findEmergencyReviews,
  isEmergencyRightSuspended,
} from '../../db/emergency/emergency-accesses.ts'
import type { SourceReply } from '../../sources/source.ts'
import type { Draft, Reading } from '../commit/logged-work.ts'
import { askUnder, draftRefusal, draftView, type EmergencyAsk, noRules, rulesIn, suspended } from './emergency-view.ts'
import { type EmergencyUses, firstLook } from './first-look.ts'
import { justificationOf, type OpenSealed, readSealed } from './sealed-threat.ts'

export interface ViewUses extends EmergencyUses {
  readonly open: OpenSealed
}

const ended: Reason = {
  code: 'emergency-scope',
  stage: 'R40',
  ruleId: 'r39-expired',
  cites: 'R39: emergency access ends after a few hours, and when it was found not to be justified',
}

/**
 * Operation `viewEmergencyAccess`: whoever opened it looks again, while it lasts. It is decided again as things stand now, on the same
 * grounds, and logged again.
 */
export const viewEmergencyAccess =
  (uses: ViewUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const emergencyId = request.params.emergencyId!.toLowerCase()
    const found = await findEmergencyAccess(uses.database, emergencyId)
    const own = found !== null && found.agencyId === caller.agencyId && found.personSub === caller.personSub ? found : null
    const frame = {
      caller,
      operation: 'viewEmergencyAccess',
      emergency: true,
      decide: (reading: Reading) => notThere(reading, caller, emergencyId),
    }
    if (own === null) return uses.enquiry.releaseCommit({ ...frame, offenderId: null, categories: [] })
    const asked = askAgain(uses, own)
    const { replies, categories } = await firstLook(uses, caller, asked, (at) => endOf(uses.database, own, at))
    return uses.enquiry.releaseCommit({
      ...{ ...frame, offenderId: own.offenderId, categories },
      prepare: async (tx, read) => {
        const reason = await endOf(tx, own, (await read).at)
        return (reading) => draftAgain(uses, reading, { caller, own, asked, replies, reason })
      },
    })
  }

interface Again {
  readonly caller: Caller
  readonly own: EmergencyAccess
  readonly asked: EmergencyAsk
  readonly replies: ReadonlyMap<string, SourceReply>
  readonly reason: Reason | null
}

const draftAgain = (uses: ViewUses, reading: Reading, { caller, own, asked, replies, reason }: Again): Draft => {
  const emergency = { condition: own.condition, emergencyId: own.id, openedWith: own.entryId }
  const rules = rulesIn(reading)
  if (reason !== null || rules === null)
    return draftRefusal(reading, { caller, reason: reason ?? noRules, offenderId: own.offenderId, content: { emergency } })
  return draftView(uses.enquiry, reading, { ask: askUnder(rules, asked, reading.at), replies, emergency })
}

/** Somebody else's access and one that nobody opened look alike. */
const notThere = (reading: Reading, caller: Caller, emergencyId: string): Draft => {
  const fault = new Fault('not-found', 'There is no such emergency access of yours.')
  return draftRefusal(reading, { caller, reason: null, fault, offenderId: null, content: { emergency: { emergencyId } } })
}

const askAgain = (uses: ViewUses, own: EmergencyAccess): EmergencyAsk => {
  const threat = readSealed(uses.open, own)
  const { bestInterestsNote } = threat
  return {
    ...{ offenderId: own.offenderId, legalGateway: own.legalGateway, condition: own.condition, endsAt: own.expiresAt },
    ...(bestInterestsNote === undefined ? {} : { bestInterestsNote }),
    justification: justificationOf(threat),
  }
}

/** Why it may not be looked at any more; null while it may. */
export const endOf = async (db: Tx | EmergencyUses['database'], own: EmergencyAccess, at: Date): Promise<Reason | null> => {
  if (at >= own.expiresAt) return ended
  if (await isEmergencyRightSuspended(db, own, at)) return suspended
  const reviews = await findEmergencyReviews(db, own.id)
  return reviews.some(({ outcome }) => outcome === 'not-justified') ? ended : null
}
