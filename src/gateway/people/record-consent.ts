import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { capacityFits, concernsStrand, consentFollowUp } from '../../core/case/consent.ts'
import type { Relationship } from '../../core/facts.ts'
import { Fault } from '../../core/fault.ts'
import { relationshipTo } from '../../core/case/relationship.ts'
import type { ConsentEvent, Subject } from '../../core/snapshot.ts'
import { categories, purposes } from '../../core/vocabulary.ts'
import { type ReasonCode } from '../../core/decision-vocabulary.ts'
import { findRegisteredAgencies } from '../../db/registry/agreements.ts'
import { insertConsentEvent } from '../../db/people/consent-events.ts'
import { withdrawnConsent } from '../../db/copies/ended.ts'
import type { Tx } from '../../db/db.ts'
import { listAgencyKinds, readFacts } from '../../db/facts.ts'
import { raiseConsentQuestion } from '../casework/strand/consent-questions.ts'
import { raiseRecall, type Recalled } from '../copies/raise-recall.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'

/** Those who work with the person record what the person agreed to. */
const mayRecordConsent: readonly Relationship[] = ['lead-case-manager', 'case-manager', 'intervention-owner', 'core-member']

/**
 * Records what a person said about sharing. The gates it closes are closed when this is answered: every release under way
 * decides again behind the subject's lock. "It must be as easy to withdraw consent as to give it" (DPA 2018 s.40A), so whoever
 * has a route to the person may record that they refuse or withdraw.
 */
export const recordConsent =
  (uses: { readonly commitChange: CommitChange; readonly newId: () => string }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = (request.params.offenderId ?? '').toLowerCase()
    const said = saidIn(request.body)
    return uses.commitChange(caller, {
      operation: 'recordConsent',
      event: 'consent-changed',
      locks: [{ class: 'subject', id: offenderId }],
      offenderId,
      idempotencyKey: request.idempotencyKey,
      detail: { kind: said.kind, scope: said.scope, capacityBasis: said.capacityBasis, justification: said.justification },
      async run(context) {
        const { subjects } = await readFacts(context.tx, { offenderIds: [offenderId], agencyIds: [], categories: [] })
        const subject = subjects.get(offenderId) ?? null
        const { relationship } = relationshipTo(context.standing, subject, context.at)
        if (subject === null || subject.basis !== 'cohort' || relationship === 'none') return shielded
        const event = eventFrom(said, { id: uses.newId(), offenderId, recordedAt: context.at })
        const refusal = refusalOf(event, { subject, relationship })
        if (refusal !== null) return refusal
        await requireAgencies(context.tx, event.scope.recipients)
        await insertConsentEvent(context.tx, event, { agencyId: caller.agencyId, personSub: caller.personSub! })
        const followUp = await followUpOf(context, subject, event)
        await raiseConsentQuestion(uses, context, { subject, event, followUp })
        return recorded(event, { followUp, recall: await askedBack(context, event) })
      },
    })
  }

interface Said {
  readonly kind: ConsentEvent['kind']
  readonly scope: ConsentEvent['scope']
  readonly capacityBasis: ConsentEvent['capacityBasis']
  readonly evidence: string | null
  readonly happenedAt: string
  readonly expiresAt: string | null
  readonly justification: string | null
}

/** The body, which the contract has checked, with what may be left out filled in. */
const saidIn = (body: unknown): Said => {
  const said = body as Pick<Said, 'kind' | 'happenedAt'> & Partial<Omit<Said, 'scope'>> & { scope?: Partial<ConsentEvent['scope']> }
  const { categories = [], recipients = [], purposes = [] } = said.scope ?? {}
  return {
    kind: said.kind,
    scope: { categories, recipients, purposes },
    capacityBasis: said.capacityBasis ?? null,
    evidence: said.evidence ?? null,
    happenedAt: said.happenedAt,
    expiresAt: said.expiresAt ?? null,
    justification: said.justification ?? null,
  }
}

