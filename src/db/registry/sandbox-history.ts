import type { Tx } from '../db.ts'

/** What each table of the cases' past takes, in an order in which every reference is there before its use. */
const columns = {
  conference:
    'id uuid, kind text, area_id text, held_on date, chair_agency text, chair_sub text, chaired_as text, spoc_agency text, spoc_sub text, ' +
    'recorded_by_agency text, recorded_by_person text, recorded_at timestamptz',
  agenda_item: 'id uuid, conference_id uuid, area_id text, offender_id uuid, item text, asked_by_agency text, asked_at timestamptz',
  minute_reference:
    'id uuid, conference_id uuid, offender_id uuid, reference text, matter text, risk_outweighs_confidentiality boolean, ' +
    'article8_grounds text[], recorded_by_agency text, recorded_by_person text, recorded_at timestamptz',
  nomination:
    'id uuid, proposes text, area_id text, cohort text, given_name text, family_name text, born_on date, identifiers jsonb, sealed text, ' +
    'nominated_by_agency text, nominated_by_person text, nominated_at timestamptz',
  registration:
    'id uuid, nomination_id uuid, offender_id uuid, conference_id uuid, cohort text, criteria_version text, score integer, ' +
    'score_only boolean, views jsonb, sealed text, review_on date, recorded_by_agency text, recorded_by_person text, recorded_at timestamptz',
  interventions_plan:
    'id uuid, offender_id uuid, strand text, lead_manager_agency text, lead_manager_sub text, review_on date, sealed text, ' +
    'recorded_by_agency text, recorded_by_person text, recorded_at timestamptz',
  intervention: 'plan_id uuid, position integer, agency_id text, person_sub text',
  evidence:
    'id uuid, offender_id uuid, kind text, originator_agency text, originator_person text, occurred_on date, reference text, sealed text, ' +
    'direct boolean, supersedes uuid, recorded_at timestamptz',
  evidence_answer: 'evidence_id uuid, decision text, by_agency text, by_person text, at timestamptz',
  custody_event:
    'id uuid, offender_id uuid, status text, effect text, establishment_id text, happened_at timestamptz, from_strand text, from_lead text, ' +
    'recorded_by_agency text, recorded_by_person text, recorded_at timestamptz',
  consent_question: 'id uuid, offender_id uuid, consent_event_id uuid, kind text, state text, opened_at timestamptz, ended_at timestamptz',
  police_decision:
    'id uuid, offender_id uuid, question_id uuid, outcome text, sealed text, decided_by_agency text, decided_by_person text, decided_at timestamptz',
  strand_change:
    'id uuid, offender_id uuid, trigger text, from_strand text, to_strand text, from_lead text, to_lead text, row_id text, ' +
    'lead_override boolean, immediate boolean, evidence_ids uuid[], conference_id uuid, custody_event_id uuid, plan_id uuid, sealed text, ' +
    'recorded_by_agency text, recorded_by_person text, recorded_at timestamptz',
  strand_change_answer: 'strand_change_id uuid, decision text, by_agency text, by_person text, at timestamptz',
  recall:
    'id uuid, offender_id uuid, tier text, police_exchange_at timestamptz, application_at timestamptz, exception boolean, ' +
    'due_at timestamptz, sealed text, proposed_by_agency text, proposed_by_person text, recorded_at timestamptz',
  case_review:
    'id uuid, offender_id uuid, conference_id uuid, strand text, lead_agency_id text, period_from date, period_to date, ' +
    'criteria_version text, score integer, sealed text, registration_appropriate boolean, strand_appropriate boolean, ' +
    'out_of_cycle boolean, long_term_custody boolean, views jsonb, review_on date, recorded_by_agency text, recorded_by_person text, ' +
    'recorded_at timestamptz',
  deselection:
    'id uuid, offender_id uuid, conference_id uuid, reasons text[], sealed text, outcome text, views jsonb, recorded_by_agency text, ' +
    'recorded_by_person text, recorded_at timestamptz',
  area_transfer:
    'id uuid, offender_id uuid, from_area_id text, to_area_id text, address_stable_since date, proposed_by_agency text, ' +
    'proposed_by_person text, proposed_at timestamptz',
  area_transfer_answer:
    'transfer_id uuid, area_id text, accepted boolean, review_on date, answered_by_agency text, answered_by_person text, answered_at timestamptz',
  rectification:
    'id uuid, offender_id uuid, kind text, category text, originator_agency_id text, sealed text, recorded_by_agency text, ' +
    'recorded_by_person text, recorded_at timestamptz',
  rectification_notice: 'rectification_id uuid, agency_id text, releases integer',
  rectification_acknowledgement: 'rectification_id uuid, agency_id text, outcome text, person_sub text, acknowledged_at timestamptz',
  conference_invitation:
    'conference_id uuid, agency_id text, person_sub text, invited_by_agency text, invited_by_person text, invited_at timestamptz',
  attendance:
    'conference_id uuid, agency_id text, person_sub text, part text, state text, recorded_by_agency text, recorded_by_person text, ' +
    'recorded_at timestamptz',
  acknowledgement: 'conference_id uuid, statement_version integer, agency_id text, person_sub text, kind text, happened_at timestamptz',
  case_discussion:
    'id uuid, conference_id uuid, offender_id uuid, risk_outweighs_confidentiality boolean, article8_grounds text[], sealed text, ' +
    'recorded_by_agency text, recorded_by_person text, recorded_at timestamptz',
  paragraph: 'id uuid, conference_id uuid, form text, number integer',
  paragraph_version:
    'paragraph_id uuid, version integer, offender_id uuid, originator_agency text, source text, nature text, subject_type text, ' +
    'marking text, foi_labels text[], action_agency text, action_sub text, sealed text, recorded_by_agency text, recorded_by_person text, ' +
    'recorded_at timestamptz',
  minute_reference_paragraph:
    'minute_reference_id uuid, paragraph_id uuid, linked_by_agency text, linked_by_person text, linked_at timestamptz',
  task:
    'id uuid, kind text, subject_key text, offender_id uuid, owner_agency_id text, owner_role text, owner_person_sub text, ' +
    'due_at timestamptz, detail jsonb, opened_at timestamptz, closed_at timestamptz, outcome text',
  event: 'id uuid, kind text, offender_id uuid, refs jsonb, happened_at timestamptz',
  event_delivery: 'event_id uuid, agency_id text',
} as const

