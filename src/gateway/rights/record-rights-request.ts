import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { dayAfter, isDay, londonDay, startOfLondonDay } from '../../core/london.ts'
import { answerDueOn } from '../../core/rights/subject-answer.ts'
import { openTask } from '../../db/casework/tasks.ts'
import { insertRightsRequest, isHeld } from '../../db/rights/rights-requests.ts'
import type { CaseUses } from '../casework/strand/case-change.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { isPartnershipOfficer, notAppointed } from '../roles.ts'

export type RightsUses = Pick<CaseUses, 'commitChange' | 'newId' | 'seal' | 'partnershipId'>

/** Who answers people for the partnership. */
export const answersPeople = ({ standing, at }: ChangeContext): boolean => isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at)

interface Body {
  readonly offenderId?: string | null
  readonly reference: string
  readonly receivedOn: string
  readonly identityConfirmedOn: string
}

/**
 * Operation `recordRightsRequest`: somebody asks who received their data (DPA 2018 s.45(2)(c)); the month begins. It is recorded in the
 * same way when nobody of that description is held.
 */
export const recordRightsRequest =
  (uses: RightsUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Body
    const offenderId = body.offenderId?.toLowerCase() ?? null
    return uses.commitChange(caller, {
      operation: 'recordRightsRequest',
      event: 'rights-request',
      locks: [],
      lockMode: 'shared',
      ...(offenderId === null ? {} : { offenderId }),
      idempotencyKey: request.idempotencyKey,
      detail: { reference: body.reference, receivedOn: body.receivedOn, purpose: 'rights-request' },
      run: (context) => record(uses, context, { ...body, offenderId }),
    })
  }

const record = async (
  uses: RightsUses,
  context: ChangeContext,
  body: Body & { offenderId: string | null },
): Promise<ChangeOutcome<object>> => {
  const { at } = context
  if (!answersPeople(context)) return { allowed: false, reason: notAppointed }
  const { receivedOn, identityConfirmedOn } = body
  for (const [name, day] of Object.entries({ receivedOn, identityConfirmedOn })) {
    if (!isDay(day) || day > londonDay(at))
      throw new Fault('invalid', 'The request cannot be recorded like this.', {
        details: [{ path: `/${name}`, message: 'is no day until today' }],
      })
  }
  const recorded = await openRightsRequest(uses, context, body)
  return { allowed: true, status: 201, body: recorded, detail: recorded }
}

/** Records what a person asks of the partnership and lets its month run. The days are known to have come. */
export const openRightsRequest = async (
  uses: Pick<RightsUses, 'newId' | 'partnershipId'>,
  { tx, at, caller }: ChangeContext,
  body: Body,
): Promise<{ readonly requestId: string; readonly dueOn: string }> => {
  const { reference, receivedOn, identityConfirmedOn } = body
  const offenderId = body.offenderId?.toLowerCase() ?? null
  const id = uses.newId()
  const dueOn = answerDueOn(receivedOn, identityConfirmedOn)
  const held = offenderId !== null && (await isHeld(tx, offenderId))
  await insertRightsRequest(tx, {
    ...{ id, offenderId: held ? offenderId : null, reference, receivedOn, identityConfirmedOn, dueOn, at },
    ...{ byAgency: caller.agencyId, byPerson: caller.personSub! },
  })
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'rights-request', subjectKey: id, offenderId: null, openedAt: at },
    ...{ ownerAgencyId: uses.partnershipId, ownerRole: 'dpo', ownerPersonSub: null },
    ...{ dueAt: startOfLondonDay(dayAfter(dueOn)), detail: { requestId: id } },
  })
  return { requestId: id, dueOn }
}
