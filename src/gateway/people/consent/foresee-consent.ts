import { type ConsentGate, movedGates } from '../../../core/case/consent-gates.ts'
import { destinationOf } from '../../../core/casework/lead/destination.ts'
import type { ConsentEvent } from '../../../core/snapshot.ts'
import { type CaseRead, findCase } from '../../../db/casework/case-facts.ts'
import { withdrawnConsent } from '../../../db/copies/ended.ts'
import { findRecipientsServing } from '../../../db/people/consent-recipients.ts'
import { consentPlanFor } from '../../casework/strand/consent-questions.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { foreseeRecall } from '../../copies/raise-recall.ts'
import type { Weighed } from './weigh-consent.ts'

/**
 * What would come of an answer, found by what decides it when it is recorded; nothing is written. Whoever may only pass on that somebody
 * refuses is told of the question it puts and of nothing else: from the rest one could read what was agreed to, without recording anything.
 */
export const foreseeConsent = async (context: ChangeContext, weighed: Weighed) => {
  const { told, consequence, ownerAgencyId } = await consentPlanFor(context, weighed)
  const { kind } = weighed.event
  const asks = consequence === null ? null : { ...consequence, ownerAgencyId }
  if (!weighed.worksWith) return { kind, limited: true, closes: [], opens: [], asks, told: [], copies: null }
  const { closes, opens } = await gatesFor(context, weighed)
  const copies = await copiesFor(context, weighed.event)
  return {
    ...{ kind, limited: false, asks, told },
    closes: grouped(closes),
    opens: grouped(opens),
    copies: copies === null ? null : { ...copies, dueAt: copies.dueAt.toISOString() },
  }
}

/** Under the agreements that the asking agency is a party to: it may not read the others, and is not told of them here either. */
const gatesFor = async ({ tx, at, standing, policies }: ChangeContext, { subject, event }: Weighed) => {
  const { agreements } = standing
  const ids = [...new Set(agreements.flatMap(({ terms }) => terms.grants.flatMap(({ recipients }) => recipients)))]
  const agencies = await findRecipientsServing(tx, { areaId: subject.areaId, ids })
  return movedGates(
    policies,
    { subject, event, at },
    agencies.map((agency) => ({ agency, agreements })),
  )
}

const grouped = (gates: readonly ConsentGate[]) =>
  [...Map.groupBy(gates, ({ category, purpose, whole }) => `${category} ${purpose} ${whole}`).values()].map((alike) => {
    const { category, purpose, whole } = alike[0]!
    return { category, purpose, whole, recipients: alike.map(({ recipientAgencyId }) => recipientAgencyId) }
  })

const copiesFor = (context: ChangeContext, event: ConsentEvent) =>
  event.kind === 'refused' || event.kind === 'withdrawn'
    ? foreseeRecall(context, { cause: 'consent-withdrawn', ended: withdrawnConsent(event) })
    : Promise.resolve(null)

/**
 * "A decision would be taken by the Police" (Scrutiny Board 2009, 1.24): where the case would be, and who would lead it, were they to
 * decide for Catch and Control. Nobody is moved by an answer (DPA 2018 s.50A-D).
 */
export const ifPoliceMove = async ({ tx, at, policies }: ChangeContext, offenderId: string) => {
  const rules = policies.bundle.change
  const known: CaseRead | null = rules === undefined ? null : await findCase(tx, { offenderId })
  if (rules === undefined || known === null) return null
  const toStrand = 'catch-and-control'
  const named = { provider: null, namedLeadId: null, agencies: known.agencies }
  const destination = destinationOf({ ...named, state: known, toStrand, table: rules.leadAgency, at })
  return destination.allowed
    ? { toStrand, leadAgencyId: destination.leadAgencyId, row: destination.row, cites: destination.cites }
    : { toStrand, leadAgencyId: null, row: null, cites: destination.reason.cites }
}
