import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { foiDueOn } from '../../core/foi/foi-clock.ts'
import type { FoiRules } from '../../core/foi/foi-rules.ts'
import { dayAfter, isDay, londonDay, startOfLondonDay } from '../../core/london.ts'
import { openTask } from '../../db/casework/tasks.ts'
import { insertFoiRequest } from '../../db/foi/foi-requests.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { openRightsRequest } from '../rights/record-rights-request.ts'
import { type FoiUses, officerRules } from './foi-officer.ts'

interface Body {
  readonly reference: string
  readonly receivedOn: string
  readonly clarifiedOn?: string | null
  readonly asked: string
  /** Set where the requester asks about themselves. */
  readonly ownData?: { readonly identityConfirmedOn: string; readonly offenderId?: string | null }
}

/**
 * Operation `recordFoiRequest`: a public authority was asked for information; its twenty working days begin. Whom it is about is not
 * asked: an answer would say who is held. What somebody asks about themselves becomes a request for access to their data (s.40(1)).
 */
export const recordFoiRequest =
  (uses: FoiUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Body
    const { reference, receivedOn, clarifiedOn = null } = body
    return uses.commitChange(caller, {
      operation: 'recordFoiRequest',
      event: 'foi-request',
      locks: [],
      lockMode: 'shared',
      idempotencyKey: request.idempotencyKey,
      detail: { reference, receivedOn, clarifiedOn, ownData: body.ownData !== undefined, purpose: 'foi' },
      async run(context) {
        const rules = officerRules(context)
        return 'allowed' in rules ? rules : record(uses, context, { rules, body })
      },
    })
  }

const invalid = (path: string, message: string): Fault =>
  new Fault('invalid', 'The request cannot be recorded like this.', { details: [{ path, message }] })

const requireDays = ({ receivedOn, clarifiedOn = null, ownData }: Body, today: string): void => {
  const days = { receivedOn, clarifiedOn, 'ownData/identityConfirmedOn': ownData?.identityConfirmedOn ?? null }
  for (const [path, day] of Object.entries(days)) {
    if (day !== null && (!isDay(day) || day > today)) throw invalid(`/${path}`, 'is no day until today')
  }
  if (clarifiedOn !== null && clarifiedOn < receivedOn) throw invalid('/clarifiedOn', 'is before the request was received')
}

const record = async (
  uses: FoiUses,
  context: ChangeContext,
  { rules, body }: { readonly rules: FoiRules; readonly body: Body },
): Promise<ChangeOutcome<object>> => {
  const { tx, at, caller } = context
  requireDays(body, londonDay(at))
  const { reference, receivedOn, clarifiedOn = null, ownData } = body
  const dueOn = foiDueOn(rules.clock, { receivedOn: body.receivedOn, clarifiedOn: body.clarifiedOn ?? null })
  const id = uses.newId()
  const rights = ownData === undefined ? null : await openRightsRequest(uses, context, { ...ownData, reference, receivedOn })
  const recorded = await insertFoiRequest(tx, {
    ...{ id, authorityId: caller.agencyId, reference, receivedOn, clarifiedOn, dueOn, ownData: ownData !== undefined, at },
    ...{ rightsRequestId: rights?.requestId ?? null, byAgency: caller.agencyId, byPerson: caller.personSub! },
    sealed: uses.seal(JSON.stringify({ asked: body.asked }), { table: 'foi_request', id, column: 'sealed' }),
  })
  if (!recorded) throw new Fault('conflict', 'Your authority has a request of this reference already.')
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'foi-request', subjectKey: id, offenderId: null, openedAt: at },
    ...{ ownerAgencyId: caller.agencyId, ownerRole: 'foi-officer', ownerPersonSub: null },
    ...{ dueAt: startOfLondonDay(dayAfter(dueOn)), detail: { requestId: id } },
  })
  const told = { requestId: id, dueOn, rightsRequestId: rights?.requestId ?? null, rightsDueOn: rights?.dueOn ?? null }
  return { allowed: true, status: 201, body: told, detail: told }
}
