import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { destinationOf, type NamedProvider } from '../../../core/casework/lead/destination.ts'
import type { ChangeRules } from '../../../core/casework/lead/change-rules.ts'
import { registrationFailing } from '../../../core/casework/registration.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { londonDay } from '../../../core/london.ts'
import { usable, versionStanding } from '../../../core/agreements/agreement.ts'
import { type CaseRead, findCase } from '../../../db/casework/case-facts.ts'
import { listAgencyKinds } from '../../../db/facts.ts'
import { findNomination, type Nomination } from '../../../db/cohort/nominations.ts'
import { enterCohort, insertRegistration, setLead } from '../../../db/cohort/registrations.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { type CaseUses, refusedBy } from '../strand/case-change.ts'
import { checkPlan } from '../strand/strand-request.ts'
import { conferenceAgencies, conferenceRefusal, failed, isOfficerOf } from './conference-decision.ts'
import { matchRefusal, putCase, tellRegistered } from './put-case.ts'
import { type RegistrationRequest, registrationRequestIn } from './registration-request.ts'

/**
 * Operation `register`: what the area's conference decided on a nomination. "Score, conference evidence and professional judgement"
 * (Scrutiny Board 2009, 1.26): every agency's view, the version of the criteria, a plan with named people, and a day for the review.
 */
export const register =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const nominationId = (request.params.nominationId ?? '').toLowerCase()
    const asked = registrationRequestIn(request.body)
    const offenderId = asked.offenderId ?? uses.newId()
    return uses.commitChange(caller, {
      operation: 'register',
      event: 'collection',
      offenderId,
      locks: [{ class: 'subject', id: offenderId }],
      idempotencyKey: request.idempotencyKey,
      detail: {
        ...{ nominationId, conferenceId: asked.conferenceId, cohort: asked.cohort, criteriaVersion: asked.criteriaVersion },
        ...{ score: asked.score, scoreOnly: asked.scoreOnly, views: asked.views, reviewOn: asked.plan.reviewOn },
      },
      async run(context) {
        const rules = context.policies.bundle.change
        if (rules === undefined) return noRules
        const nomination = await nominationFor(context, nominationId)
        return decide(uses, context, { asked, nomination, offenderId, rules })
      },
    })
  }

const noRules = {
  allowed: false,
  status: 403,
  reason: { code: 'default', stage: 'R46', ruleId: 'change-rules-published', cites: 'R33; R46' },
} as const

const nominationFor = async ({ tx, standing, at }: ChangeContext, nominationId: string): Promise<Nomination> => {
  const found = await findNomination(tx, nominationId)
  if (found === null || found.proposes !== 'add' || !isOfficerOf(standing, found.areaId, at))
    throw new Fault('not-found', 'No such nomination waits for you.')
  if (found.registered) throw new Fault('conflict', 'This nomination was registered already.')
  return found
}

interface Deciding {
  readonly asked: RegistrationRequest
  readonly nomination: Nomination
  readonly offenderId: string
  readonly rules: ChangeRules
}

const decide = async (uses: CaseUses, context: ChangeContext, deciding: Deciding): Promise<ChangeOutcome<object>> => {
  const { asked, nomination, offenderId, rules } = deciding
  const { tx, at } = context
  const { areaId } = nomination
  const held = await conferenceRefusal(tx, { conferenceId: asked.conferenceId, areaId, at })
  if (held !== null) return held
  const bornOn = asked.bornOn ?? nomination.bornOn
  const yosAgencyIds = (await listAgencyKinds(tx)).filter(({ kind }) => kind === 'yos').map(({ id }) => id)
  const agencyIds = await conferenceAgencies(tx, areaId)
  const { mostDays: mostReviewDays } = rules.clocks.review
  const proposed = { ...asked, bornOn, interventions: asked.plan.interventions, reviewOn: asked.plan.reviewOn }
  const failing = registrationFailing(proposed, { today: londonDay(at), mostReviewDays, agencyIds, yosAgencyIds })
  if (failing !== null) return failed(failing)
  const match = await matchRefusal(tx, deciding)
  if (match !== null) return match
  const { givenName, familyName } = nomination
  const { cohort, strand, statutory, supervisorAgencyId, dip } = asked
  const person = { offenderId, givenName, familyName, bornOn: bornOn!, cohort, strand, statutory, supervisorAgencyId, dip, areaId, at }
  if (!(await enterCohort(tx, { ...person, reviewOn: asked.plan.reviewOn })))
    throw new Fault('conflict', 'The person is in the cohort already.')
  return write(uses, context, deciding)
}

/** The person is there now, so that the lead is found by the very rules that later moves are decided by. */
const write = async (uses: CaseUses, context: ChangeContext, deciding: Deciding): Promise<ChangeOutcome<object>> => {
  const { asked, nomination, offenderId, rules } = deciding
  const { tx, at, caller } = context
  const { plan, providerAgencyId } = asked
  const people = [plan.leadCaseManager, ...plan.interventions]
  const known = (await findCase(tx, { offenderId, providerAgencyId, people }))!
  const { leadAgencyId: namedLeadId, strand: toStrand } = asked
  const table = rules.leadAgency
  const destination = destinationOf({
    ...{ state: known, toStrand, namedLeadId, agencies: known.agencies, table, at },
    provider: providerOf(known, asked, at),
  })
  if (!destination.allowed) return refusedBy(destination)
  checkPlan(asked, { leadAgencyId: destination.leadAgencyId, people: known.people, mostDays: rules.clocks.review.mostDays, at })
  await setLead(tx, offenderId, destination.leadAgencyId)
  const registrationId = uses.newId()
  const { offence, justiceStatus, agreementToRegister, scoreOnlyReason } = asked
  const registered = await insertRegistration(tx, {
    ...{ id: registrationId, nominationId: nomination.id, offenderId, conferenceId: asked.conferenceId, cohort: asked.cohort, at },
    ...{ criteriaVersion: asked.criteriaVersion, score: asked.score, scoreOnly: asked.scoreOnly, views: asked.views },
    sealed: uses.seal(JSON.stringify({ offence, justiceStatus, agreementToRegister, scoreOnlyReason }), {
      ...{ table: 'registration', id: registrationId, column: 'sealed' },
    }),
    ...{ reviewOn: plan.reviewOn, byAgency: caller.agencyId, byPerson: caller.personSub! },
  })
  if (!registered) throw new Fault('conflict', 'This nomination was registered already.')
  await putCase(uses, context, { asked, nomination, offenderId })
  await tellRegistered(uses, context, { asked, nomination, offenderId, registrationId, known, leadAgencyId: destination.leadAgencyId })
  const { leadAgencyId, row } = destination
  return {
    ...{ allowed: true, status: 201, detail: { registrationId, leadAgencyId, row } },
    body: {
      registrationId,
      offenderId,
      nominationId: nomination.id,
      leadAgencyId,
      row,
      reviewOn: plan.reviewOn,
      recordedAt: at.toISOString(),
    },
  }
}

const providerOf = ({ provider }: CaseRead, { plan }: RegistrationRequest, at: Date): NamedProvider | null => {
  if (provider === null) return null
  const signed = provider.versions.some((version) => version.terms.kind === 'partnership' && usable(versionStanding(version, at).standing))
  return { id: provider.id, kind: provider.kind, signed, delivers: plan.interventions.some(({ agencyId }) => agencyId === provider.id) }
}
