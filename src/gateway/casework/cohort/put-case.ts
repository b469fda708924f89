import { Fault } from '../../../core/fault.ts'
import type { Tx } from '../../../db/db.ts'
import type { CaseRead } from '../../../db/casework/case-facts.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import type { Nomination } from '../../../db/cohort/nominations.ts'
import { findBasis, findNumberHolders, insertFirstPlan, insertNumbers, insertTies, lockNumbers } from '../../../db/cohort/registrations.ts'
import { appendEvent } from '../../../db/events.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { type CaseUses, informed } from '../strand/case-change.ts'
import type { RegistrationRequest } from './registration-request.ts'

interface Registering {
  readonly asked: RegistrationRequest
  readonly nomination: Nomination
  readonly offenderId: string
}

type Refused = Extract<ChangeOutcome<never>, { allowed: false }>

const shielded = (ruleId: string): Refused => ({
  ...{ allowed: false, status: 404, shielded: true },
  reason: { code: 'ncnd', stage: 'R6', ruleId, cites: 'MPA report 2011, paras 28-29; FOIA 2000 s.40(5B); R6' },
})

/**
 * Is the person nominated one whom the gateway may not speak of, or who belongs to another area? Then nothing is said. Of the own
 * area's people the officers of its conference may know.
 */
export const matchRefusal = async (tx: Tx, { asked, nomination, offenderId }: Registering): Promise<Refused | null> => {
  if (asked.offenderId !== null) {
    const found = await findBasis(tx, offenderId)
    if (found === null || found.areaId !== nomination.areaId || !['cohort', 'closed'].includes(found.basis))
      return shielded('r6-named-person')
    if (found.basis === 'cohort') throw new Fault('conflict', 'The person is in the cohort already.')
  }
  await lockNumbers(tx, nomination.identifiers)
  const holders = await findNumberHolders(tx, { agencyId: nomination.byAgency, numbers: nomination.identifiers })
  const others = holders.filter((holder) => holder.offenderId !== offenderId)
  if (others.length === 0) return null
  const ownArea = others.every(({ basis, areaId }) => areaId === nomination.areaId && (basis === 'cohort' || basis === 'closed'))
  if (!ownArea) return shielded('r6-number-held')
  throw new Fault('conflict', 'A person of this area carries a number of the person nominated: find them, and name them as offenderId.')
}

/** Numbers, ties and the first plan: each intervention with its named person, the case with its manager and its nominating agency. */
export const putCase = async (uses: CaseUses, context: ChangeContext, { asked, nomination, offenderId }: Registering): Promise<void> => {
  const { tx, at, caller } = context
  const { plan } = asked
  await insertNumbers(tx, { offenderId, agencyId: nomination.byAgency, numbers: nomination.identifiers })
  const owners = [...new Map(plan.interventions.map((one) => [`${one.agencyId} ${one.personSub}`, one])).values()]
  const ties = [
    { kind: 'lead-case-manager' as const, ...plan.leadCaseManager },
    ...owners.map(({ agencyId, personSub }) => ({ kind: 'intervention-owner' as const, agencyId, personSub })),
    { kind: 'nominating-agency' as const, agencyId: nomination.byAgency, personSub: null },
  ]
  await insertTies(
    tx,
    offenderId,
    ties.map((tie) => ({ id: uses.newId(), ...tie })),
    at,
  )
  const planId = uses.newId()
  await insertFirstPlan(tx, {
    ...{ id: planId, offenderId, strand: asked.strand, leadManager: plan.leadCaseManager, owners: plan.interventions, at },
    ...{ reviewOn: plan.reviewOn, byAgency: caller.agencyId, byPerson: caller.personSub! },
    sealed: uses.seal(JSON.stringify(plan.interventions), { table: 'interventions_plan', id: planId, column: 'sealed' }),
  })
}

interface Registered extends Registering {
  readonly registrationId: string
  readonly known: CaseRead
  readonly leadAgencyId: string
}

/** Those who will work with the person are told; a score that decided alone is reported to information governance (1.27). */
export const tellRegistered = async (uses: CaseUses, { tx, at }: ChangeContext, told: Registered): Promise<void> => {
  const { asked, nomination, offenderId, registrationId } = told
  const deliver = asked.plan.interventions.map(({ agencyId }) => agencyId)
  const toAgencyIds = informed(told.known, at, [told.leadAgencyId, nomination.byAgency, asked.supervisorAgencyId, ...deliver])
  const refs = { registrationId, nominationId: nomination.id, cohort: asked.cohort }
  await appendEvent(tx, { id: uses.newId(), kind: 'registered', toAgencyIds, offenderId, refs, at })
  await closeTask(tx, { kind: 'nomination-matching', subjectKey: nomination.id, outcome: 'registered', at })
  await closeTask(tx, { kind: 'deselection-reconsidering', subjectKey: offenderId, outcome: 'registered', at })
  if (!asked.scoreOnly) return
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'score-only-report', offenderId: null, subjectKey: registrationId, dueAt: null, openedAt: at },
    ...{ ownerAgencyId: uses.partnershipId, ownerRole: 'ig-officer', ownerPersonSub: null },
    detail: { registrationId, criteriaVersion: asked.criteriaVersion },
  })
}
