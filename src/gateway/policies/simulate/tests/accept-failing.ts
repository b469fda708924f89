import type { Policies } from '../../../../core/decision/policy.ts'
import { Fault } from '../../../../core/fault.ts'
import type { Db } from '../../../../db/db.ts'
import type { ChangeOutcome } from '../../../commit/change.ts'
import { checkTests, notPassed } from './check-tests.ts'

/** What the second officer says of saved tests that fail: which, and why the rules are published all the same. */
export interface Acceptance {
  readonly acceptedTestIds?: readonly string[]
  readonly justification?: string | null
}

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

/**
 * Runs the saved tests under rules that are about to be published.
 * @returns the refusal where some fail and nobody said why; else what the entry says of them
 * @throws Fault `precondition-failed` when others fail than those that were accepted
 */
export const holdToTests = async (
  db: Db,
  policies: Policies,
  { acceptedTestIds = [], justification }: Acceptance,
): Promise<{ readonly refused: Refusal } | { readonly tests: number; readonly failing: readonly string[] }> => {
  const runs = await checkTests(db, [policies])
  const failing = notPassed(runs, 0)
  const done = { tests: runs.length, failing: failing.map(({ id }) => id) }
  if (failing.length === 0) return done
  if ((justification ?? '').trim().length < 3) return { refused: unexplained(failing) }
  const accepted = new Set(acceptedTestIds.map((id) => id.toLowerCase()))
  if (failing.some(({ id }) => !accepted.has(id)))
    throw new Fault('precondition-failed', 'Other saved tests fail than those that you were shown. Run them again and read which.')
  return done
}

const unexplained = (failing: readonly { readonly name: string }[]): Refusal => ({
  ...{ allowed: false, status: 422 },
  reason: {
    ...{ code: 'request-incomplete', stage: 'R42', ruleId: 'policy-tests-explained' },
    cites: 'R42: rules are published by a second officer, who says why where saved tests fail under them',
  },
  errors: failing.map(({ name }) => ({
    path: '/justification',
    message: `“${name}” fails under these rules: say why they are published all the same.`,
  })),
})
