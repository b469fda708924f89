import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { type EmergencyReview, findEmergencyAccess, findEmergencyReviews } from '../../db/emergency/emergency-accesses.ts'
import type { Db } from '../../db/db.ts'
import type { CommitChange } from '../commit/change.ts'
import { reviewLocks, standingTo } from './reviewer.ts'
import { type OpenSealed, readSealed } from './sealed-threat.ts'

/** Operation `readEmergencyAccess`: who reviews it, and who opened it, read what it was opened on and what was made of it. */
export const readEmergencyAccess =
  ({ commitChange, database, open }: { readonly commitChange: CommitChange; readonly database: Db; readonly open: OpenSealed }) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const emergencyId = request.params.emergencyId!.toLowerCase()
    const held = await reviewLocks(database, emergencyId)
    return commitChange(caller, {
      operation: 'readEmergencyAccess',
      event: 'consultation',
      locks: [...held.own, ...held.along],
      lockMode: 'shared',
      detail: { emergencyId, purpose: 'audit-ig' },
      run: async (context) => {
        const access = await findEmergencyAccess(context.tx, emergencyId)
        const as = access === null ? 'nobody' : (await standingTo(context, access)).as
        if (access === null || as === 'nobody') throw noSuchAccess()
        const { threat, atRisk, whyNotOrdinary } = readSealed(open, access)
        const reviews = await findEmergencyReviews(context.tx, emergencyId)
        const { offenderId, agencyId, personSub, legalGateway, condition } = access
        const instants = Object.fromEntries(
          (['openedAt', 'expiresAt', 'triageDueAt', 'decisionDueAt'] as const).map((name) => [name, access[name].toISOString()]),
        )
        return {
          ...{ allowed: true, status: 200, detail: { as } },
          body: {
            ...{ emergencyId, offenderId, agencyId, personSub, legalGateway, condition, threat, atRisk, whyNotOrdinary, ...instants },
            openedWith: access.entryId,
            reviews: reviews.map((review) => shown(review)),
          },
        }
      },
    })
  }

/** Somebody else's affair and one that never was look alike. */
export const noSuchAccess = (): Fault => new Fault('not-found', 'There is no such emergency access for you to see.')

const shown = ({ step, reviewer, outcome, byAgency, byPerson, at }: EmergencyReview) => ({
  ...{ step, reviewer, outcome, agencyId: byAgency, personSub: byPerson },
  reviewedAt: at.toISOString(),
})
