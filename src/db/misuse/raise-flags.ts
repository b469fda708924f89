import type { Flagged } from '../../core/misuse/judge.ts'
import type { Tx } from '../db.ts'

export interface NewFlag extends Flagged {
  readonly id: string
}

export interface Raised {
  readonly flagId: string
  readonly ruleId: string
  readonly agencyId: string
  readonly personSub: string
  readonly rank: Flagged['rank']
}

/**
 * Raises what nobody was told of yet. Of a matter that is open already (the same rule, person, subject and day) only the entries that came
 * since are added; one that was decided begins anew. Returns the flags that are new.
 */
export const raiseFlags = async (
  tx: Tx,
  flags: readonly NewFlag[],
  run: { readonly at: Date; readonly policyHash: string },
): Promise<readonly Raised[]> => {
  if (flags.length === 0) return []
  const { rows } = await tx.query<Raised>({
    text: `
      with given as materialized (
        select g.*, open.id as open_id
          from jsonb_to_recordset($1::jsonb) as g (id uuid, "ruleId" text, "agencyId" text, "personSub" text, "offenderId" uuid, period text,
                                                   rank text, words text, cites text, "partnershipOnly" boolean, numbers jsonb, "entryIds" uuid[])
          left join lateral (
            select f.id from misuse_flag f
             where f.rule_id = g."ruleId" and f.agency_id = g."agencyId" and f.person_sub = g."personSub"
               and f.offender_id is not distinct from g."offenderId" and f.period = g.period
               and not exists (select from misuse_decision d where d.flag_id = f.id and d.outcome <> 'query')
             order by f.id desc limit 1) as open on true
      ), raised as (
        insert into misuse_flag (id, rule_id, agency_id, person_sub, offender_id, period, rank, words, cites, numbers, partnership_only,
                                 policy_hash, raised_at)
        select g.id, g."ruleId", g."agencyId", g."personSub", g."offenderId", g.period, g.rank, g.words, g.cites, g.numbers,
               g."partnershipOnly", $3, $2
          from given g where g.open_id is null
        returning id, rule_id, agency_id, person_sub, rank
      ), rests as (
        insert into misuse_flag_entry (flag_id, entry_id, added_at)
        select coalesce(g.open_id, g.id), e.entry_id, $2 from given g, unnest(g."entryIds") as e (entry_id)
        on conflict do nothing
      )
      select r.id as "flagId", r.rule_id as "ruleId", r.agency_id as "agencyId", r.person_sub as "personSub", r.rank from raised r`,
    values: [JSON.stringify(flags), run.at, run.policyHash],
  })
  return rows
}
