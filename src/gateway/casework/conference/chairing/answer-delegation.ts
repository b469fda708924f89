import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { samePerson } from '../../../../core/conference/acting-chair.ts'
import { delegationState } from '../../../../core/conference/delegation-state.ts'
import { Fault } from '../../../../core/fault.ts'
import {
  type DeputyAppointment,
  findDelegation,
  findDeputyAppointment,
  insertDelegation,
  insertDelegationEvent,
  type StoredDelegation,
} from '../../../../db/conference/delegations.ts'
import type { ChangeContext, ChangeOutcome } from '../../../commit/change.ts'
import { areaLock, type MeetingUses, noMeetingRules, personOf, rulesOf } from '../known-meeting.ts'
import { chairsArea } from './write-delegation.ts'

type Uses = Pick<MeetingUses, 'commitChange' | 'database'>

/** A delegation that is not there and one that is not yours are the same answer. */
const notYours = (): Fault => new Fault('not-found', 'There is no such delegation that you have a part in.')
const over = (): Fault => new Fault('conflict', 'This delegation is over.')

const idIn = (request: OperationRequest): string => (request.params.delegationId ?? '').toLowerCase()

/** A deputy's appointment carries a delegation that is written down when the deputy answers it, under the appointment's own id. */
const offeredBy = async (uses: Uses, id: string): Promise<StoredDelegation | DeputyAppointment | null> =>
  (await findDelegation(uses.database, id)) ?? (await findDeputyAppointment(uses.database, id))

/** Operation `answerDelegation`: the deputy named accepts or declines. Until then nothing may be done under it (R44). */
export const answerDelegation =
  (uses: Uses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const id = idIn(request)
    const { decision } = request.body as { decision: 'accept' | 'decline' }
    const offered = await offeredBy(uses, id)
    return uses.commitChange(caller, {
      operation: 'answerDelegation',
      event: 'delegation-changed',
      locks: offered === null ? [] : [areaLock(offered.areaId)],
      idempotencyKey: request.idempotencyKey,
      detail: { delegationId: id, decision },
      async run(context): Promise<ChangeOutcome<object>> {
        if (offered === null) throw notYours()
        const known = (await findDelegation(context.tx, id)) ?? (await writeStanding(context, id))
        if (known === null) return noMeetingRules
        if (!samePerson(known.deputy, personOf(caller))) throw notYours()
        if (delegationState(known, context.at) === 'over') throw over()
        const kind = decision === 'accept' ? 'accepted' : 'declined'
        if (known.acceptedAt !== null) throw new Fault('conflict', 'You have accepted this delegation already.')
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at: context.at }
        await insertDelegationEvent(context.tx, { delegationId: id, kind, ...by })
        return { allowed: true, status: 201, body: { delegationId: id, state: kind }, detail: { standing: known.appointmentId !== null } }
      },
    })
  }

/** "Appointing a deputy carries a standing delegation, accepted by the deputy, for the chair's absence and conflict of interest." */
const writeStanding = async (context: ChangeContext, appointmentId: string): Promise<StoredDelegation | null> => {
  const { tx, caller, at } = context
  const rules = rulesOf(context)
  if (rules === null) return null
  const appointment = await findDeputyAppointment(tx, appointmentId)
  if (appointment === null || !samePerson(appointment, personOf(caller))) throw notYours()
  await insertDelegation(tx, {
    ...{ id: appointmentId, appointmentId, areaId: appointment.areaId, conferenceId: null, chair: null, toAt: null },
    ...{ deputy: personOf(caller), acts: rules.delegation.standing, fromAt: appointment.fromAt },
    ...{ byAgency: caller.agencyId, byPerson: caller.personSub!, at },
  })
  return findDelegation(tx, appointmentId)
}

/** Operation `revokeDelegation`: by whoever gave it, by the area's chair now, or by the deputy; what was done under it stands. */
export const revokeDelegation =
  (uses: Uses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const id = idIn(request)
    const { why } = request.body as { why: string }
    const given = await findDelegation(uses.database, id)
    return uses.commitChange(caller, {
      operation: 'revokeDelegation',
      event: 'delegation-changed',
      locks: given === null ? [] : [areaLock(given.areaId)],
      idempotencyKey: request.idempotencyKey,
      detail: { delegationId: id, justification: why },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = given === null ? null : await findDelegation(context.tx, id)
        if (known === null || !mayEnd(context, known)) throw notYours()
        if (delegationState(known, context.at) === 'over') throw over()
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at: context.at }
        await insertDelegationEvent(context.tx, { delegationId: id, kind: 'revoked', ...by })
        return { allowed: true, status: 201, body: { delegationId: id, state: 'revoked' } }
      },
    })
  }

const mayEnd = ({ caller, standing, at }: ChangeContext, known: StoredDelegation): boolean => {
  const self = personOf(caller)
  return samePerson(known.deputy, self) || (known.chair !== null && samePerson(known.chair, self)) || chairsArea(standing, known.areaId, at)
}
