import type { EvidenceKind } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface EvidenceRow {
  readonly id: string
  readonly offenderId: string
  readonly kind: EvidenceKind
  readonly originatorAgencyId: string
  readonly originatorSub: string
  readonly occurredOn: string
  readonly reference: string | null
  readonly sealed: Uint8Array
  readonly direct: boolean
  readonly supersedes: string | null
  readonly at: Date
}

export const insertEvidence = async (tx: Tx, row: EvidenceRow): Promise<void> => {
  await tx.query({
    name: 'insert-evidence',
    text: `
      insert into evidence (id, offender_id, kind, originator_agency, originator_person, occurred_on, reference, sealed, direct, supersedes,
                            recorded_at)
      values ($1, $2, $3, $4, $5, $6::date, $7, $8, $9, $10, $11)`,
    values: [
      ...[row.id, row.offenderId, row.kind, row.originatorAgencyId, row.originatorSub, row.occurredOn, row.reference, row.sealed],
      ...[row.direct, row.supersedes, row.at],
    ],
  })
}

export interface EvidenceState {
  readonly id: string
  readonly kind: EvidenceKind
  readonly originatorAgencyId: string
  readonly occurredOn: string
  readonly supersedes: string | null
  readonly state: 'accepted' | 'submitted' | 'declined' | 'superseded'
}

const columns = `e.id, e.kind, e.originator_agency as "originatorAgencyId", e.occurred_on::text as "occurredOn", e.supersedes, e.state`

/** One item about this person; null when there is none of that id. */
export const findEvidence = async (db: Db, item: { readonly id: string; readonly offenderId: string }): Promise<EvidenceState | null> => {
  const { rows } = await db.query<EvidenceState>({
    name: 'find-evidence',
    text: `select ${columns} from evidence_state e where e.id = $1 and e.offender_id = $2`,
    values: [item.id, item.offenderId],
  })
  return rows[0] ?? null
}

/** Everything about this person, oldest first; without what it says. */
export const listEvidence = async (db: Db, offenderId: string): Promise<readonly EvidenceState[]> => {
  const { rows } = await db.query<EvidenceState>({
    name: 'list-evidence',
    text: `select ${columns} from evidence_state e where e.offender_id = $1 order by e.recorded_at, e.id limit 500`,
    values: [offenderId],
  })
  return rows
}

export const insertEvidenceAnswer = async (
  tx: Tx,
  answer: {
    readonly evidenceId: string
    readonly decision: 'accepted' | 'declined'
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-evidence-answer',
    text: 'insert into evidence_answer (evidence_id, decision, by_agency, by_person, at) values ($1, $2, $3, $4, $5)',
    values: [answer.evidenceId, answer.decision, answer.byAgency, answer.byPerson, answer.at],
  })
}
