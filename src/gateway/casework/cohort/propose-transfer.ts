import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Reason } from '../../../core/decision/decision.ts'
import { Fault } from '../../../core/fault.ts'
import { londonDay } from '../../../core/london.ts'
import { openTask } from '../../../db/casework/tasks.ts'
import { findOpenTransfer, insertTransfer } from '../../../db/cohort/transfers.ts'
import { appendEvent } from '../../../db/events.ts'
import { areaExists } from '../../../db/registry/registry.ts'
import { type CaseContext, type CaseUses, changeCase, informed } from '../strand/case-change.ts'
import { administratorOf, failed, isOfficerOf } from './conference-decision.ts'

interface Request {
  readonly toAreaId: string
  readonly address: 'stable' | 'unstable' | 'unknown'
  readonly addressStableSince?: string
  readonly justification: string
}

export const addressUnstable: Reason = {
  code: 'address-unstable',
  stage: 'R37',
  ruleId: 'r37-stable-address',
  cites: 'Case Conferencing Guidance 2009, 1.3 b8: transfer only when the home address is stable; R37',
}

/**
 * Operation `proposeTransfer`: to another area, where the home address is stable. The case stays where it is until both areas have
 * accepted; at every instant one area owns it.
 */
export const proposeTransfer =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const asked = request.body as Request
    const { toAreaId, address, addressStableSince, justification } = asked
    return changeCase(uses, {
      caller,
      request,
      operation: 'proposeTransfer',
      event: 'alteration',
      otherRoute: (context, known) => Promise.resolve(isOfficerOf(context.standing, known.areaId, context.at)),
      detail: { toAreaId, address, justification },
      async run(context) {
        const { known, tx, at } = context
        if (known.leadAgencyId !== caller.agencyId && !isOfficerOf(context.standing, known.areaId, at)) return notLead
        if (!(await areaExists(tx, toAreaId)) || toAreaId === known.areaId) throw wrong('/toAreaId', 'is not another area')
        const since = addressStableSince ?? null
        if (address !== 'stable' || since === null || since > londonDay(at)) {
          const errors = [{ path: '/address', message: 'is not stable, with the day since when' }]
          return failed({ reason: addressUnstable, errors })
        }
        if ((await findOpenTransfer(tx, known.offenderId)) !== null)
          throw new Fault('conflict', 'A transfer of this case waits for the areas’ answers.')
        const transferId = await write(uses, context, { toAreaId, since })
        const { offenderId, areaId: fromAreaId } = known
        const body = { transferId, offenderId, fromAreaId, toAreaId, state: 'proposed', proposedAt: at.toISOString() }
        return { allowed: true, status: 201, body, detail: { transferId } }
      },
    })
  }

const notLead = {
  allowed: false,
  status: 403,
  reason: { code: 'not-lead', stage: 'R37', ruleId: 'r37-proposer', cites: 'Case Conferencing Guidance 2009, 1.3 b8; R37' },
} as const

const wrong = (path: string, message: string): Fault =>
  new Fault('invalid', 'The transfer cannot be proposed like this.', { details: [{ path, message }] })

const write = async (uses: CaseUses, context: CaseContext, to: { readonly toAreaId: string; readonly since: string }): Promise<string> => {
  const { known, tx, at, caller } = context
  const { offenderId, areaId } = known
  const id = uses.newId()
  await insertTransfer(tx, {
    ...{ id, offenderId, fromAreaId: areaId, toAreaId: to.toAreaId, addressStableSince: to.since, at },
    ...{ byAgency: caller.agencyId, byPerson: caller.personSub! },
  })
  const told: string[] = []
  for (const answering of [areaId, to.toAreaId]) {
    const administrator = await administratorOf(tx, answering, uses.partnershipId)
    told.push(administrator.agencyId)
    await openTask(tx, {
      ...{ id: uses.newId(), kind: 'transfer-acceptance', offenderId, subjectKey: `${id} ${answering}`, dueAt: null, openedAt: at },
      ...{ ownerAgencyId: administrator.agencyId, ownerRole: administrator.role, ownerPersonSub: null },
      detail: { transferId: id, areaId: answering },
    })
  }
  const refs = { transferId: id, fromAreaId: areaId, toAreaId: to.toAreaId }
  await appendEvent(tx, { id: uses.newId(), kind: 'transfer-proposed', toAgencyIds: informed(known, at, told), offenderId, refs, at })
  return id
}
