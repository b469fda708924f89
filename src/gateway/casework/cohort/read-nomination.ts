import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { findNomination } from '../../../db/cohort/nominations.ts'
import { findReferral } from '../../../db/systems/referrals.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { belongsTo } from '../../systems/refer.ts'
import type { CaseUses } from '../strand/case-change.ts'
import { isOfficerOf } from './conference-decision.ts'

export interface ReadNominationUses extends Pick<CaseUses, 'commitChange'> {
  /** Null: what does not open for its own place. */
  readonly open: (sealed: Uint8Array, place: { readonly table: string; readonly id: string; readonly column: string }) => string | null
}

const incomplete = {
  allowed: false,
  status: 422,
  reason: { code: 'request-incomplete', stage: 'R4', ruleId: 'r4-complete', cites: 'DPA 2018 s.36-37; R4' },
} as const

/** Operation `readNomination`: the officers of the area's conference read whom a partner proposes, and why. */
export const readNomination =
  (uses: ReadNominationUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const nominationId = (request.params.nominationId ?? '').toLowerCase()
    const { purpose = null, legalGateway = null, justification = null } = request.body as Record<string, string | null | undefined>
    return uses.commitChange(caller, {
      operation: 'readNomination',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      detail: { nominationId, purpose, legalGateway, justification },
      async run(context) {
        const { tx, standing, at } = context
        if (purpose === null || legalGateway === null || (justification ?? '').trim().length < 3) return incomplete
        const found = await findNomination(tx, nominationId)
        // Who is not of the area's conference cannot tell a nomination from an invented one.
        if (found === null || !isOfficerOf(standing, found.areaId, at)) throw new Fault('not-found', 'No such nomination waits for you.')
        const grounds = uses.open(found.sealed, { table: 'nomination', id: found.id, column: 'sealed' })
        if (grounds === null) throw new Error(`the grounds of nomination ${found.id} do not open`)
        const { proposes, areaId, cohort, givenName, familyName, bornOn, identifiers, byAgency, registered } = found
        return {
          allowed: true,
          status: 200,
          body: {
            ...{ nominationId, proposes, areaId, cohort, person: { givenName, familyName, bornOn, identifiers }, grounds },
            ...{ nominatedBy: byAgency, nominatedAt: found.at.toISOString(), registered },
            ...(await referralShown(context, nominationId)),
          },
        }
      },
    })
  }

/** That somebody is a MAPPA case is MAPPA's own to tell, and its members' to know (MPA report 2011, para 32). What help is wanted is not. */
const referralShown = async ({ tx, standing, policies }: ChangeContext, nominationId: string) => {
  const referral = await findReferral(tx, nominationId)
  if (referral === null) return {}
  const rule = policies.bundle.change?.systems?.referrals.find(({ id }) => id === referral.from)
  const { from, helpNeeded } = referral
  return rule !== undefined && belongsTo(standing.agency.schemes, rule) ? { helpNeeded, referredFrom: from } : { helpNeeded }
}