export type HistoryTable = keyof typeof columns

/** Rows of the cases' past by table, in the columns' own names; a column left out is null. */
export type HistoryRows = Readonly<Partial<Record<HistoryTable, readonly Readonly<Record<string, unknown>>[]>>>

export const historyTables = Object.keys(columns) as readonly HistoryTable[]

/** Writes rows of one table in one statement; `types` as `name type, name type`, `sealed` in base64. */
export const insertRows = async (
  tx: Tx,
  table: string,
  { types, rows }: { readonly types: string; readonly rows: unknown },
): Promise<void> => {
  const names = types.split(', ').map((column) => column.split(' ')[0]!)
  const selected = names.map((name) => (name === 'sealed' ? `decode(given.sealed, 'base64')` : `given.${name}`))
  await tx.query({
    text: `
      insert into ${table} (${names.join(', ')})
      select ${selected.join(', ')} from jsonb_to_recordset($1::jsonb) as given (${types})`,
    values: [JSON.stringify(rows)],
  })
}

/** Writes the cases' past. The agencies' case systems of the sandbox were filled with its outcome, so none of it is sent to them. */
export const insertSandboxHistory = async (tx: Tx, history: HistoryRows): Promise<void> => {
  for (const table of historyTables) {
    const rows = history[table] ?? []
    if (rows.length > 0) await insertRows(tx, table, { types: columns[table], rows })
  }
  await tx.query({
    text: `
      update mi_case_message set ended_at = mi_case_message.effective_at, outcome = 'withheld' where mi_case_message.ended_at is null`,
  })
}
