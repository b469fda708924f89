/**
 * How many entries are walked along the time before what is looked for counts as rare and is looked up by its own index. At millions of
 * entries it is about where both cost the same for a page: what one in some hundreds has is met early, and of anything rarer there is little.
 */
export const MOST_WALKED = 20_000

/** A part of the index that is asked for, in conditions on `i`. */
export interface AskedPart {
  /** What some index holds in the order of time, so that a walk along it meets nothing else. */
  readonly along: readonly string[]
  /** What each entry on the way is looked at for. */
  readonly only: readonly string[]
}

interface Limits {
  readonly most: string
  readonly walked: string
}

/**
 * The newest entries of a part, up to `most`, as common table expressions and the rows to select of them. How rare a term is nobody knows
 * before it is looked for: the statistics hold the common ones and guess of all others, of one that no entry has they guess too many, and
 * the whole log is walked to find nothing. So the walk ends after `walked` entries, and only where it was cut off before the page was full
 * the terms' own index is asked, for all they are in.
 */
export const walkOrLookUp = (name: string, { along, only }: AskedPart, { most, walked }: Limits): { ctes: string; rows: string } => ({
  ctes: `${name}_walk as materialized (
    select w.leaf_index, w.entry_id, w.at, w.found, w.place
      from (select i.leaf_index, i.entry_id, i.at, (${only.join(' and ')}) as found,
                   row_number() over (order by i.at desc, i.leaf_index desc) as place
              from log_index i where ${along.join(' and ')} order by i.at desc, i.leaf_index desc limit ${walked}) as w
     where w.found or w.place = ${walked}
     order by w.at desc, w.leaf_index desc limit ${most}
  ), ${name}_end as materialized (
    select coalesce(bool_or(w.place = ${walked}), false) and count(*) filter (where w.found) < ${most} as cut_off from ${name}_walk w
  )`,
  // Without `offset` the order asked for outside would lead the planner back to the walk.
  rows: `select w.leaf_index, w.entry_id, w.at from ${name}_walk w where w.found and not (select e.cut_off from ${name}_end e)
    union all select l.leaf_index, l.entry_id, l.at from (
      select i.leaf_index, i.entry_id, i.at from log_index i
       where (select e.cut_off from ${name}_end e) and ${[...along, ...only].join(' and ')} offset 0) as l`,
})

/**
 * A value that the planner does not look at: what it then guesses of any term is little enough that the term's own index is taken rather
 * than the whole table, also for terms that are common one by one and never stand together.
 */
export const unseen = (value: string): string => `(select ${value})`
