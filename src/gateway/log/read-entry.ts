import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { Standing } from '../../core/snapshot.ts'
import type { ReasonCode } from '../../core/vocabulary.ts'
import { findEntry, type StoredEntry } from '../../db/log/log-reading.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import { holdsRole, isPartnershipOfficer } from '../roles.ts'

/**
 * Operation `readEntry`: why was this decided so? Whoever asked sees their own answer explained, no more than they were told;
 * an information-governance officer sees everything but their own accesses (R42). The reading is itself an entry.
 */
export const readEntry =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const entryId = request.params.entryId!.toLowerCase()
    const body = request.body as { purpose: string; justification: string }
    return commitChange(caller, {
      operation: 'readEntry',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: { read: entryId, logPurpose: body.purpose, justification: body.justification },
      run: (context) => runReading(context, caller, entryId),
    })
  }

type Content = Readonly<Record<string, unknown>>

const runReading = async (context: ChangeContext, caller: Caller, entryId: string): Promise<ChangeOutcome<object>> => {
  const stored = await findEntry(context.tx, entryId)
  const view = stored === null ? 'none' : viewOf(context, caller, stored)
  // An entry that is not there and one that is not yours to read are the same answer.
  if (stored === null || view === 'none') return { allowed: false, reason: notYours, status: 404 }
  const content = JSON.parse(stored.canonical.toString('utf8')) as Content
  return {
    allowed: true,
    status: 200,
    body: { entry: view === 'officer' ? forOfficer(context, content) : forAsker(context, content) },
    detail: { view },
  }
}

const notYours = {
  code: 'log-purpose',
  stage: 'R42',
  ruleId: 'log-own-or-officer',
  cites: 'DPA 2018 s.62(4); R42',
} as const

const viewOf = ({ standing, at }: { standing: Standing; at: Date }, caller: Caller, stored: StoredEntry): 'asker' | 'officer' | 'none' => {
  const own = stored.agencyId === caller.agencyId && stored.personSub === caller.personSub
  if (own) return 'asker'
  if (isPartnershipOfficer(standing, ['ig-officer'], at)) return 'officer'
  return stored.agencyId === caller.agencyId && holdsRole(standing, ['ig-officer', 'dpo'], at) ? 'officer' : 'none'
}

interface StoredReason {
  readonly code: ReasonCode
  /** Absent where only the rule was kept: its stage stands in the bundle. */
  readonly stage?: string
  readonly ruleId: string
}

const explainWith = (policies: Policies) => {
  const rules = new Map(
    policies.bundle.stages.flatMap(({ stage, rules: own }) => own.map((rule) => [rule.id, { stage, cites: rule.cites }] as const)),
  )
  return <Reason extends StoredReason>(reason: Reason) => {
    const rule = rules.get(reason.ruleId)
    const stage = reason.stage ?? rule?.stage ?? 'R26'
    const words = policies.bundle.reasons[reason.code] as { says: string; nextStep: string } | undefined
    return { ...reason, stage, cites: rule?.cites ?? stage, says: words?.says ?? reason.code, nextStep: words?.nextStep ?? '' }
  }
}

/** Every stage with its rule, its paragraph and the facts it read, as the decision was made. */
const forOfficer = ({ policies, standing }: ChangeContext, content: Content): Content => {
  const explain = explainWith(policies)
  const agency = (content.caller as { agencyId?: string } | null)?.agencyId
  const masked =
    agency === standing.agency.id || content.justification === undefined ? {} : { justification: 'masked: another agency’s words' }
  return { ...content, ...masked, categories: linesOf(content).map((line) => ({ ...line, ...explainedParts(line, explain) })) }
}

/** No more than the answer said: a shielded refusal stays one, whatever its true reason was. */
const forAsker = ({ policies }: ChangeContext, content: Content): Content => {
  const { entryId, at, operation, event, effect, purpose, policy, justification, legalGateway } = content
  const common = { entryId, at, operation, purpose, policy, justification: justification ?? null, legalGateway: legalGateway ?? null }
  if (content.shielded === true || effect === 'deny-ncnd')
    return { ...common, event: 'access-denied', effect: 'deny-ncnd', reason: 'ncnd', categories: [] }
  const explain = explainWith(policies)
  return { ...common, event, effect, reason: content.reason, categories: linesOf(content).map((line) => askerLine(line, explain)) }
}

const linesOf = (content: Content): readonly Content[] => (Array.isArray(content.categories) ? (content.categories as Content[]) : [])
const reasonsOf = (line: Content): readonly StoredReason[] => (line.reasons as StoredReason[] | undefined) ?? []

/** Whatever was withheld says why: the category, each field and each item. */
const explainedParts = (line: Content, explain: (reason: StoredReason) => object): Content => ({
  reasons: reasonsOf(line).map(explain),
  ...(line.outcome === 'record' ? { withheldFields: partsOf(line, 'withheldFields').map(explain) } : {}),
  ...(line.outcome === 'unavailable' ? {} : { withheldItems: partsOf(line, 'withheldItems').map(explain) }),
})

const partsOf = (line: Content, name: 'withheldFields' | 'withheldItems'): readonly StoredReason[] =>
  (line[name] as StoredReason[] | undefined) ?? []

const askerLine = (line: Content, explain: (reason: StoredReason) => object): Content => {
  const shielded = line.effect === 'deny-ncnd'
  // Where each item was refused, the category has no reason of its own.
  const first = reasonsOf(line)[0] ?? (line.outcome === 'withheld' ? partsOf(line, 'withheldItems')[0] : undefined)
  return {
    category: line.category,
    outcome: line.outcome,
    supplier: shielded ? null : line.supplier,
    effect: line.effect,
    agreement: shielded ? null : line.agreement,
    // When a refusal would lapse hangs on the person, and a refusal told of everybody alike must not.
    validUntil: line.outcome === 'withheld' ? null : line.validUntil,
    reasons: shielded ? [explain({ code: 'ncnd', stage: 'R7', ruleId: 'r7' })] : first === undefined ? [] : [explain(first)],
    ...(line.outcome === 'record'
      ? {
          fields: line.fields,
          items: line.items,
          withheldFields: partsOf(line, 'withheldFields').map(explain),
          withheldItems: partsOf(line, 'withheldItems').map(explain),
          obligations: line.obligations,
        }
      : {}),
    ...(line.outcome === 'unavailable' ? { because: line.because } : {}),
  }
}
