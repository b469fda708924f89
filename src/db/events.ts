import type { EventKind } from '../core/case-vocabulary.ts'
import type { Tx } from './db.ts'
import { together } from './together.ts'

export interface NewEvent {
  readonly id: string
  readonly kind: EventKind
  /** Whoever is entitled to know; an agency named twice is told once. */
  readonly toAgencyIds: readonly string[]
  readonly offenderId: string | null
  /** Ids and codes only. */
  readonly refs: Readonly<Record<string, string>>
  readonly at: Date
}

/** @internal The inserts that tell of events, for the parameters from `$first`: `tellValues` has them. */
export const tellInserts = (first: number): { readonly event: string; readonly delivery: string } => {
  const [id, kind, offenderId, refs, at, told, agencyId] = Array.from({ length: 7 }, (_, place) => `$${first + place}`)
  return {
    event: `
      insert into event (id, kind, offender_id, refs, happened_at)
      select g.id, g.kind, g.offender_id, g.refs, g.at
        from unnest(${id}::uuid[], ${kind}::text[], ${offenderId}::uuid[], ${refs}::jsonb[], ${at}::timestamptz[])
               as g (id, kind, offender_id, refs, at)`,
    delivery: `
      insert into event_delivery (event_id, agency_id)
      select g.event_id, g.agency_id from unnest(${told}::uuid[], ${agencyId}::text[]) as g (event_id, agency_id)`,
  }
}

/** @internal */
export const tellValues = (all: readonly NewEvent[]): readonly unknown[] => [
  all.map(({ id }) => id),
  all.map(({ kind }) => kind),
  all.map(({ offenderId }) => offenderId),
  all.map(({ refs }) => JSON.stringify(refs)),
  all.map(({ at }) => at),
  all.flatMap(({ id, toAgencyIds }) => [...new Set(toAgencyIds)].map(() => id)),
  all.flatMap(({ toAgencyIds }) => [...new Set(toAgencyIds)]),
]

const events = together<NewEvent, never>({
  name: 'append-event',
  text: `with appended as (${tellInserts(1).event}) ${tellInserts(1).delivery}`,
  values: tellValues,
})

/** Tells agencies of a change, in the transaction of the change: both are there, or neither. */
export const appendEvent = async (tx: Tx, event: NewEvent): Promise<void> => {
  if (event.toAgencyIds.length > 0) await events(tx, event)
}

export interface EventRow {
  /** 1, 2, 3 ... in the agency's own feed. */
  readonly place: number
  readonly eventId: string
  readonly kind: EventKind
  readonly offenderId: string | null
  readonly refs: Readonly<Record<string, string>>
  readonly happenedAt: Date
}

/**
 * Gives the agency's new events their places. Only committed rows are seen, one transaction at a time holds the feed's lock until its
 * own commit, and its second statement reads after the lock was granted: so a place once read never gets a neighbour before it, and
 * the places of a feed are whole numbers without a gap.
 */
export const placeEvents = async (tx: Tx, agencyId: string): Promise<void> => {
  await tx.query({
    name: 'lock-event-feed',
    text: `select pg_advisory_xact_lock(hashtextextended('event feed ' || $1, 0))`,
    values: [agencyId],
  })
  await tx.query({
    name: 'place-events',
    text: `
      with last as (
        select coalesce(max(placed.place), 0) as place from event_delivery placed where placed.agency_id = $1
      ), waiting as (
        select d.event_id, row_number() over (order by d.event_id) as rank
          from event_delivery d where d.agency_id = $1 and d.place is null
      )
      update event_delivery as delivered set place = last.place + waiting.rank
        from last, waiting
       where delivered.agency_id = $1 and delivered.event_id = waiting.event_id and delivered.place is null`,
    values: [agencyId],
  })
}

/** The agency's events after a place, in the order of their places. */
export const listEvents = async (
  tx: Tx,
  page: { readonly agencyId: string; readonly after: number; readonly limit: number },
): Promise<readonly EventRow[]> => {
  const { rows } = await tx.query<EventRow>({
    name: 'list-events',
    text: `
      select d.place, e.id as "eventId", e.kind, e.offender_id as "offenderId", e.refs, e.happened_at as "happenedAt"
        from event_delivery d join event e on e.id = d.event_id
       where d.agency_id = $1 and d.place > $2
       order by d.place limit $3`,
    values: [page.agencyId, page.after, page.limit],
  })
  return rows
}
