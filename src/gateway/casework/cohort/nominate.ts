import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { openTask } from '../../../db/casework/tasks.ts'
import { insertNomination, type Nomination } from '../../../db/cohort/nominations.ts'
import { normalised } from '../../../db/people/people-search.ts'
import { areaExists } from '../../../db/registry/registry.ts'
import type { CaseUses } from '../strand/case-change.ts'
import { administratorOf } from './conference-decision.ts'

interface NominationBody {
  readonly proposes?: Nomination['proposes']
  readonly areaId: string
  readonly cohort: Nomination['cohort']
  readonly person: Pick<Nomination, 'givenName' | 'familyName'> & {
    readonly bornOn?: string | null
    readonly identifiers?: Nomination['identifiers']
  }
  readonly grounds: string
}

/**
 * Operation `nominate`, for any partner (Case Conferencing Guidance 2009, 1.3 b6). The answer is the same whoever is named: nobody is
 * looked up, since matching is the work of the area's administrator, and so a nomination tells nothing about anybody.
 */
export const nominate =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as NominationBody
    const proposes = body.proposes ?? 'add'
    const nominationId = uses.newId()
    return uses.commitChange(caller, {
      operation: 'nominate',
      event: 'collection',
      locks: [],
      idempotencyKey: request.idempotencyKey,
      detail: { nominationId, proposes, areaId: body.areaId, cohort: body.cohort },
      async run({ tx, at }) {
        if (!(await areaExists(tx, body.areaId))) {
          throw new Fault('invalid', 'There is no such area.', { details: [{ path: '/areaId', message: 'is not the id of an area' }] })
        }
        const { person } = body
        await insertNomination(tx, {
          ...{ id: nominationId, proposes, areaId: body.areaId, cohort: body.cohort, at },
          ...{ givenName: person.givenName, familyName: person.familyName, bornOn: person.bornOn ?? null },
          identifiers: (person.identifiers ?? []).map(({ kind, value }) => ({ kind, value: normalised(value) })),
          sealed: uses.seal(body.grounds, { table: 'nomination', id: nominationId, column: 'sealed' }),
          byAgency: caller.agencyId,
          byPerson: caller.personSub!,
        })
        const administrator = await administratorOf(tx, body.areaId, uses.partnershipId)
        await openTask(tx, {
          ...{ id: uses.newId(), kind: 'nomination-matching', offenderId: null, subjectKey: nominationId, dueAt: null, openedAt: at },
          ...{ ownerAgencyId: administrator.agencyId, ownerRole: administrator.role, ownerPersonSub: null },
          detail: { nominationId, areaId: body.areaId, proposes },
        })
        return { allowed: true, status: 202, body: { nominationId, receivedAt: at.toISOString() } }
      },
    })
  }
