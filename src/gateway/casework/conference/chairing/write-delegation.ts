import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { holdsAt } from '../../../../core/case/relationship.ts'
import { type NamedPerson, samePerson } from '../../../../core/conference/acting-chair.ts'
import { Fault } from '../../../../core/fault.ts'
import type { Standing } from '../../../../core/snapshot.ts'
import type { DelegatedAct } from '../../../../core/case-vocabulary.ts'
import { findConference } from '../../../../db/casework/conferences.ts'
import { insertDelegation } from '../../../../db/conference/delegations.ts'
import { personExists } from '../../../../db/registry/registry.ts'
import type { ChangeContext, ChangeOutcome } from '../../../commit/change.ts'
import { areaLock, type MeetingUses, noDelegation, personOf } from '../known-meeting.ts'

interface DelegationBody {
  readonly areaId: string
  readonly conferenceId?: string | null
  readonly deputy: NamedPerson
  readonly acts: readonly DelegatedAct[]
  readonly fromAt: string
  readonly toAt: string
}

export const chairsArea = (standing: Standing, areaId: string, at: Date): boolean =>
  standing.appointments.some((one) => one.role === 'chair' && one.areaId === areaId && holdsAt(one, at))

const wrong = (path: string, message: string): Fault =>
  new Fault('invalid', 'This delegation cannot be written.', { details: [{ path, message }] })

/** Operation `writeDelegation`: the chair names who may act in the chair's place, in what, and from when until when (R44). */
export const writeDelegation =
  (uses: Pick<MeetingUses, 'commitChange' | 'newId'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as DelegationBody
    return uses.commitChange(caller, {
      operation: 'writeDelegation',
      event: 'delegation-changed',
      locks: [areaLock(body.areaId)],
      idempotencyKey: request.idempotencyKey,
      detail: { ...body },
      async run(context): Promise<ChangeOutcome<object>> {
        // Only the chair's own appointment stands behind a delegation: whoever acts for the chair passes nothing on.
        if (!chairsArea(context.standing, body.areaId, context.at)) return noDelegation('delegation-by-the-chair', 'not-chair')
        await check(context, body)
        const delegationId = uses.newId()
        const [fromAt, toAt] = [new Date(body.fromAt), new Date(body.toAt)]
        await insertDelegation(context.tx, {
          ...{ id: delegationId, areaId: body.areaId, conferenceId: body.conferenceId?.toLowerCase() ?? null, fromAt, toAt },
          ...{ chair: personOf(caller), deputy: body.deputy, acts: body.acts, appointmentId: null },
          ...{ byAgency: caller.agencyId, byPerson: caller.personSub!, at: context.at },
        })
        return { allowed: true, status: 201, body: { delegationId, state: 'offered' }, detail: { delegationId } }
      },
    })
  }

const check = async ({ tx, caller, at }: ChangeContext, body: DelegationBody): Promise<void> => {
  const [from, to] = [new Date(body.fromAt), new Date(body.toAt)]
  if (!(to > from)) throw wrong('/toAt', 'is not after fromAt')
  if (to <= at) throw wrong('/toAt', 'is over already')
  if (samePerson(body.deputy, personOf(caller))) throw wrong('/deputy', 'is the chair')
  if (!(await personExists(tx, body.deputy.agencyId, body.deputy.sub))) throw wrong('/deputy', 'is nobody that the agency has registered')
  if (body.conferenceId == null) return
  const conference = await findConference(tx, body.conferenceId.toLowerCase())
  if (conference?.areaId !== body.areaId) throw wrong('/conferenceId', 'is no conference of the area')
}
