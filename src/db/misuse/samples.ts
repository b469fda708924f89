import type { Tx } from '../db.ts'

/** One look-up that chance chose. */
export interface Drawn {
  readonly agencyId: string
  readonly personSub: string
  readonly offenderId: string
  readonly entryId: string
  /** How many it was drawn from. */
  readonly lookups: number
}

export interface Draw {
  readonly onDay: string
  readonly seed: Uint8Array
  readonly atLeast: number
  readonly perThousand: number
}

/** London days that are over, have look-ups and were not drawn from yet; the oldest first. */
export const findUndrawnDays = async (tx: Tx, span: { readonly from: Date; readonly today: string }): Promise<readonly string[]> => {
  const { rows } = await tx.query<{ day: string }>({
    text: `
      select distinct l.on_day::text as day from misuse_lookup l
       where l.at >= $1 and l.on_day < $2::date and l.kind = 'enquiry'
         and not exists (select from misuse_sample s where s.on_day = l.on_day)
       order by day`,
    values: [span.from, span.today],
  })
  return rows.map(({ day }) => day)
}

/** Orders each agency's look-ups of the day by SHA-256 of seed and entry id, and takes the first: the same seed draws the same again. */
export const drawSample = async (tx: Tx, draw: Draw): Promise<readonly Drawn[]> => {
  const { rows } = await tx.query<Drawn>({
    text: `
      select d.agency_id as "agencyId", d.person_sub as "personSub", d.offender_id as "offenderId", d.entry_id as "entryId",
             d.lookups::integer as lookups
        from (select l.agency_id, l.person_sub, l.offender_id, l.entry_id,
                     row_number() over (partition by l.agency_id order by sha256($2::bytea || uuid_send(l.entry_id))) as place,
                     count(*) over (partition by l.agency_id) as lookups
                from misuse_lookup l where l.on_day = $1::date and l.kind = 'enquiry') as d
       where d.place <= greatest($3::integer, ceil(d.lookups * $4::integer / 1000.0))
       order by d.agency_id, d.place`,
    values: [draw.onDay, draw.seed, draw.atLeast, draw.perThousand],
  })
  return rows
}

export const insertSample = async (
  tx: Tx,
  sample: {
    readonly onDay: string
    readonly seed: Uint8Array
    readonly drawn: readonly { readonly agencyId: string; readonly lookups: number; readonly drawn: number }[]
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    text: 'insert into misuse_sample (on_day, seed, drawn, drawn_at) values ($1::date, $2, $3, $4)',
    values: [sample.onDay, sample.seed, JSON.stringify(sample.drawn), sample.at],
  })
}

export interface SampleRow {
  readonly onDay: string
  readonly seed: Buffer
  readonly drawn: readonly { readonly agencyId: string; readonly lookups: number; readonly drawn: number }[]
  readonly drawnAt: Date
}

/** Draws before a day, the newest first; one more than the limit tells that there are more. */
export const listSamples = async (
  tx: Tx,
  page: { readonly before: string | null; readonly limit: number },
): Promise<readonly SampleRow[]> => {
  const { rows } = await tx.query<SampleRow>({
    name: 'list-misuse-samples',
    text: `
      select s.on_day as "onDay", s.seed, s.drawn, s.drawn_at as "drawnAt" from misuse_sample s
       where $1::date is null or s.on_day < $1::date order by s.on_day desc limit $2`,
    values: [page.before, page.limit],
  })
  return rows
}
