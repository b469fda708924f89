import type { Db } from '../db.ts'

export interface Quota {
  readonly allowed: boolean
  readonly remaining: number
  readonly resetSeconds: number
}

/** Counts one search of a person against the shared window; instances share the count, so that another instance is no way around it. */
export const countSearch = async (
  db: Db,
  key: string,
  limit: { readonly most: number; readonly windowSeconds: number },
): Promise<Quota> => {
  const { rows } = await db.query<{ used: number; resetSeconds: number }>({
    name: 'count-search',
    text: `
      insert into search_quota as q (key, window_start, used)
      values ($1, to_timestamp(floor(extract(epoch from statement_timestamp()) / $2) * $2), 1)
      on conflict (key, window_start) do update set used = q.used + 1
      returning q.used, ceil(extract(epoch from q.window_start) + $2 - extract(epoch from statement_timestamp()))::int as "resetSeconds"`,
    values: [key, limit.windowSeconds],
  })
  const { used, resetSeconds } = rows[0]!
  return { allowed: used <= limit.most, remaining: Math.max(0, limit.most - used), resetSeconds }
}
