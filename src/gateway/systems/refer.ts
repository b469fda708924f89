import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Standing } from '../../core/snapshot.ts'
import type { ReferralRule } from '../../core/casework/system-rules.ts'
import { openTask } from '../../db/casework/tasks.ts'
import { insertNomination, type Nomination } from '../../db/cohort/nominations.ts'
import { normalised } from '../../db/people/people-search.ts'
import { areaExists } from '../../db/registry/registry.ts'
import { insertReferral } from '../../db/systems/referrals.ts'
import { administratorOf } from '../casework/cohort/conference-decision.ts'
import type { CaseUses } from '../casework/strand/case-change.ts'

interface ReferralBody {
  readonly from: 'mappa' | 'yos'
  readonly areaId: string
  readonly cohort: Nomination['cohort']
  readonly person: Pick<Nomination, 'givenName' | 'familyName'> & {
    readonly bornOn?: string | null
    readonly identifiers?: Nomination['identifiers']
  }
  readonly helpNeeded: readonly string[]
}

/**
 * Operation `refer`: the manager of a MAPPA or youth offending case asks the partnership for help with it (MPA report 2011, paras 9 and
 * 20-21). It is a nomination that says where it comes from and what is wanted, in codes: the papers stay where they are.
 */
export const refer =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ReferralBody
    const nominationId = uses.newId()
    return uses.commitChange(caller, {
      operation: 'refer',
      event: 'collection',
      locks: [],
      idempotencyKey: request.idempotencyKey,
      detail: { nominationId, from: body.from, areaId: body.areaId, cohort: body.cohort, helpNeeded: body.helpNeeded },
      async run({ tx, at, standing, policies }) {
        const rule = policies.bundle.change?.systems?.referrals.find(({ id }) => id === body.from)
        if (rule === undefined || !mayRefer(standing, rule)) return notManager
        if (!(await areaExists(tx, body.areaId)))
          throw new Fault('invalid', 'There is no such area.', { details: [{ path: '/areaId', message: 'is not the id of an area' }] })
        const { person } = body
        await insertNomination(tx, {
          ...{ id: nominationId, proposes: 'add', areaId: body.areaId, cohort: body.cohort, at },
          ...{ givenName: person.givenName, familyName: person.familyName, bornOn: person.bornOn ?? null },
          identifiers: (person.identifiers ?? []).map(({ kind, value }) => ({ kind, value: normalised(value) })),
          sealed: uses.seal('', { table: 'nomination', id: nominationId, column: 'sealed' }),
          ...{ byAgency: caller.agencyId, byPerson: caller.personSub! },
        })
        await insertReferral(tx, { nominationId, from: body.from, helpNeeded: body.helpNeeded })
        const administrator = await administratorOf(tx, body.areaId, uses.partnershipId)
        await openTask(tx, {
          ...{ id: uses.newId(), kind: 'nomination-matching', offenderId: null, subjectKey: nominationId, dueAt: null, openedAt: at },
          ...{ ownerAgencyId: administrator.agencyId, ownerRole: administrator.role, ownerPersonSub: null },
          // Where it came from is the scheme's own to say, so the task does not.
          detail: { nominationId, areaId: body.areaId, proposes: 'add' },
        })
        return { allowed: true, status: 202, body: { nominationId, receivedAt: at.toISOString() } }
      },
    })
  }

const mayRefer = ({ agency }: Standing, rule: ReferralRule): boolean => rule.from.includes(agency.kind) && belongsTo(agency.schemes, rule)

/** Whoever belongs to the scheme, or where there is no scheme to belong to. */
export const belongsTo = (schemes: readonly string[], { scheme }: Pick<ReferralRule, 'scheme'>): boolean =>
  scheme === 'none' || schemes.includes(scheme)

const notManager = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R13', ruleId: 'referral-manager', cites: 'MPA report 2011, paras 9 and 20-21; R13' },
} as const
