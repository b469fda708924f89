import type { TaskKind } from '../../core/case-vocabulary.ts'
import type { Tx } from '../db.ts'

/** Whose tasks: what the person holds decides what they see. */
export interface TaskReader {
  readonly agencyId: string
  readonly personSub: string
  /** Appointments that hold now. */
  readonly held: readonly { readonly role: string; readonly areaId: string | null }[]
  /** Areas whose cases the person's appointments tie them to. */
  readonly areaIds: readonly string[]
  /** People held by the own establishment are the reception's. */
  readonly admitted: boolean
}

export interface TaskRow {
  readonly taskId: string
  readonly kind: TaskKind
  readonly offenderId: string | null
  readonly ownerRole: string | null
  readonly ownerPersonSub: string | null
  readonly dueAt: Date | null
  readonly overdue: boolean
  readonly detail: Readonly<Record<string, string>>
  readonly openedAt: Date
}

export interface TaskPlace {
  /** Null: no clock runs; such tasks come last. */
  readonly dueAt: Date | null
  readonly taskId: string
}

// A task about a person says that there is such a person: whoever of the agency has no route to them does not see it, unless it is
// addressed to their own role in that area, or to themselves.
const mine = `
  t.closed_at is null and t.owner_agency_id = $1 and (
    t.owner_person_sub = $2
    or (t.owner_person_sub is null and t.owner_role is not null and exists (
          select from unnest($3::text[], $4::text[]) as held (role, area_id)
           where held.role = t.owner_role and (t.detail ->> 'areaId' is null or held.area_id is null or held.area_id = t.detail ->> 'areaId')))
    or (t.owner_person_sub is null and t.owner_role is null and (t.offender_id is null or exists (
          select from offender o
           where o.id = t.offender_id and (
                 o.area_id = any($5::text[]) or ($6 and o.custody_agency_id = $1)
                 or exists (select from case_relationship r
                             where r.offender_id = o.id and r.agency_id = $1 and (r.person_sub is null or r.person_sub = $2)
                               and r.from_at <= statement_timestamp() and (r.to_at is null or r.to_at > statement_timestamp())))))))`

const readerValues = (reader: TaskReader): unknown[] => [
  reader.agencyId,
  reader.personSub,
  reader.held.map(({ role }) => role),
  reader.held.map(({ areaId }) => areaId),
  reader.areaIds,
  reader.admitted,
]

const columns = `
  t.id as "taskId", t.kind, t.offender_id as "offenderId", t.owner_role as "ownerRole", t.owner_person_sub as "ownerPersonSub",
  t.due_at as "dueAt", coalesce(t.due_at <= statement_timestamp(), false) as overdue, t.detail, t.opened_at as "openedAt"`

/** A person's open tasks, the most overdue first. */
export const listTasks = async (
  tx: Tx,
  reader: TaskReader,
  page: { readonly after: TaskPlace | null; readonly limit: number },
): Promise<readonly TaskRow[]> => {
  const { rows } = await tx.query<TaskRow>({
    name: 'list-tasks',
    text: `
      select ${columns} from task t
       where ${mine}
         and ($7::uuid is null or (coalesce(t.due_at, 'infinity'::timestamptz), t.id) > (coalesce($8::timestamptz, 'infinity'::timestamptz), $7))
       order by coalesce(t.due_at, 'infinity'::timestamptz), t.id
       limit $9`,
    values: [...readerValues(reader), page.after?.taskId ?? null, page.after?.dueAt ?? null, page.limit],
  })
  return rows
}

/** One of the person's own open tasks; null when it is not theirs, closed or invented, which look alike. */
export const findOwnTask = async (
  tx: Tx,
  reader: TaskReader,
  taskId: string,
): Promise<(TaskRow & { readonly subjectKey: string }) | null> => {
  const { rows } = await tx.query<TaskRow & { readonly subjectKey: string }>({
    name: 'find-own-task',
    text: `select ${columns}, t.subject_key as "subjectKey" from task t where ${mine} and t.id = $7`,
    values: [...readerValues(reader), taskId],
  })
  return rows[0] ?? null
}
