import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { daysAfter, isDay, londonDay } from '../../core/london.ts'
import type { Category, Purpose } from '../../core/vocabulary.ts'
import { isKnownTo } from '../../db/casework/custody.ts'
import { findRegisteredAgencies } from '../../db/registry/agreements.ts'
import { insertWithholding, isHeld, type Withholding } from '../../db/rights/rights-requests.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { holdsRole } from '../roles.ts'
import { answersPeople, type RightsUses } from './record-rights-request.ts'

interface Body {
  readonly purpose: Purpose
  readonly category?: Category | null
  readonly recipientAgencyId?: string | null
  readonly ground: Withholding['ground']
  readonly lapsesOn: string
  readonly reasons: string
}

/** Nothing is withheld longer than a year without being thought about again: "only to the extent that and for so long as" (s.45(4)). */
const MOST_DAYS = 366

/**
 * Operation `withholdDisclosures`: one processing activity is kept from the person for a time, on a ground of DPA 2018 s.45(4). By the
 * partnership's officers, or by an agency's own officer for what that agency supplied or received.
 */
export const withholdDisclosures =
  (uses: RightsUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = request.params.offenderId!.toLowerCase()
    const body = request.body as Body
    const { purpose, category = null, recipientAgencyId = null, ground, lapsesOn } = body
    return uses.commitChange(caller, {
      operation: 'withholdDisclosures',
      event: 'rights-request',
      offenderId,
      locks: [{ class: 'subject', id: offenderId }],
      idempotencyKey: request.idempotencyKey,
      detail: { activity: { purpose, category, recipientAgencyId }, ground, lapsesOn, purpose: 'rights-request' },
      run: (context) => withhold(uses, context, offenderId, body),
    })
  }

const shielded = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'withholding-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
} as const

const withhold = async (uses: RightsUses, context: ChangeContext, offenderId: string, body: Body): Promise<ChangeOutcome<object>> => {
  const { tx, at, caller } = context
  const agencyId = await actsFor(context, offenderId)
  if (agencyId === 'nobody') return shielded
  const { purpose, category = null, recipientAgencyId = null, ground, lapsesOn, reasons } = body
  const today = londonDay(at)
  if (!isDay(lapsesOn) || lapsesOn <= today || lapsesOn > daysAfter(today, MOST_DAYS))
    throw wrong('/lapsesOn', 'is no day within a year from now')
  if (recipientAgencyId !== null && !(await findRegisteredAgencies(tx, [recipientAgencyId])).has(recipientAgencyId))
    throw wrong('/recipientAgencyId', 'is no agency that is registered')
  const id = uses.newId()
  await insertWithholding(tx, {
    ...{ id, offenderId, purpose, category, recipientAgencyId, agencyId, ground, lapsesOn, at },
    ...{ byAgency: caller.agencyId, byPerson: caller.personSub! },
    sealed: uses.seal(JSON.stringify({ reasons }), { table: 'disclosure_withholding', id, column: 'sealed' }),
  })
  const told = { withholdingId: id, lapsesOn }
  return { allowed: true, status: 201, body: { ...told, recordedAt: at.toISOString() }, detail: { withholdingId: id } }
}

const wrong = (path: string, message: string): Fault =>
  new Fault('invalid', 'This cannot be withheld like this.', { details: [{ path, message }] })

/** For whose part of the register: null for all of it. */
const actsFor = async (context: ChangeContext, offenderId: string): Promise<string | null> => {
  const { tx, standing, at } = context
  if (answersPeople(context)) return (await isHeld(tx, offenderId)) ? null : 'nobody'
  const officer = holdsRole(standing, ['ig-officer', 'dpo'], at) && (await isKnownTo(tx, offenderId, standing.agency.id))
  return officer ? standing.agency.id : 'nobody'
}
