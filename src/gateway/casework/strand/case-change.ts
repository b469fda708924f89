import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { holdsAt, relationshipTo } from '../../../core/case/relationship.ts'
import type { ChangeRules } from '../../../core/casework/lead/change-rules.ts'
import type { Refused, Unfit } from '../../../core/casework/lead/verdict.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Relationship } from '../../../core/facts.ts'
import { Fault } from '../../../core/fault.ts'
import type { Subject } from '../../../core/snapshot.ts'
import type { LogEvent } from '../../../core/decision-vocabulary.ts'
import { type CaseQuestion, type CaseRead, findCase } from '../../../db/casework/case-facts.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../commit/change.ts'

export interface CaseUses {
  readonly commitChange: CommitChange
  readonly newId: () => string
  /** Seals free text about a person for the column it stands in. */
  readonly seal: (text: string, place: { readonly table: string; readonly id: string; readonly column: string }) => Uint8Array
  /** In whose name information governance is told. */
  readonly partnershipId: string
}

/** Those who work with the person (in a prison, those who hold them); whoever merely may see who is in the cohort changes nothing. */
export const working: readonly Relationship[] = [
  'lead-case-manager',
  'case-manager',
  'intervention-owner',
  'core-member',
  'prison-reception',
]

export interface CaseContext extends ChangeContext {
  readonly known: CaseRead
  readonly relationship: Relationship
  readonly rules: ChangeRules
}

export interface CaseChange<Body> {
  readonly caller: Caller
  readonly request: OperationRequest
  readonly operation: string
  readonly event: LogEvent
  /** What is named besides the person, read along. */
  readonly question?: Omit<CaseQuestion, 'offenderId'>
  readonly by?: readonly Relationship[]
  readonly detail: Readonly<Record<string, unknown>>
  /** A route besides a relationship; only asked where there is none. */
  readonly otherRoute?: (context: ChangeContext, known: CaseRead) => Promise<boolean>
  run(context: CaseContext): Promise<ChangeOutcome<Body>>
}

const shielded = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'case-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
} as const

const needToKnow = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R13', ruleId: 'case-change-working', cites: 'Case Conferencing Guidance 2009, 1.3 b10; R13' },
} as const

const noRules = {
  allowed: false,
  status: 403,
  reason: { code: 'default', stage: 'R46', ruleId: 'change-rules-published', cites: 'Strand Clarification 2009; R46' },
} as const

export const offenderIdIn = (request: OperationRequest): string => (request.params.offenderId ?? '').toLowerCase()

/** A change of one case: its lock first, then the facts, the shield, the need to know, and only then what is asked. */
export const changeCase = <Body>(uses: Pick<CaseUses, 'commitChange'>, change: CaseChange<Body>): Promise<Answer> => {
  const offenderId = offenderIdIn(change.request)
  return uses.commitChange<Body>(change.caller, {
    operation: change.operation,
    event: change.event,
    offenderId,
    locks: [{ class: 'subject', id: offenderId }],
    idempotencyKey: change.request.idempotencyKey,
    detail: change.detail,
    async run(context) {
      const known = await findCase(context.tx, { ...change.question, offenderId })
      if (known === null || known.basis !== 'cohort') return shielded
      const { relationship } = relationshipTo(context.standing, asSubject(known), context.at)
      const routed = relationship !== 'none' || (await change.otherRoute?.(context, known)) === true
      if (!routed) return shielded
      if (relationship !== 'none' && !(change.by ?? working).includes(relationship)) return needToKnow
      const rules = context.policies.bundle.change
      return rules === undefined ? noRules : change.run({ ...context, known, relationship, rules })
    },
  })
}

/** As much of the person as a relationship is weighed by. */
const asSubject = (known: CaseRead): Subject => ({
  ...known,
  ...{ givenName: '', familyName: '', processingRestricted: false, identifiers: [], consentEvents: [], hosted: [] },
  ...{ reviewOn: null, longTermCustody: false },
})

/** A rule's refusal as an outcome; what merely does not fit is a fault that says where. */
export const refusedBy = (verdict: Refused | Unfit): Extract<ChangeOutcome<never>, { allowed: false }> => {
  if ('unfit' in verdict) throw new Fault('invalid', 'This does not fit the case as it stands.', { details: [verdict.unfit] })
  return { allowed: false, status: verdict.status, reason: verdict.reason }
}

/** What was read is what is changed: the second of two who read the same version is told so (RFC 9110 section 13.1.1). */
export const requireVersion = (ifMatch: string | null, version: number): void => {
  if (ifMatch === null) throw new Fault('precondition-required', 'Send If-Match with the ETag of the case as you read it.')
  if (ifMatch !== etagOf(version))
    throw new Fault('precondition-failed', 'The case has changed since you read it. Read it again, then decide.')
}

export const etagOf = (version: number): string => `"${version}"`

/** Who is told of a change: the lead, the police of the area, and every agency that works with the person now. */
export const informed = (known: CaseRead, at: Date, more: readonly (string | null)[] = []): readonly string[] => {
  const police = known.agencies.filter(({ kind }) => kind === 'police').map(({ id }) => id)
  const partners = known.relationships.filter((tie) => holdsAt(tie, at)).map(({ agencyId }) => agencyId)
  return [...new Set([known.leadAgencyId, ...police, ...partners, ...more].filter((id) => id !== null))]
}
