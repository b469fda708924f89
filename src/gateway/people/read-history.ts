import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { ReasonCode } from '../../core/decision-vocabulary.ts'
import type { Purpose } from '../../core/vocabulary.ts'
import { isKnownTo } from '../../db/casework/custody.ts'
import { findCaseNow, listConsentSaid, listStrandMoves } from '../../db/people/person-history.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import { holdsRole, isPartnershipOfficer, notAppointed } from '../roles.ts'

interface Body {
  readonly purpose?: Purpose | null
  readonly justification?: string | null
}

/** What governance officers look at a person's history for: whoever works with the case asks for its records instead. */
const purposesFor: readonly Purpose[] = ['audit-ig', 'rights-request']

/**
 * Operation `readHistory`: what a person said about sharing, and how strand and lead moved, for the officers who have to judge whether
 * what was shared was lawful at the time. The partnership's for anybody, an agency's own for whom it knows by a number of its own.
 */
export const readHistory =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = request.params.offenderId!.toLowerCase()
    const { purpose = null, justification = null } = request.body as Body
    return commitChange(caller, {
      operation: 'readHistory',
      event: 'consultation',
      offenderId,
      locks: [{ class: 'subject', id: offenderId }],
      lockMode: 'shared',
      readsOnly: true,
      detail: { purpose, justification },
      run: async (context) => refusedFor(context, { purpose, justification }) ?? read(context, offenderId),
    })
  }

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const refusal = (code: ReasonCode, ruleId: string, status: 403 | 422): Refusal => ({
  allowed: false,
  status,
  reason: { code, stage: 'R4', ruleId, cites: 'DPA 2018 s.36(1); R4: every look at a person says what it is for and why' },
})

const refusedFor = ({ standing, at }: ChangeContext, { purpose, justification }: Body): Refusal | null => {
  if (!holdsRole(standing, ['ig-officer', 'dpo'], at)) return { allowed: false, reason: notAppointed }
  if (purpose === null || purpose === undefined || (justification ?? '').trim() === '')
    return refusal('request-incomplete', 'history-says-why', 422)
  return purposesFor.includes(purpose) ? null : refusal('purpose-incompatible', 'history-purpose', 403)
}

const shielded: Refusal = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'history-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
}

const read = async ({ tx, standing, at }: ChangeContext, offenderId: string): Promise<ChangeOutcome<object>> => {
  const everybody = isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at)
  const now = everybody || (await isKnownTo(tx, offenderId, standing.agency.id)) ? await findCaseNow(tx, offenderId) : null
  if (now === null) return shielded
  const consent = await listConsentSaid(tx, offenderId)
  const moves = await listStrandMoves(tx, offenderId)
  return {
    allowed: true,
    status: 200,
    body: {
      offenderId,
      at: at.toISOString(),
      now: { strand: now.strand, leadAgencyId: now.leadAgencyId, cohortSince: now.cohortSince?.toISOString() ?? null },
      consent: consent.map(({ happenedAt, expiresAt, ...one }) => ({
        ...one,
        happenedAt: happenedAt.toISOString(),
        expiresAt: expiresAt?.toISOString() ?? null,
      })),
      moves: moves.map(({ recordedAt, heldFrom, ...one }) => ({
        ...one,
        recordedAt: recordedAt.toISOString(),
        heldFrom: heldFrom?.toISOString() ?? null,
      })),
    },
    detail: { consentEventIds: consent.map(({ eventId }) => eventId), changeIds: moves.map(({ changeId }) => changeId) },
  }
}
