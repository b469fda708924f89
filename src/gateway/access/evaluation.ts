import type { Answer } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Reason } from '../../core/decision/decision.ts'
import { Fault } from '../../core/fault.ts'
import type { Ask } from '../../core/snapshot.ts'
import type { Category, LegalGateway, Purpose } from '../../core/vocabulary.ts'
import type { Committed, Draft, Reading } from '../commit/logged-work.ts'
import { explained, ncnd } from '../commit/refusal.ts'

/** One question of OpenID AuthZEN 1.0, as the contract has it; in a batch what is left out is what the batch says of all. */
export interface EvaluationBody {
  readonly subject?: { readonly type: 'person'; readonly id: string }
  readonly action?: { readonly name: 'read' }
  readonly resource?: ResourceBody
  readonly context?: ContextBody
}

export interface ResourceBody {
  readonly type: 'record' | 'minutes'
  readonly id: string
  readonly properties: { readonly category?: Category; readonly fields?: readonly string[]; readonly offenderId?: string }
}

export interface ContextBody {
  readonly purpose?: Purpose | null
  readonly legalGateway?: LegalGateway | null
  readonly justification?: string | null
  readonly bestInterestsNote?: string
  /** What an approved task gave: named again, it is weighed again. */
  readonly approval?: { readonly id: string }
}

export interface AccessQuestion {
  readonly operation: string
  readonly caller: Caller
  /** Only one's own access is told: what somebody else may see would say who they are and what they work on. */
  readonly aboutOneself: boolean
  readonly ask: Ask
  /** Null: a category of records about the person; otherwise what this meeting's papers say of the person. */
  readonly conferenceId: string | null
  readonly approvalId: string | null
}

const missing = (path: string): Fault =>
  new Fault('invalid', 'This cannot be evaluated.', { details: [{ path, message: 'is needed for this evaluation' }] })

/** @param path of the question in the request, for whoever left something out of it */
export const questionOf = (body: EvaluationBody, about: { operation: string; caller: Caller; path: string }): AccessQuestion => {
  const { operation, caller, path } = about
  const { subject, action, resource, context = {} } = body
  if (subject === undefined) throw missing(`${path}/subject`)
  if (action === undefined) throw missing(`${path}/action`)
  if (resource === undefined) throw missing(`${path}/resource`)
  const { category, fields, offenderId } = resource.properties
  const records = resource.type === 'record'
  if (records && category === undefined) throw missing(`${path}/resource/properties/category`)
  if (!records && offenderId === undefined) throw missing(`${path}/resource/properties/offenderId`)
  const { purpose = null, legalGateway = null, justification = null, bestInterestsNote } = context
  const id = records ? category! : 'conf-minutes'
  const asked = {
    id,
    ...(fields === undefined || !records ? {} : { fields }),
    ...(bestInterestsNote === undefined ? {} : { bestInterestsNote }),
  }
  return {
    ...{ operation, caller, aboutOneself: subject.id === caller.personSub, approvalId: context.approval?.id.toLowerCase() ?? null },
    ask: { offenderId: (records ? resource.id : offenderId!).toLowerCase(), categories: [asked], purpose, legalGateway, justification },
    conferenceId: records ? null : resource.id.toLowerCase(),
  }
}

type Told = Readonly<Record<string, unknown>>

const evaluated = ({ entryId, at }: Committed) => ({ evaluation_id: entryId, evaluated_at: at.toISOString() })

const answer = (committed: Committed, decision: boolean, told: Told): Answer => ({
  ...{ status: 200, entryId: committed.entryId },
  body: { decision, context: { ...evaluated(committed), ...told } },
})

export const permittedAnswer = (committed: Committed, told: Told): Answer => answer(committed, true, told)

/** A denial with its words; `more` may say in the profile's own codes what to do next. */
export const deniedAnswer = (reading: Reading, reason: Reason, committed: Committed, more: Told = {}): Answer => {
  const { code, ...words } = explained(reading.policies, reason)
  return answer(committed, false, { reason: code, code, ...words, ...more })
}

/** The one answer about an invented person, a shielded and an excluded one; it never carries a way to ask (invariant I5). */
export const unsaidAnswer = (committed: Committed): Answer => {
  const { code, stage, cites, detail, nextStep } = ncnd(committed.entryId).body as Readonly<Record<string, string>>
  return { ...answer(committed, false, { reason: code, code, stage, cites, says: detail, nextStep }), shielded: true }
}

const notOneself: Reason = {
  ...{ code: 'need-to-know', stage: 'R13', ruleId: 'evaluation-of-oneself' },
  cites: 'DPA 2018 s.37: everybody asks what they may see themselves; R13',
}

/** What somebody else may see is nobody's to ask: refused alike whoever and whatever it is about. */
export const draftNotOneself = (reading: Reading, { ask, conferenceId }: AccessQuestion): Draft => ({
  entry: {
    ...{ event: 'access-denied', effect: 'deny', reason: notOneself.code, offenderId: ask.offenderId, purpose: ask.purpose },
    content: { ...askedOf(ask), conferenceId, stage: notOneself.stage, ruleId: notOneself.ruleId },
  },
  ...{ receipt: {}, disclosures: [], validUntil: null, refusesWhoever: true },
  answer: (committed) => deniedAnswer(reading, notOneself, committed),
})

export const askedOf = ({ legalGateway, justification }: Ask) => ({ legalGateway, justification })
