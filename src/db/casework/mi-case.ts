import type { Strand } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'

/** What MI-Case has to be told, and how far that got. */
export interface MiCaseMessage {
  readonly id: string
  readonly offenderId: string
  readonly strand: Strand
  readonly leadAgencyId: string
  readonly trigger: string
  readonly evidenceIds: readonly string[]
  readonly effectiveAt: Date
  readonly attempts: number
  readonly entryId: string | null
  /** The system's own number for the person. */
  readonly identifier: string
}

/** Which system it is: whose, and by which numbers it knows people. */
export interface MiCaseSystem {
  readonly agencyId: string
  readonly identifierKind: string
}

const columns = `
  m.id, m.offender_id as "offenderId", m.strand, m.lead_agency_id as "leadAgencyId", m.trigger, m.evidence_ids as "evidenceIds",
  m.effective_at as "effectiveAt", m.attempts, m.entry_id as "entryId",
  (select min(i.value) from identifier i where i.offender_id = m.offender_id and i.agency_id = $1 and i.kind = $2) as identifier`

const due = `
  m.ended_at is null and m.next_attempt_at <= $3
  and exists (select from identifier i where i.offender_id = m.offender_id and i.agency_id = $1 and i.kind = $2)
  and not exists (select from mi_case_message earlier
                   where earlier.offender_id = m.offender_id and earlier.ended_at is null and earlier.place < m.place)`

/**
 * One message that is due, or null: the oldest of its person, since a strand told out of turn would be the wrong one, and only for
 * somebody whom the system knows by a number. What another instance has in hand is passed over.
 */
export const findDueMessage = async (db: Db, system: MiCaseSystem, at: Date): Promise<MiCaseMessage | null> => {
  const { rows } = await db.query<MiCaseMessage>({
    name: 'find-due-mi-case-message',
    text: `select ${columns} from mi_case_message m where ${due} order by m.next_attempt_at, m.place limit 1`,
    values: [system.agencyId, system.identifierKind, at],
  })
  return rows[0] ?? null
}

/** The same message once its locks are held; null when somebody else has it, or has sent it meanwhile. */
export const takeDueMessage = async (tx: Tx, system: MiCaseSystem, asked: { id: string; at: Date }): Promise<MiCaseMessage | null> => {
  const { rows } = await tx.query<MiCaseMessage>({
    name: 'take-due-mi-case-message',
    text: `select ${columns} from mi_case_message m where ${due} and m.id = $4 for update of m skip locked`,
    values: [system.agencyId, system.identifierKind, asked.at, asked.id],
  })
  return rows[0] ?? null
}

/** Notes an attempt, or that there will be none, with the entry of the log that says it was shared. */
export const noteAttempt = async (
  tx: Tx,
  attempt: {
    readonly id: string
    readonly entryId: string | null
    readonly nextAttemptAt: Date
    readonly withheldAt: Date | null
  },
): Promise<void> => {
  await tx.query({
    name: 'note-mi-case-attempt',
    text: `
      update mi_case_message set attempts = mi_case_message.attempts + 1, next_attempt_at = $2,
                                 entry_id = coalesce(mi_case_message.entry_id, $3), ended_at = $4,
                                 outcome = case when $4::timestamptz is null then null else 'withheld' end
       where mi_case_message.id = $1`,
    values: [attempt.id, attempt.nextAttemptAt, attempt.entryId, attempt.withheldAt],
  })
}

/** False when it was noted before: a second instance, or a second answer. */
export const noteDelivery = async (tx: Tx, id: string, at: Date): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'note-mi-case-delivery',
    text: `update mi_case_message set ended_at = $2, outcome = 'delivered' where mi_case_message.id = $1 and mi_case_message.ended_at is null`,
    values: [id, at],
  })
  return rowCount > 0
}

/** Somebody whose strand both keep. */
export interface ComparedPerson {
  readonly offenderId: string
  readonly identifier: string
  readonly strand: Strand
  readonly leadAgencyId: string | null
  readonly areaId: string
  /** True while a difference stands open as a task. */
  readonly differed: boolean
}

const comparable = `
  o.basis = 'cohort' and o.strand is not null
  and not exists (select from mi_case_message m where m.offender_id = o.id and m.ended_at is null)`

const compared = `
  o.id as "offenderId", o.strand, o.lead_agency_id as "leadAgencyId", o.area_id as "areaId",
  (select min(i.value) from identifier i where i.offender_id = o.id and i.agency_id = $1 and i.kind = $2) as identifier,
  exists (select from task t where t.kind = 'mi-case-difference' and t.subject_key = o.id::text and t.closed_at is null) as differed`

/** People of the cohort whom the system knows, those left out of whom it has still to be told; by id, after the last of the page before. */
export const listCompared = async (
  db: Db,
  system: MiCaseSystem,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly ComparedPerson[]> => {
  const { rows } = await db.query<ComparedPerson>({
    name: 'list-mi-case-compared',
    text: `
      select ${compared} from offender o
       where ${comparable} and ($3::uuid is null or o.id > $3)
         and exists (select from identifier i where i.offender_id = o.id and i.agency_id = $1 and i.kind = $2)
       order by o.id limit $4`,
    values: [system.agencyId, system.identifierKind, page.after, page.limit],
  })
  return rows
}

/** The same person under the lock of the case; null when a move came between. */
export const findCompared = async (tx: Tx, system: MiCaseSystem, offenderId: string): Promise<ComparedPerson | null> => {
  const { rows } = await tx.query<ComparedPerson>({
    name: 'find-mi-case-compared',
    text: `select ${compared} from offender o where ${comparable} and o.id = $3`,
    values: [system.agencyId, system.identifierKind, offenderId],
  })
  return rows[0] ?? null
}
