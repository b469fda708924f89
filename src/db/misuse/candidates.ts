import type { Candidate } from '../../core/misuse/judge.ts'
import type { MisuseRule } from '../../core/misuse/misuse-rules.ts'
import type { Tx } from '../db.ts'
import { paceQueries } from './pace-queries.ts'
import { tieQueries } from './tie-queries.ts'

export interface Span {
  /** The beginning of what is counted. */
  readonly since: Date
  readonly at: Date
}

const queries: Readonly<Record<MisuseRule['kind'], string>> = { ...tieQueries, ...paceQueries }

/**
 * What one rule counts, a row for each person and what it is about; entries that a reviewer has decided on under this rule are left out,
 * so that a decided matter comes up again only for something new.
 */
export const findCandidates = async (tx: Tx, rule: MisuseRule, { since, at }: Span): Promise<readonly Candidate[]> => {
  const { rows } = await tx.query<Candidate>({
    text: `
      with given as (select $4::jsonb as thresholds, $5::text[] as excused),
      seen as materialized (
        select l.entry_id, l.at, l.on_day, l.kind, l.agency_id, l.person_sub, l.offender_id, l.effect, l.reason, l.found,
               coalesce(l.relationship, 'unknown') as relationship
          from misuse_lookup l
         where l.at >= $1 and l.at <= $2
           and not exists (
             select from misuse_flag_entry e
               join misuse_flag f on f.id = e.flag_id and f.rule_id = $3
               join misuse_decision d on d.flag_id = f.id and d.outcome <> 'query'
              where e.entry_id = l.entry_id)
      ), ${queries[rule.kind]}`,
    values: [since, at, rule.id, JSON.stringify(rule.thresholds), rule.excused ?? []],
  })
  return rows
}