const eventFrom = (said: Said, record: Pick<ConsentEvent, 'id' | 'offenderId' | 'recordedAt'>): ConsentEvent => {
  const happenedAt = new Date(said.happenedAt)
  const expiresAt = said.expiresAt === null ? null : new Date(said.expiresAt)
  const { kind, scope, capacityBasis, evidence } = said
  if (Number.isNaN(happenedAt.getTime())) throw invalid('/happenedAt', 'is not an instant')
  if (happenedAt > record.recordedAt) throw invalid('/happenedAt', 'is still to come; record what has been said')
  if (expiresAt !== null) {
    if (kind !== 'given') throw invalid('/expiresAt', 'belongs to consent given; nothing else runs out')
    if (!(expiresAt > happenedAt)) throw invalid('/expiresAt', 'is not after the consent was given')
  }
  return { ...record, kind, scope, capacityBasis, evidence, happenedAt, expiresAt }
}

const invalid = (path: string, message: string): Fault =>
  new Fault('invalid', 'What was said cannot be recorded like this.', { details: [{ path, message }] })

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const shielded: Refusal = {
  allowed: false,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'consent-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
}

const refusalOf = (event: ConsentEvent, known: { readonly subject: Subject; readonly relationship: Relationship }): Refusal | null => {
  const withdraws = event.kind === 'refused' || event.kind === 'withdrawn'
  if (!withdraws && !mayRecordConsent.includes(known.relationship)) return refused('need-to-know', 'consent-recorder', 'R13', 403)
  if (withdraws && event.capacityBasis === 'mca-assessed-lacks') return refused('consent-invalid', 'consent-capacity-to-refuse', 'R15', 422)
  if (event.kind !== 'given') return null
  // "The controller must be able to demonstrate that the data subject has consented" (DPA 2018 s.40A; UK GDPR Art 7(1)).
  if ((event.evidence ?? '').trim() === '') return refused('evidence', 'consent-evidence', 'R15', 422)
  return capacityFits(event, known.subject.bornOn) ? null : refused('consent-invalid', 'consent-capacity', 'R15', 422)
}

const refused = (code: ReasonCode, ruleId: string, stage: string, status: 403 | 422): Refusal => ({
  allowed: false,
  status,
  reason: { code, stage, ruleId, cites: `DPA 2018 s.40A; Mental Capacity Act 2005 ss.1-3; Scrutiny Board 2009, 1.23; ${stage}` },
})

/** A recipient that nobody is registered as would leave the gate that the person spoke of open. */
const requireAgencies = async (tx: Tx, recipients: readonly string[]): Promise<void> => {
  const known = await findRegisteredAgencies(tx, recipients)
  const at = recipients.findIndex((recipient) => !known.has(recipient))
  if (at >= 0) throw invalid(`/scope/recipients/${at}`, `no agency is registered as ${recipients[at]}`)
}

/** Without rules for it, whatever reaches the police puts the question: asking too often moves nobody. */
const everything = { categories, purposes }

const followUpOf = async ({ tx, policies }: ChangeContext, subject: Subject, event: ConsentEvent) => {
  const policeAgencies = (await listAgencyKinds(tx)).filter(({ kind }) => kind === 'police' || kind === 'dip-police').map(({ id }) => id)
  const sharing = { ...(policies.bundle.change?.consent?.strandQuestion ?? everything), policeAgencies }
  const refusedBefore = subject.consentEvents.some(
    (before) => (before.kind === 'refused' || before.kind === 'withdrawn') && concernsStrand(before, sharing),
  )
  return consentFollowUp(event, { ...sharing, refusedBefore })
}

/** What was released on a consent is wanted back once it is taken back, as far as that was said (R45). */
const askedBack = (context: ChangeContext, event: ConsentEvent): Promise<Recalled | null> =>
  event.kind === 'refused' || event.kind === 'withdrawn'
    ? raiseRecall(context, { cause: 'consent-withdrawn', ended: withdrawnConsent(event) })
    : Promise.resolve(null)

interface Consequence {
  readonly followUp: ReturnType<typeof consentFollowUp>
  readonly recall: Recalled | null
}

const recorded = (event: ConsentEvent, { followUp, recall }: Consequence) => {
  const { id, offenderId, kind, recordedAt } = event
  const body = { eventId: id, offenderId, kind, recordedAt: recordedAt.toISOString() }
  return {
    allowed: true,
    status: 201,
    body,
    detail: { eventId: id, happenedAt: event.happenedAt.toISOString(), followUp, recall },
  } as const
}
