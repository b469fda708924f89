import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { ConferenceKind } from '../../core/case-vocabulary.ts'
import { partIn } from '../conference/attending.ts'
import type { Db, Tx } from '../db.ts'

export interface Conference {
  readonly id: string
  readonly kind: ConferenceKind
  readonly areaId: string
  readonly heldOn: string
  readonly chair: { readonly agencyId: string; readonly sub: string }
  readonly chairedAs: 'chair' | 'deputy-chair'
  readonly spoc: { readonly agencyId: string; readonly sub: string }
}

/** Records a meeting; what waited for the area's next one goes on its agenda. False when the area has that meeting on that day already. */
export const insertConference = async (
  tx: Tx,
  row: Conference & { readonly byAgency: string; readonly byPerson: string; readonly at: Date },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-conference',
    text: `
      insert into conference (id, kind, area_id, held_on, chair_agency, chair_sub, chaired_as, spoc_agency, spoc_sub,
                              recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4::date, $5, $6, $7, $8, $9, $10, $11, $12)
      on conflict (kind, area_id, held_on) do nothing`,
    values: [
      ...[row.id, row.kind, row.areaId, row.heldOn, row.chair.agencyId, row.chair.sub, row.chairedAs, row.spoc.agencyId, row.spoc.sub],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
  if (rowCount === 0) return false
  if (row.kind === 'case-conference') {
    await tx.query({
      name: 'take-waiting-agenda',
      text: 'update agenda_item set conference_id = $1 where agenda_item.area_id = $2 and agenda_item.conference_id is null',
      values: [row.id, row.areaId],
    })
  }
  return true
}

/** Who chairs the area now, or deputises: where a case review is asked for. */
export const findChairNow = async (db: Db, areaId: string): Promise<{ readonly agencyId: string; readonly role: string } | null> => {
  const { rows } = await db.query<{ agencyId: string; role: string }>({
    name: 'find-chair-now',
    text: `
      select p.agency_id as "agencyId", p.role from appointment p
       where p.area_id = $1 and p.role in ('chair', 'deputy-chair')
         and p.from_at <= statement_timestamp() and (p.to_at is null or p.to_at > statement_timestamp())
       order by p.role, p.from_at desc limit 1`,
    values: [areaId],
  })
  return rows[0] ?? null
}

const columns = `
  f.id, f.kind, f.area_id as "areaId", f.held_on::text as "heldOn", f.chaired_as as "chairedAs",
  json_build_object('agencyId', f.chair_agency, 'sub', f.chair_sub) as chair,
  json_build_object('agencyId', f.spoc_agency, 'sub', f.spoc_sub) as spoc`

export const findConference = async (db: Db, id: string): Promise<Conference | null> => {
  const { rows } = await db.query<Conference>({
    name: 'find-conference',
    text: `select ${columns} from conference f where f.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

export interface ConferencesWanted {
  /** Null: of every area, whatever their kind. */
  readonly areaIds: readonly string[] | null
  /** Kinds that are left out but for those in which the person has a part. */
  readonly closed: readonly ConferenceKind[]
  readonly person: NamedPerson
  readonly before: string | null
  readonly limit: number
}

/**
 * Newest first.
 * @param page.areaIds null: every area
 * @param page.before the last of the page before
 */
export const listConferences = async (db: Db, page: ConferencesWanted): Promise<readonly Conference[]> => {
  const { rows } = await db.query<Conference>({
    name: 'list-conferences',
    text: `
      select ${columns} from conference f
       where ($1::text[] is null or (f.area_id = any($1) and (f.kind <> all($4::text[]) or ${partIn('$5', '$6')})))
         and ($2::uuid is null or f.id < $2)
       order by f.id desc limit $3`,
    values: [page.areaIds, page.before, page.limit, page.closed, page.person.agencyId, page.person.sub],
  })
  return rows
}

export interface AgendaItem {
  readonly id: string
  readonly conferenceId: string
  readonly areaId: string
  readonly offenderId: string
  readonly item: string
}

/** False when the case stands under that item already. */
export const insertAgendaItem = async (tx: Tx, row: AgendaItem & { readonly byAgency: string; readonly at: Date }): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-agenda-item',
    text: `
      insert into agenda_item (id, conference_id, area_id, offender_id, item, asked_by_agency, asked_at) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict do nothing`,
    values: [row.id, row.conferenceId, row.areaId, row.offenderId, row.item, row.byAgency, row.at],
  })
  return rowCount > 0
}

export const listAgenda = async (
  db: Db,
  conferenceId: string,
): Promise<readonly { readonly offenderId: string; readonly item: string }[]> => {
  const { rows } = await db.query<{ offenderId: string; item: string }>({
    name: 'list-agenda',
    text: `
      select i.offender_id as "offenderId", i.item from agenda_item i
        join offender o on o.id = i.offender_id and o.basis = 'cohort'
       where i.conference_id = $1 order by i.asked_at, i.id limit 500`,
    values: [conferenceId],
  })
  return rows
}

export interface MinuteReference {
  readonly id: string
  readonly conferenceId: string
  readonly offenderId: string | null
  readonly reference: string
  readonly matter: string
  readonly riskOutweighsConfidentiality: boolean
  readonly article8Grounds: readonly string[]
}

/** False when the conference has a minute of that reference already. */
export const insertMinuteReference = async (
  tx: Tx,
  row: MinuteReference & { readonly byAgency: string; readonly byPerson: string; readonly at: Date },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-minute-reference',
    text: `
      insert into minute_reference (id, conference_id, offender_id, reference, matter, risk_outweighs_confidentiality, article8_grounds,
                                    recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (conference_id, reference) do nothing`,
    values: [
      ...[row.id, row.conferenceId, row.offenderId, row.reference, row.matter, row.riskOutweighsConfidentiality, row.article8Grounds],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
  return rowCount > 0
}

/** The references of a conference's minutes, without the people they are about. */
export const listMinuteReferences = async (
  db: Db,
  conferenceId: string,
): Promise<readonly { readonly minuteReferenceId: string; readonly reference: string; readonly matter: string }[]> => {
  const { rows } = await db.query<{ minuteReferenceId: string; reference: string; matter: string }>({
    name: 'list-minute-references',
    text: `
      select m.id as "minuteReferenceId", m.reference, m.matter from minute_reference m
       where m.conference_id = $1 order by m.recorded_at, m.id limit 500`,
    values: [conferenceId],
  })
  return rows
}
