import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { readFacts } from '../../db/facts.ts'
import { findLegalHold, insertLegalHold, insertLegalHoldEnd, type LegalHold } from '../../db/log/retention.ts'
import type { ChangeOutcome } from '../commit/change.ts'
import { isPartnershipOfficer, notAppointed } from '../roles.ts'
import type { RetentionUses } from './retention.ts'

/**
 * Operation `placeLegalHold`: from this answer on nothing in the log about the person is erased, so that a serious case review or a
 * serious further offence review can still tell who knew what (Case Conferencing Guidance 2009, 1.3).
 */
export const placeLegalHold =
  ({ commitChange, newId }: RetentionUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = request.params.offenderId!.toLowerCase()
    const body = request.body as Pick<LegalHold, 'kind' | 'reference'>
    return commitChange(caller, {
      operation: 'placeLegalHold',
      event: 'alteration',
      locks: [{ class: 'subject', id: offenderId }],
      offenderId,
      idempotencyKey: request.idempotencyKey,
      detail: { kind: body.kind, reference: body.reference },
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at)) return shielded
        const { subjects } = await readFacts(tx, { offenderIds: [offenderId], agencyIds: [], categories: [] })
        if (!subjects.has(offenderId)) return shielded
        const holdId = newId()
        await insertLegalHold(tx, { id: holdId, offenderId, ...body }, { agencyId: caller.agencyId, personSub: caller.personSub! }, at)
        return { allowed: true, status: 201, body: { holdId, placedAt: at.toISOString() }, detail: { holdId } }
      },
    })
  }

/** Operation `endLegalHold`: by another officer than the one who placed it, since its end lets evidence go. */
export const endLegalHold =
  ({ commitChange }: RetentionUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const holdId = request.params.holdId!.toLowerCase()
    const { justification } = request.body as { justification: string }
    return commitChange(caller, {
      operation: 'endLegalHold',
      event: 'alteration',
      locks: [],
      lockMode: 'shared',
      idempotencyKey: request.idempotencyKey,
      detail: { holdId, justification },
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at)) return { allowed: false, reason: notAppointed }
        const hold = await findLegalHold(tx, holdId)
        if (hold === null) throw new Fault('not-found', 'There is no such hold.')
        if (hold.ended) throw new Fault('conflict', 'This hold has ended already.')
        const { placedBy } = hold
        if (placedBy.agencyId === caller.agencyId && placedBy.personSub === caller.personSub) return { allowed: false, reason: notByPlacer }
        await insertLegalHoldEnd(tx, holdId, { agencyId: caller.agencyId, personSub: caller.personSub! }, at)
        return { allowed: true, status: 200, body: { holdId, endedAt: at.toISOString() } }
      },
    })
  }

/** Whether there is such a person is told to the partnership's officers alone (invariant I5). */
const shielded: Extract<ChangeOutcome<never>, { allowed: false }> = {
  allowed: false,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'hold-by-officer', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
}

const notByPlacer = {
  code: 'separation-of-duties',
  stage: 'R42',
  ruleId: 'hold-ended-by-another',
  cites: 'Case Conferencing Guidance 2009, 1.3; R42: who placed a hold does not end it',
} as const
