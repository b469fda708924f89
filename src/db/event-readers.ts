import type { Db, Tx } from './db.ts'

/** Keeps how far a system has come: it has everything up to the place that it asked after. */
export const noteEventReader = async (
  tx: Tx,
  read: { readonly clientId: string; readonly askedAfter: number; readonly toldTo: number; readonly at: Date },
): Promise<void> => {
  await tx.query({
    name: 'note-event-reader',
    text: `insert into event_reader (client_id, asked_after, told_to, asked_at) values ($1, $2, $3, $4)
           on conflict (client_id) do update
             set asked_after = excluded.asked_after, told_to = greatest(event_reader.told_to, excluded.told_to), asked_at = excluded.asked_at`,
    values: [read.clientId, read.askedAfter, read.toldTo, read.at],
  })
}

export interface EventReader {
  readonly clientId: string
  readonly name: string
  readonly askedAfter: number
  readonly toldTo: number
  /** Events of the agency that come after the place. */
  readonly waiting: number
  readonly askedAt: string | null
}

/** The agency's systems, apart from its console, and how far each has read its events; one that never asked has read nothing. */
export const listEventReaders = async (
  db: Db,
  { agencyId, after, limit }: { readonly agencyId: string; readonly after: string; readonly limit: number },
): Promise<readonly EventReader[]> => {
  const { rows } = await db.query<Omit<EventReader, 'askedAt'> & { readonly askedAt: Date | null }>({
    name: 'list-event-readers',
    text: `select c.id as "clientId", c.name, coalesce(r.asked_after, 0) as "askedAfter", coalesce(r.told_to, 0) as "toldTo",
                  (select count(*) from event_delivery d
                    where d.agency_id = c.agency_id and (d.place is null or d.place > coalesce(r.asked_after, 0))) as waiting,
                  r.asked_at as "askedAt"
             from client c left join event_reader r on r.client_id = c.id
            where c.agency_id = $1 and c.binding <> 'session' and c.id > $2
            order by c.id
            limit $3`,
    values: [agencyId, after, limit],
  })
  return rows.map(({ askedAt, ...row }) => ({ ...row, askedAt: askedAt?.toISOString() ?? null }))
}
