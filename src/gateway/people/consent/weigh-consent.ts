import { capacityFits, concernsStrand, consentFollowUp } from '../../../core/case/consent.ts'
import { relationshipTo } from '../../../core/case/relationship.ts'
import type { ReasonCode } from '../../../core/decision-vocabulary.ts'
import type { Relationship } from '../../../core/facts.ts'
import type { ConsentEvent, Subject } from '../../../core/snapshot.ts'
import { categories, purposes } from '../../../core/vocabulary.ts'
import type { Tx } from '../../../db/db.ts'
import { listAgencyKinds, readFacts } from '../../../db/facts.ts'
import { findRegisteredAgencies } from '../../../db/registry/agreements.ts'
import type { Said as Followed } from '../../casework/strand/consent-questions.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { eventFrom, invalid, type Said } from './said.ts'

/** Those who work with the person record what the person agreed to. */
const mayRecordConsent: readonly Relationship[] = ['lead-case-manager', 'case-manager', 'intervention-owner', 'core-member']

export interface Weighed extends Followed {
  /** Of those who may record whatever the person says, and not only that they refuse. */
  readonly worksWith: boolean
}

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const shielded: Refusal = {
  allowed: false,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'consent-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
}

/**
 * May this be recorded of this person by this caller, and what question would it put? The same for whoever records it and whoever asks
 * beforehand what would come of it.
 */
export const weighConsent = async (
  context: ChangeContext,
  about: { readonly offenderId: string; readonly eventId: string; readonly said: Said },
): Promise<Weighed | Refusal> => {
  const { tx, at, standing } = context
  const { offenderId } = about
  const { subjects } = await readFacts(tx, { offenderIds: [offenderId], agencyIds: [], categories: [] })
  const subject = subjects.get(offenderId) ?? null
  const { relationship } = relationshipTo(standing, subject, at)
  if (subject === null || subject.basis !== 'cohort' || relationship === 'none') return shielded
  const event = eventFrom(about.said, { id: about.eventId, offenderId, recordedAt: at })
  const refusal = refusalOf(event, { subject, relationship })
  if (refusal !== null) return refusal
  await requireAgencies(tx, event.scope.recipients)
  const worksWith = mayRecordConsent.includes(relationship)
  return { subject, event, worksWith, followUp: await followUpOf(context, subject, event) }
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
