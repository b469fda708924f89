import type { Db } from '../db.ts'
import type { Actor } from '../log/retention.ts'

/** What a saved test expects: refused by this rule or by any, released in exactly these fields or in whichever. */
export interface Expectation {
  readonly outcome: 'released' | 'refused'
  readonly ruleId: string | null
  readonly fields: readonly string[] | null
}

export interface NewPolicyTest {
  readonly id: string
  readonly name: string
  readonly category: string
  /** The entry whose line it is; null of a made-up case, which has `facts` instead. */
  readonly readEntryId: string | null
  readonly supplierAgencyId: string | null
  /** Of a made-up case: what differs from a request with nothing wrong with it. */
  readonly facts: Readonly<Record<string, string>> | null
  readonly expects: Expectation
}

export interface PolicyTest extends NewPolicyTest {
  readonly savedByAgencyId: string
  readonly savedAt: Date
}

export const insertPolicyTest = async (db: Db, test: NewPolicyTest, by: Actor, at: Date): Promise<void> => {
  const { id, name, category, readEntryId, supplierAgencyId, facts, expects } = test
  await db.query({
    name: 'insert-policy-test',
    text: `
      insert into policy_test (id, name, category, read_entry_id, supplier_agency_id, facts, expected_outcome, expected_rule,
                               expected_fields, saved_by_agency, saved_by_person, saved_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      ...[id, name, category, readEntryId, supplierAgencyId, facts === null ? null : JSON.stringify(facts)],
      ...[expects.outcome, expects.ruleId, expects.fields, by.agencyId, by.personSub, at],
    ],
  })
}

type Row = Omit<PolicyTest, 'expects'> & Expectation

const asTest = ({ outcome, ruleId, fields, ...test }: Row): PolicyTest => ({ ...test, expects: { outcome, ruleId, fields } })

/** The tests that are in use, in the order in which they were saved. */
export const listPolicyTests = async (db: Db): Promise<readonly PolicyTest[]> => {
  const { rows } = await db.query<Row>({
    name: 'list-policy-tests',
    text: `
      select t.id, t.name, t.category, t.read_entry_id as "readEntryId", t.supplier_agency_id as "supplierAgencyId", t.facts,
             t.expected_outcome as outcome, t.expected_rule as "ruleId", t.expected_fields as fields,
             t.saved_by_agency as "savedByAgencyId", t.saved_at as "savedAt"
        from policy_test t
       where not exists (select from policy_test_retirement r where r.test_id = t.id)
       order by t.saved_at, t.id`,
  })
  return rows.map(asTest)
}

export const countPolicyTests = async (db: Db): Promise<number> => {
  const { rows } = await db.query<{ tests: number }>({
    name: 'count-policy-tests',
    text: `select count(*)::integer as tests from policy_test t
            where not exists (select from policy_test_retirement r where r.test_id = t.id)`,
  })
  return rows[0]!.tests
}

export interface RetiredTest {
  readonly testId: string
  readonly name: string
  readonly why: string
  readonly retiredByAgencyId: string
  readonly retiredAt: Date
}

/** Those retired since an instant, the newest first. */
export const listRetiredTests = async (db: Db, since: Date, most: number): Promise<readonly RetiredTest[]> => {
  const { rows } = await db.query<RetiredTest>({
    name: 'list-retired-policy-tests',
    text: `
      select r.test_id as "testId", t.name, r.why, r.retired_by_agency as "retiredByAgencyId", r.retired_at as "retiredAt"
        from policy_test_retirement r
        join policy_test t on t.id = r.test_id
       where r.retired_at >= $1
       order by r.retired_at desc, r.test_id limit $2`,
    values: [since, most],
  })
  return rows
}

/** @returns whether it was retired now, or before; null when there is no such test */
export const retirePolicyTest = async (
  db: Db,
  { testId, why }: { readonly testId: string; readonly why: string },
  by: Actor,
  at: Date,
): Promise<{ readonly name: string; readonly retired: boolean } | null> => {
  const { rows } = await db.query<{ name: string; retired: boolean }>({
    name: 'retire-policy-test',
    text: `
      with known as (select t.id, t.name from policy_test t where t.id = $1),
      retired as (
        insert into policy_test_retirement (test_id, why, retired_by_agency, retired_by_person, retired_at)
        select known.id, $2, $3, $4, $5 from known on conflict do nothing returning test_id
      )
      select known.name, exists (select from retired) as retired from known`,
    values: [testId, why, by.agencyId, by.personSub, at],
  })
  return rows[0] ?? null
}
