import { plainCase } from '../../../../core/decision/plain-case.ts'
import { notAnItem } from '../../../../core/case/derive-facts.ts'
import { decide } from '../../../../core/decision/decide.ts'
import type { Policies } from '../../../../core/decision/policy.ts'
import type { Category } from '../../../../core/vocabulary.ts'
import type { Db } from '../../../../db/db.ts'
import { findEntries } from '../../../../db/log/log-reading.ts'
import { type Expectation, listPolicyTests, type PolicyTest } from '../../../../db/registry/policy-tests.ts'
import { policiesOf } from '../../../enquiry/replay-entry.ts'
import { type Content, contentOf, linesOf } from '../../../log/search/entry-view.ts'
import { weighLine, type WeighedLine } from '../weigh-line.ts'

/** What some rules make of a saved test. */
export interface CheckedTest {
  /** `gone`: what it was saved of is held no longer, so that nobody can say; it has not passed. */
  readonly result: 'passed' | 'failed' | 'gone'
  readonly outcome: Expectation['outcome'] | null
  /** Of a refusal: the first rule that is told, its reason and what it rests on; of a release: those that permit. */
  readonly ruleIds: readonly string[]
  readonly code: string | null
  readonly cites: string | null
  readonly fields: readonly string[]
}

export interface TestRun {
  readonly test: PolicyTest
  readonly checked: readonly CheckedTest[]
}

/** Every saved test under each of some rules, in their order. Nobody is asked anything, and nothing of an entry is told but how it is decided. */
export const checkTests = async (db: Db, rules: readonly Policies[]): Promise<readonly TestRun[]> => {
  const tests = await listPolicyTests(db)
  const ids = tests.flatMap(({ readEntryId }) => (readEntryId === null ? [] : [readEntryId]))
  const entries = new Map((await findEntries(db, [...new Set(ids)])).map(({ entryId, canonical }) => [entryId, contentOf(canonical)]))
  return tests.map((test) => {
    const content = test.readEntryId === null ? null : (entries.get(test.readEntryId) ?? null)
    return { test, checked: rules.map((policies) => checkTest(policies, test, content)) }
  })
}

/** The tests that do not come out as expected under one of the rules they were checked by. */
export const notPassed = (runs: readonly TestRun[], place: number): readonly PolicyTest[] =>
  runs.filter(({ checked }) => checked[place]!.result !== 'passed').map(({ test }) => test)

const checkTest = (policies: Policies, test: PolicyTest, content: Content | null): CheckedTest => {
  const weighed = test.facts === null ? weighEntry(policies, test, content) : weighCase(policies, test.category, test.facts)
  if (weighed === null) return { result: 'gone', outcome: null, ruleIds: [], code: null, cites: null, fields: [] }
  const { permitted, fields, reason, decision } = weighed
  const decided = permitted
    ? { outcome: 'released' as const, ruleIds: decision.permittedBy, code: null, cites: null, fields }
    : {
        ...{ outcome: 'refused' as const, fields: [], ruleIds: reason === null ? [] : [reason.ruleId] },
        ...{ code: reason?.code ?? null, cites: reason?.cites ?? null },
      }
  return { result: meets(test.expects, decided) ? 'passed' : 'failed', ...decided }
}

const meets = (expects: Expectation, decided: Pick<CheckedTest, 'outcome' | 'ruleIds' | 'fields'>): boolean =>
  expects.outcome === decided.outcome &&
  (expects.ruleId === null || decided.ruleIds.includes(expects.ruleId)) &&
  (expects.fields === null || expects.fields.toSorted().join(' ') === decided.fields.toSorted().join(' '))

/** The line of an entry that a test is about; null where the entry has none, or is held no longer. */
export const lineOf = (
  content: Content,
  { category, supplierAgencyId }: Pick<PolicyTest, 'category' | 'supplierAgencyId'>,
): Content | null => linesOf(content).find((line) => line.category === category && supplierIn(line) === supplierAgencyId) ?? null

const supplierIn = ({ supplier }: Content): string | null => (typeof supplier === 'string' ? supplier : null)

const weighEntry = (policies: Policies, test: PolicyTest, content: Content | null): WeighedLine | null => {
  const line = content === null ? null : lineOf(content, test)
  return content === null || line === null ? null : weighLine(policiesOf(content, policies), content, line)
}

/** A made-up case is asked for first and then leaves, like any other: both have to be permitted. */
const weighCase = (policies: Policies, category: string, differs: Readonly<Record<string, string>>): WeighedLine | null => {
  const definition = policies.category(category as Category)
  if (definition === undefined) return null
  const facts = plainCase(definition, differs)
  const fetch = decide(policies, 'fetch', { ...facts, ...notAnItem }, { lapses: [] })
  const decision = fetch.effect.startsWith('permit') ? decide(policies, 'release', facts, { lapses: [] }) : fetch
  const permitted = decision.effect.startsWith('permit')
  const { fields, withheldFields } = decision
  return { permitted, fields, items: permitted ? 1 : 0, reason: decision.reasons[0] ?? null, withheldFields, decision }
}
