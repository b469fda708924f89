import type { Breakdown } from '../../core/aggregates/aggregate-rules.ts'
import type { CountTable, PublishedTable } from '../../core/aggregates/suppress.ts'
import type { Db, Tx } from '../db.ts'

/** One taker at a time; whoever comes later reads what was taken. */
const publicationLock = 7_030_028

/** How people are counted: by which two things, each a name that says nothing of anybody. Everybody of the cohort is counted once. */
const dimensions: Readonly<Record<Breakdown, { readonly row: string; readonly column: string }>> = {
  'cohort-position': {
    row: `coalesce(o.cohort, 'not-recorded')`,
    column: `case when o.custody_agency_id is not null then 'in-custody' else coalesce(o.strand, 'not-recorded') end`,
  },
  'area-supervision': {
    row: 'o.area_id',
    column: `case o.statutory when true then 'statutory' when false then 'not-statutory' else 'not-recorded' end`,
  },
}

/** Headings that stand in every table, whether anybody is counted under them or not: a heading that comes and goes would tell. */
const headings: Readonly<Record<Breakdown, { readonly rows: string; readonly columns: string }>> = {
  'cohort-position': {
    rows: `select unnest(array['ppo', 'iom', 'dyo', 'not-recorded'])`,
    columns: `select unnest(array['in-custody', 'catch-and-control', 'prevent-and-deter', 'rehabilitate-and-resettle', 'not-recorded'])`,
  },
  'area-supervision': {
    rows: 'select a.id from area a',
    columns: `select unnest(array['statutory', 'not-statutory', 'not-recorded'])`,
  },
}

export const lockPublication = async (tx: Tx): Promise<void> => {
  await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [publicationLock] })
}

const countsOf = (breakdown: Breakdown): string => `
  select '${breakdown}' as breakdown, headed.row_name as "row", headed.column_name as "column", coalesce(counted.count, 0) as count
    from (select r.name as row_name, c.name as column_name
            from (${headings[breakdown].rows}) as r (name), (${headings[breakdown].columns}) as c (name)) as headed
    left join (select ${dimensions[breakdown].row} as row_name, ${dimensions[breakdown].column} as column_name, count(*)::int as count
                 from offender o where o.basis = 'cohort' group by 1, 2) as counted
      on counted.row_name = headed.row_name and counted.column_name = headed.column_name`

/**
 * The counts as they are, for the core to suppress; never to be shown or kept. One statement for all tables: of two snapshots the
 * second could have somebody more, whom the first would then tell of.
 */
export const countBreakdowns = async (tx: Tx, breakdowns: readonly Breakdown[]): Promise<ReadonlyMap<Breakdown, CountTable>> => {
  const { rows } = await tx.query<{ breakdown: Breakdown; row: string; column: string; count: number }>({
    text: `${breakdowns.map(countsOf).join(' union all ')} order by 1, 2, 3`,
  })
  return new Map(breakdowns.map((breakdown) => [breakdown, tableOf(rows.filter((one) => one.breakdown === breakdown))]))
}

const tableOf = (found: readonly { readonly row: string; readonly column: string; readonly count: number }[]): CountTable => {
  const [rows, columns] = (['row', 'column'] as const).map((of) => [...new Set(found.map((one) => one[of]))]) as [string[], string[]]
  const counts = new Map(found.map((one) => [`${one.row} ${one.column}`, one.count]))
  return { rows, columns, counts: rows.map((row) => columns.map((column) => counts.get(`${row} ${column}`)!)) }
}

export interface Publication {
  readonly counts: PublishedTable
  readonly takenAt: Date
}

/** Null when that table was not published for the period. */
export const findPublication = async (db: Db, period: string, breakdown: Breakdown): Promise<Publication | null> => {
  const { rows } = await db.query<Publication>({
    name: 'find-aggregate-publication',
    text: `select p.counts, p.taken_at as "takenAt" from aggregate_publication p where p.period = $1 and p.breakdown = $2`,
    values: [period, breakdown],
  })
  return rows[0] ?? null
}

export const insertPublication = async (
  tx: Tx,
  row: Publication & { readonly period: string; readonly breakdown: Breakdown; readonly policyHash: string },
): Promise<void> => {
  await tx.query({
    name: 'insert-aggregate-publication',
    text: 'insert into aggregate_publication (period, breakdown, counts, policy_hash, taken_at) values ($1, $2, $3, $4, $5)',
    values: [row.period, row.breakdown, JSON.stringify(row.counts), row.policyHash, row.takenAt],
  })
}

/** Was any table taken for the period? */
export const isPublished = async (db: Db, period: string): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'is-period-published',
    text: 'select from aggregate_publication p where p.period = $1 limit 1',
    values: [period],
  })
  return rows.length > 0
}
