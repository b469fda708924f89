import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { holdsAt } from '../../../../core/case/relationship.ts'
import { delegationState } from '../../../../core/conference/delegation-state.ts'
import { Fault } from '../../../../core/fault.ts'
import { listDelegations as listRows, listStandingOffers, type StoredDelegation } from '../../../../db/conference/delegations.ts'
import { type MeetingUses, personOf } from '../known-meeting.ts'

/** Operation `listDelegations`: those the person gave, was given, or is chair over; and the appointments as deputy not yet accepted. */
export const listDelegations =
  (uses: Pick<MeetingUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const limit = Number(request.query.limit ?? 50)
    const before = request.query.cursor ?? null
    return uses.commitChange(caller, {
      operation: 'listDelegations',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      async run({ tx, standing, at }) {
        if (before !== null && !/^[0-9a-f-]{36}$/.test(before)) throw new Fault('invalid', 'The cursor is not one that was handed out.')
        const chaired = standing.appointments.filter((one) => one.role === 'chair' && one.areaId !== null && holdsAt(one, at))
        const chairedAreaIds = chaired.map(({ areaId }) => areaId!)
        const rows = await listRows(tx, { person: personOf(caller), chairedAreaIds, before, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? (page.at(-1)?.id ?? null) : null
        const standingOffers = (await listStandingOffers(tx, personOf(caller))).map(({ fromAt, toAt, ...offer }) => ({
          ...offer,
          ...{ fromAt: fromAt.toISOString(), toAt: toAt?.toISOString() ?? null },
        }))
        return { allowed: true, status: 200, body: { delegations: page.map((row) => shown(row, at)), standingOffers, nextCursor } }
      },
    })
  }

const shown = ({ id, fromAt, toAt, acceptedAt, endedAt, appointmentId, ...rest }: StoredDelegation, at: Date) => ({
  delegationId: id,
  ...rest,
  standing: appointmentId !== null,
  fromAt: fromAt.toISOString(),
  toAt: toAt?.toISOString() ?? null,
  acceptedAt: acceptedAt?.toISOString() ?? null,
  endedAt: endedAt?.toISOString() ?? null,
  state: delegationState({ id, fromAt, toAt, acceptedAt, endedAt, ...rest }, at),
})
