import type { Strand } from '../../core/vocabulary.ts'
import type { CustodyStatus } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface CustodyRow {
  readonly id: string
  readonly offenderId: string
  readonly status: CustodyStatus
  readonly effect: 'entry' | 'transfer' | 'release' | 'none'
  readonly establishmentId: string | null
  readonly happenedAt: Date
  readonly fromStrand: Strand | null
  readonly fromLead: string | null
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

/** What was said of custody, and nothing else. */
const insertCustody = async (tx: Tx, row: CustodyRow): Promise<void> => {
  await tx.query({
    name: 'insert-custody-event',
    text: `
      insert into custody_event (id, offender_id, status, effect, establishment_id, happened_at, from_strand, from_lead,
                                 recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      ...[row.id, row.offenderId, row.status, row.effect, row.establishmentId, row.happenedAt, row.fromStrand, row.fromLead],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
}

export const insertCustodyWithoutEffect = insertCustody

/** Into custody, or from one establishment to another: strand and lead follow in the same statement (R30). */
export const enterCustody = async (
  tx: Tx,
  row: CustodyRow & { readonly establishmentId: string; readonly changeId: string; readonly sealed: Uint8Array },
): Promise<void> => {
  await insertCustody(tx, row)
  await tx.query({
    name: 'enter-custody',
    text: `
      with recorded as (
        insert into strand_change (id, offender_id, trigger, from_strand, to_strand, from_lead, to_lead, row_id, immediate,
                                   custody_event_id, sealed, recorded_by_agency, recorded_by_person, recorded_at)
        values ($1, $2, 'custody-entry', $3, 'rehabilitate-and-resettle', $4, $5, 'L11', true, $6, $7, $8, $9, $10)
      )
      update offender set custody_agency_id = $5, strand = 'rehabilitate-and-resettle', lead_agency_id = $5, lead_override = false,
                         admitted_at = $11
       where offender.id = $2`,
    values: [
      ...[row.changeId, row.offenderId, row.fromStrand, row.fromLead, row.establishmentId, row.id, row.sealed],
      ...[row.byAgency, row.byPerson, row.at, row.happenedAt],
    ],
  })
}

/** Out of custody; strand and lead stay until somebody decides them. */
export const leaveCustody = async (tx: Tx, row: CustodyRow): Promise<void> => {
  await insertCustody(tx, row)
  await tx.query({
    name: 'leave-custody',
    text: 'update offender set custody_agency_id = null where offender.id = $1',
    values: [row.offenderId],
  })
}

export const isEstablishment = async (db: Db, agencyId: string): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'is-establishment',
    text: `select from agency a where a.id = $1 and a.kind = 'prison' and a.suspended_at is null`,
    values: [agencyId],
  })
  return rows.length === 1
}

/** Does the agency know the person by a number of its own? */
export const isKnownTo = async (db: Db, offenderId: string, agencyId: string): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'is-known-to',
    text: 'select from identifier i where i.offender_id = $1 and i.agency_id = $2 limit 1',
    values: [offenderId, agencyId],
  })
  return rows.length === 1
}

export interface ConsentQuestionRow {
  readonly id: string
  readonly offenderId: string
  readonly consentEventId: string
  readonly kind: 'police-strand-decision' | 'return-review'
  readonly state: 'open' | 'waits-for-release'
  readonly at: Date
}

/** Puts a question that consent raised; one is open at a time, and a later refusal does not ask again. */
export const putConsentQuestion = async (tx: Tx, question: ConsentQuestionRow): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'put-consent-question',
    text: `
      insert into consent_question (id, offender_id, consent_event_id, kind, state, opened_at) values ($1, $2, $3, $4, $5, $6)
      on conflict (offender_id, kind) where ended_at is null do nothing`,
    values: [question.id, question.offenderId, question.consentEventId, question.kind, question.state, question.at],
  })
  return rowCount > 0
}

/** Ends the person's open questions of a kind. */
export const endConsentQuestions = async (
  tx: Tx,
  end: {
    readonly offenderId: string
    readonly kind: ConsentQuestionRow['kind']
    readonly state: 'decided' | 'overtaken'
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'end-consent-questions',
    text: `
      update consent_question set state = $3, ended_at = $4
       where consent_question.offender_id = $1 and consent_question.kind = $2 and consent_question.ended_at is null`,
    values: [end.offenderId, end.kind, end.state, end.at],
  })
}

/** What waited for the release is asked now; the id of the question, or null when nothing waited. */
export const releaseConsentQuestion = async (tx: Tx, offenderId: string): Promise<string | null> => {
  const { rows } = await tx.query<{ id: string }>({
    name: 'release-consent-question',
    text: `
      update consent_question set state = 'open'
       where consent_question.offender_id = $1 and consent_question.state = 'waits-for-release' returning consent_question.id`,
    values: [offenderId],
  })
  return rows[0]?.id ?? null
}

/** Held by a prison now: an open question of the police waits until release. */
export const holdConsentQuestion = async (tx: Tx, offenderId: string): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'hold-consent-question',
    text: `
      update consent_question set state = 'waits-for-release'
       where consent_question.offender_id = $1 and consent_question.kind = 'police-strand-decision' and consent_question.state = 'open'`,
    values: [offenderId],
  })
  return rowCount > 0
}

export const insertPoliceDecision = async (
  tx: Tx,
  decision: {
    readonly id: string
    readonly offenderId: string
    readonly questionId: string
    readonly outcome: 'catch-and-control' | 'no-move'
    readonly sealed: Uint8Array
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-police-decision',
    text: `
      with decided as (update consent_question set state = 'decided', ended_at = $8 where consent_question.id = $3)
      insert into police_decision (id, offender_id, question_id, outcome, sealed, decided_by_agency, decided_by_person, decided_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      ...[decision.id, decision.offenderId, decision.questionId, decision.outcome, decision.sealed],
      ...[decision.byAgency, decision.byPerson, decision.at],
    ],
  })
}
