import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { compilePolicies, type Policies } from '../../../core/decision/policy.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../commit/change.ts'
import { type Line, policiesOf } from '../../enquiry/replay-entry.ts'
import { explainStages } from '../../log/explain/explain-stages.ts'
import { callerIn, type Content, linesOf } from '../../log/search/entry-view.ts'
import { type ReadingReasons, refusedReading } from '../../log/search/reading-reasons.ts'
import { getProposedBundle, refusedToOthers } from './proposal.ts'
import { readForTrial } from './read-for-trial.ts'
import { weighLine } from './weigh-line.ts'

interface TrialBody extends ReadingReasons {
  readonly readEntryId: string
}

/** Operation `tryPolicy`: one question that was asked, weighed stage by stage by the rules in force and by those proposed. */
export const tryPolicy =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const hash = request.params.hash!
    const body = request.body as TrialBody
    const entryId = body.readEntryId.toLowerCase()
    return commitChange(caller, {
      operation: 'tryPolicy',
      event: 'log-queried',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { hash, read: entryId, logPurpose: body.purpose ?? null, justification: body.justification ?? null },
      run: async (context) => refusedToOthers(context) ?? refusedReading(body) ?? (await tried(context, { hash, entryId })),
    })
  }

const tried = async (
  context: ChangeContext,
  { hash, entryId }: { readonly hash: string; readonly entryId: string },
): Promise<ChangeOutcome<object>> => {
  const { tx, policyHash: against } = context
  const found = await readForTrial(context, entryId)
  if ('refused' in found) return found.refused
  const { content } = found
  const proposed = compilePolicies(await getProposedBundle(tx, hash))
  const lines = linesOf(content).map((line) => ({
    ...{ category: String(line.category), supplier: typeof line.supplier === 'string' ? line.supplier : null },
    inForce: weighed(policiesOf(content, context.policies), content, line),
    proposed: weighed(policiesOf(content, proposed), content, line),
  }))
  const { operation, purpose, legalGateway } = content
  const asked = { requesterAgencyId: callerIn(content)?.agencyId ?? null, purpose: purpose ?? null, legalGateway: legalGateway ?? null }
  return {
    ...{ allowed: true, status: 200, detail: { against } },
    body: { hash, against, readEntryId: entryId, at: content.at, operation, ...asked, lines },
  }
}

const weighed = (policies: Policies, content: Line, line: Line) => {
  const { permitted, fields, items, decision } = weighLine(policies, content, line)
  const { effect, reasons, permittedBy, withheldFields } = decision
  const decided: Content = {
    category: line.category,
    reasons,
    permittedBy,
    withheldFields: withheldFields.map(({ field, reason }) => ({ field, ...reason })),
  }
  return { permitted, effect, fields, items, stages: explainStages(policies.bundle, decided, decision.facts) }
}
