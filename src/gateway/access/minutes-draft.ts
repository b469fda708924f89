import { caseFactsOf } from '../../core/case/derive-facts.ts'
import { earliest } from '../../core/earliest.ts'
import { insertRequestableDenial } from '../../db/disclosure/access-requests.ts'
import { personOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext } from '../commit/change.ts'
import type { Draft, Reading } from '../commit/logged-work.ts'
import { draftEnquiry } from '../enquiry/draft-enquiry.ts'
import type { CategoryOutcome } from '../enquiry/decide-enquiry.ts'
import { firstReason, obligationsOf, verdictOf } from '../enquiry/enquiry-answer.ts'
import { type AccessQuestion, askedOf, deniedAnswer, permittedAnswer, unsaidAnswer } from './evaluation.ts'
import type { Approval, WeighedApproval } from './weigh-approval.ts'
import type { WeighedDirectly } from './weigh-direct.ts'

interface About {
  readonly context: ChangeContext
  readonly reading: Reading
  readonly question: AccessQuestion
  readonly approval: Approval | null
}

export interface WeighedMinutes {
  /** Null: whoever asks may not know of the meeting but by the approval. */
  readonly direct: WeighedDirectly | null
  /** Null: no approval that applies, or nothing left of it. */
  readonly approved: WeighedApproval | null
  readonly requestable: boolean
}

/** The draft of the profile lets a denial be asked about for minutes, not days: what stands behind it goes on changing. */
const ASKED_WITHIN_MS = 15 * 60_000

/** Somebody or something there is not, or that is not theirs to know of. */
export const draftUnsaid = ({ ask, conferenceId }: AccessQuestion): Draft => ({
  entry: {
    ...{ event: 'access-denied', effect: 'deny-ncnd', reason: 'ncnd', offenderId: ask.offenderId, purpose: ask.purpose },
    content: { ...askedOf(ask), conferenceId, shielded: true, stage: 'R5', ruleId: 'meeting-route' },
  },
  ...{ receipt: {}, disclosures: [], validUntil: null, refusesWhoever: true },
  answer: unsaidAnswer,
})

export const draftMinutes = (about: About, weighed: WeighedMinutes): Draft => {
  const { question, approval } = about
  const outcomes = weighed.approved?.weighed.outcomes ?? weighed.direct?.outcomes ?? []
  const drafted = draftEntry(about, outcomes)
  const requestable = weighed.requestable && verdictOf(outcomes) === 'refused'
  const relied = weighed.approved === null ? {} : { permissionId: approval!.permission.id, requestId: approval!.file.id }
  const content = { ...drafted.entry.content, conferenceId: question.conferenceId, ...relied, requestable }
  const draft: Draft = { ...drafted, entry: { ...drafted.entry, content }, refusesWhoever: false }
  if (verdictOf(outcomes) === 'shielded' || weighed.approved?.refused?.shielded === true) return unsaid(draft)
  return permits(weighed) ? permit(about, weighed, draft) : deny(about, draft, { weighed, outcomes, requestable })
}

const unsaid = (draft: Draft): Draft => ({
  ...draft,
  entry: { ...draft.entry, event: 'access-denied', effect: 'deny-ncnd' },
  validUntil: null,
  answer: unsaidAnswer,
})

const permits = ({ direct, approved }: WeighedMinutes): boolean => direct?.permitted === true || approved?.refused === null

const draftEntry = ({ context, reading, question: { ask } }: About, categories: readonly CategoryOutcome[]): Draft => {
  const { standing, subjects, at } = context
  const subject = subjects.get(ask.offenderId) ?? null
  const caseFacts = caseFactsOf({ standing, subject, ask, at })
  return draftEnquiry({ reading: { ...reading, standing, subject }, outcome: { caseFacts, categories }, ask, preview: true })
}

const permit = ({ reading, approval }: About, { direct, approved }: WeighedMinutes, draft: Draft): Draft => {
  const outcomes = approved?.weighed.outcomes ?? direct!.outcomes
  const records = outcomes.filter((one) => one.kind === 'record')
  const until = approved === null ? null : approval!.permission.expiresAt
  const handling = approved === null ? [] : approval!.permission.handling
  const validUntil = earliest([draft.validUntil, until])
  const told = {
    policy: reading.policyHash,
    obligations: [...new Set([...records.flatMap(obligationsOf), ...handling])],
    valid_until: validUntil?.toISOString() ?? null,
    ...(until === null ? {} : { approval: { id: approval!.permission.id, approved_until: until.toISOString() } }),
  }
  return { ...draft, validUntil, answer: (committed) => permittedAnswer(committed, told) }
}

interface Denying {
  readonly weighed: WeighedMinutes
  readonly outcomes: readonly CategoryOutcome[]
  readonly requestable: boolean
}

const deny = (about: About, drafted: Draft, { weighed, outcomes, requestable }: Denying): Draft => {
  const { reading, question, context } = about
  const { ask, conferenceId, caller } = question
  const reason = weighed.approved?.refused?.reason ?? firstReason(outcomes)!
  // Words that rest on several paragraphs are refused where one of them is, whatever is decided of the others.
  const entry = { ...drafted.entry, event: 'access-denied', effect: 'deny', reason: reason.code } as const
  const draft: Draft = { ...drafted, entry, validUntil: null }
  const again = againOf(about, weighed, requestable)
  if (!requestable) return { ...draft, answer: (committed) => deniedAnswer(reading, reason, committed, again) }
  const expiresAt = new Date(context.at.getTime() + ASKED_WITHIN_MS)
  const access_request = { expires_at: expiresAt.toISOString(), template: 'chair-permission' }
  return {
    ...draft,
    answer: (committed) => deniedAnswer(reading, reason, committed, { ...again, access_request }),
    alongside: (tx, evaluationId) =>
      insertRequestableDenial(tx, {
        ...{ evaluationId, person: personOf(caller), conferenceId: conferenceId!, offenderId: ask.offenderId },
        ...{ purpose: ask.purpose!, legalGateway: ask.legalGateway!, evaluatedAt: context.at, expiresAt },
      }),
  }
}

/** What is left to do where an approval was named and does not carry, in the codes of the profile. */
const againOf = ({ question, approval }: About, { approved }: WeighedMinutes, requestable: boolean): Readonly<Record<string, unknown>> => {
  if (question.approvalId === null) return {}
  const next_action = requestable ? 'request' : 'none'
  if (approval === null || approved === null) return { reason: 'approval_unverifiable', next_action }
  if (approval.state === 'expired' || approval.state === 'revoked') return { reason: 'approval_expired', next_action }
  if (question.ask.purpose !== approval.file.purpose) return { reason: 'out_of_scope', next_action }
  return { reason: 'policy_denied', next_action: 'none' }
}
