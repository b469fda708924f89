import type { FlagRank } from '../../core/misuse/misuse-rules.ts'
import type { Actor } from '../log/retention.ts'
import type { Tx } from '../db.ts'

export const reviewOutcomes = ['justified', 'query', 'breach'] as const
export type ReviewOutcome = (typeof reviewOutcomes)[number]

/** Who reviews. Nobody sees what is about themselves (R42); an agency's officer sees its own people, and nothing that is the partnership's. */
export interface Reviewer extends Actor {
  readonly partnership: boolean
}

const mine = `(f.agency_id, f.person_sub) <> ($1, $2) and ($3::boolean or (f.agency_id = $1 and not f.partnership_only))`
const mineValues = ({ agencyId, personSub, partnership }: Reviewer): unknown[] => [agencyId, personSub, partnership]

/** The last word on a flag: `open` while nobody said anything. */
const state = `coalesce((select d.outcome from misuse_decision d where d.flag_id = f.id order by d.decided_at desc, d.id desc limit 1), 'open')`

export interface FlagRow {
  readonly flagId: string
  readonly ruleId: string
  readonly rank: FlagRank
  readonly rankPlace: number
  readonly words: string
  readonly cites: string
  readonly agencyId: string
  readonly personSub: string
  readonly offenderId: string | null
  readonly state: 'open' | ReviewOutcome
  readonly entries: number
  readonly raisedAt: Date
}

const columns = `
  f.id as "flagId", f.rule_id as "ruleId", f.rank, f.rank_place as "rankPlace", f.words, f.cites, f.agency_id as "agencyId",
  f.person_sub as "personSub", f.offender_id as "offenderId", ${state} as state,
  (select count(*) from misuse_flag_entry e where e.flag_id = f.id) as entries, f.raised_at as "raisedAt"`

export interface FlagFilter {
  readonly ruleId: string | null
  readonly rank: FlagRank | null
  readonly state: 'open' | ReviewOutcome | null
  readonly agencyId: string | null
  readonly personSub: string | null
}

/** Flags for a reviewer, the highest rank first and the newest first among equals; one more than the limit tells that there are more. */
export const listFlags = async (
  tx: Tx,
  reviewer: Reviewer,
  filter: FlagFilter,
  page: { readonly after: { readonly rankPlace: number; readonly flagId: string } | null; readonly limit: number },
): Promise<readonly FlagRow[]> => {
  const { rows } = await tx.query<FlagRow>({
    name: 'list-misuse-flags',
    text: `
      select ${columns} from misuse_flag f
       where ${mine}
         and ($4::text is null or f.rule_id = $4) and ($5::text is null or f.rank = $5) and ($6::text is null or ${state} = $6)
         and ($7::text is null or f.agency_id = $7) and ($8::text is null or f.person_sub = $8)
         and ($9::smallint is null or f.rank_place > $9 or (f.rank_place = $9 and f.id < $10::uuid))
       order by f.rank_place, f.id desc limit $11`,
    values: [
      ...mineValues(reviewer),
      filter.ruleId,
      filter.rank,
      filter.state,
      filter.agencyId,
      filter.personSub,
      page.after?.rankPlace ?? null,
      page.after?.flagId ?? null,
      page.limit,
    ],
  })
  return rows
}

/** One flag that is the reviewer's to see; null when it is not, or invented, which look alike. */
export const findFlag = async (tx: Tx, reviewer: Reviewer, flagId: string): Promise<FlagRow | null> => {
  const { rows } = await tx.query<FlagRow>({
    name: 'find-misuse-flag',
    text: `select ${columns} from misuse_flag f where ${mine} and f.id = $4`,
    values: [...mineValues(reviewer), flagId],
  })
  return rows[0] ?? null
}

export interface FlagEntryRow {
  readonly entryId: string
  readonly at: Date
  readonly operation: string | null
  readonly effect: string | null
  readonly reason: string | null
  readonly purpose: string | null
  readonly offenderId: string | null
  /** True when the entry's payload was lawfully erased meanwhile. */
  readonly erased: boolean
}

/** The entries a flag rests on, in the order in which they happened. */
export const listFlagEntries = async (tx: Tx, flagId: string, limit: number): Promise<readonly FlagEntryRow[]> => {
  const { rows } = await tx.query<FlagEntryRow>({
    name: 'list-misuse-flag-entries',
    text: `
      select e.entry_id as "entryId", a.at, convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' as operation, p.effect, p.reason,
             p.purpose, p.offender_id as "offenderId", p.entry_id is null as erased
        from misuse_flag_entry e
        join access_log a on a.entry_id = e.entry_id
        left join access_log_payload p on p.entry_id = e.entry_id
       where e.flag_id = $1 order by a.at, e.entry_id limit $2`,
    values: [flagId, limit],
  })
  return rows
}

export interface DecisionRow {
  readonly decisionId: string
  readonly outcome: ReviewOutcome
  readonly sealed: Buffer
  readonly decidedBy: Actor
  readonly decidedAt: Date
  readonly reportBy: Date | null
}

export const listDecisions = async (tx: Tx, flagId: string): Promise<readonly DecisionRow[]> => {
  const { rows } = await tx.query<DecisionRow>({
    name: 'list-misuse-decisions',
    text: `
      select d.id as "decisionId", d.outcome, d.sealed, d.decided_at as "decidedAt", d.report_by as "reportBy",
             json_build_object('agencyId', d.decided_by_agency, 'personSub', d.decided_by_person) as "decidedBy"
        from misuse_decision d where d.flag_id = $1 order by d.decided_at, d.id`,
    values: [flagId],
  })
  return rows
}

export const insertDecision = async (
  tx: Tx,
  decision: {
    readonly id: string
    readonly flagId: string
    readonly outcome: ReviewOutcome
    readonly sealed: Uint8Array
    readonly reportBy: Date | null
  },
  by: Actor,
  at: Date,
): Promise<void> => {
  await tx.query({
    name: 'insert-misuse-decision',
    text: `
      insert into misuse_decision (id, flag_id, outcome, sealed, decided_by_agency, decided_by_person, decided_at, report_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [decision.id, decision.flagId, decision.outcome, decision.sealed, by.agencyId, by.personSub, at, decision.reportBy],
  })
}

export interface OutcomeRow {
  readonly ruleId: string
  readonly flagged: number
  readonly open: number
  readonly query: number
  readonly justified: number
  readonly breach: number
}

/** What became of the flags of each rule, of those that the reviewer may see. */
export const countOutcomes = async (tx: Tx, reviewer: Reviewer): Promise<readonly OutcomeRow[]> => {
  const { rows } = await tx.query<OutcomeRow>({
    name: 'count-misuse-outcomes',
    text: `
      select c.rule_id as "ruleId", count(*) as flagged, count(*) filter (where c.state = 'open') as open,
             count(*) filter (where c.state = 'query') as query, count(*) filter (where c.state = 'justified') as justified,
             count(*) filter (where c.state = 'breach') as breach
        from (select f.rule_id, ${state} as state from misuse_flag f where ${mine}) as c
       group by c.rule_id order by c.rule_id`,
    values: mineValues(reviewer),
  })
  return rows
}
