import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { compilePolicies } from '../../../../core/decision/policy.ts'
import { findOpenProposal } from '../../../../db/registry/policies.ts'
import { listRetiredTests } from '../../../../db/registry/policy-tests.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../../commit/change.ts'
import { logReaderOf } from '../../../log/search/entry-view.ts'
import { getProposedBundle, refusedToOthers } from '../proposal.ts'
import { checkTests, notPassed, type TestRun } from './check-tests.ts'
import { toldRetired, toldTest } from './list-tests.ts'

const MOST_RETIRED = 50

/** Operation `runPolicyTests`: every saved test under the rules in force and under proposed ones: which pass, which change, and by which rule. */
export const runPolicyTests =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const hash = request.params.hash!
    return commitChange(caller, {
      operation: 'runPolicyTests',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { hash },
      run: async (context) => refusedToOthers(context) ?? (await ran(context, hash)),
    })
  }

const ran = async (context: ChangeContext, hash: string): Promise<ChangeOutcome<object>> => {
  const { tx, policies, policyHash: against, standing, at } = context
  const proposed = hash === against ? policies : compilePolicies(await getProposedBundle(tx, hash))
  const runs = await checkTests(tx, [policies, proposed])
  const readsLog = logReaderOf(standing, at) !== null
  const results = runs.map((run) => ({
    ...toldTest(run.test, readsLog),
    inForce: run.checked[0],
    proposed: run.checked[1],
    changes: changes(run),
  }))
  const failing = notPassed(runs, 1).map(({ id }) => id)
  const changed = results.filter((one) => one.changes).length
  const proposedAt = hash === against ? null : ((await findOpenProposal(tx, hash))?.proposedAt ?? null)
  const retired = proposedAt === null ? [] : await listRetiredTests(tx, proposedAt, MOST_RETIRED)
  return {
    ...{ allowed: true, status: 200, detail: { against, tests: results.length, failing, changed } },
    body: { hash, against, failing: failing.length, changed, results, retiredSince: retired.map(toldRetired) },
  }
}

/** It comes out otherwise, or by another rule, or in other fields. */
const changes = ({ checked }: TestRun): boolean => {
  const [before, after] = checked.map(({ result, outcome, ruleIds, fields }) => JSON.stringify([result, outcome, ruleIds, fields]))
  return before !== after
}
