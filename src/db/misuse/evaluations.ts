import type { EvaluationState, MisuseKindTerms } from '../../core/misuse/misuse-rules.ts'
import type { Tx } from '../db.ts'
import type { Span } from './candidates.ts'

/** An agency's look-ups in a span, and of how many of them each thing that rules need was told. */
export interface Coverage {
  readonly agencyId: string
  readonly lookups: number
  readonly covered: Readonly<Record<NonNullable<MisuseKindTerms['needs']>, number>>
}

export const countCoverage = async (tx: Tx, { since, at }: Span): Promise<readonly Coverage[]> => {
  const told = (kind: string): string =>
    `exists (select from staff_told t where t.agency_id = l.agency_id and t.person_sub = l.person_sub and t.kind = '${kind}')`
  const { rows } = await tx.query<Coverage>({
    text: `
      select l.agency_id as "agencyId", count(*)::integer as lookups,
             json_build_object(
               'addresses', count(*) filter (where ${told('addresses')} and exists (
                 select from subject_part o where o.offender_id = l.offender_id and o.kind = 'address')),
               'transfers', count(*) filter (where ${told('transfers')}),
               'shifts', count(*) filter (where exists (
                 select from staff_roster r
                  where r.agency_id = l.agency_id and r.person_sub = l.person_sub and l.at >= r.from_at and l.at < r.to_at))) as covered
        from misuse_lookup l
       where l.at >= $1 and l.at <= $2 and l.kind <> 'search'
       group by l.agency_id`,
    values: [since, at],
  })
  return rows
}

export interface Evaluation {
  readonly ruleId: string
  readonly agencyId: string
  readonly state: EvaluationState
  readonly lookups: number
  readonly covered: number
}

export const putEvaluations = async (tx: Tx, evaluations: readonly Evaluation[], at: Date): Promise<void> => {
  await tx.query({
    text: `
      insert into misuse_evaluation (rule_id, agency_id, state, lookups, covered, as_of)
      select e."ruleId", e."agencyId", e.state, e.lookups, e.covered, $2
        from jsonb_to_recordset($1::jsonb) as e ("ruleId" text, "agencyId" text, state text, lookups integer, covered integer)
      on conflict (rule_id, agency_id) do update
        set state = excluded.state, lookups = excluded.lookups, covered = excluded.covered, as_of = excluded.as_of`,
    values: [JSON.stringify(evaluations), at],
  })
}

/** How each rule could last be applied; of one agency, or of all. */
export const listEvaluations = async (tx: Tx, agencyId: string | null): Promise<readonly (Evaluation & { readonly asOf: Date })[]> => {
  const { rows } = await tx.query<Evaluation & { asOf: Date }>({
    name: 'list-misuse-evaluations',
    text: `
      select e.rule_id as "ruleId", e.agency_id as "agencyId", e.state, e.lookups, e.covered, e.as_of as "asOf"
        from misuse_evaluation e where $1::text is null or e.agency_id = $1 order by e.rule_id, e.agency_id`,
    values: [agencyId],
  })
  return rows
}
