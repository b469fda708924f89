import type { Strand } from '../../core/vocabulary.ts'
import type { StrandTrigger } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface PlanRow {
  readonly id: string
  readonly leadManagerAgencyId: string
  readonly leadManagerSub: string
  readonly reviewOn: string
  readonly sealed: Uint8Array
  /** In the plan's order: each intervention has a named person. */
  readonly interventions: readonly { readonly agencyId: string; readonly personSub: string }[]
}

export interface StrandChangeRow {
  readonly id: string
  readonly offenderId: string
  readonly trigger: StrandTrigger
  readonly fromStrand: Strand | null
  readonly toStrand: Strand
  readonly fromLead: string | null
  readonly toLead: string
  readonly rowId: string
  readonly override: boolean
  readonly immediate: boolean
  readonly evidenceIds: readonly string[]
  readonly conferenceId: string | null
  readonly policeDecisionId: string | null
  readonly sealed: Uint8Array
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
  readonly areaId: string
  readonly plan: PlanRow
  /** The item under which the case goes on the next agenda; null when a conference has decided it. */
  readonly agenda: { readonly id: string; readonly item: 'strand' | 'release' } | null
}

/** Brings the offender's row, and who works with the person, to where the change and its plan say; `moved` names the change. */
const applyMove = `
  offender_moved as (
    update offender set strand = moved.to_strand, lead_agency_id = moved.to_lead, lead_override = moved.lead_override,
                        review_on = moved.review_on
      from moved where offender.id = moved.offender_id
  ), ended as (
    update case_relationship set to_at = moved.at
      from moved
     where case_relationship.offender_id = moved.offender_id and case_relationship.to_at is null
       and case_relationship.kind in ('lead-case-manager', 'intervention-owner')
       and not exists (select from parts where parts.kind = case_relationship.kind and parts.agency_id = case_relationship.agency_id
                          and parts.person_sub = case_relationship.person_sub)
  ), begun as (
    insert into case_relationship (id, offender_id, kind, agency_id, person_sub, from_at)
    select uuid_v7_at(moved.at), moved.offender_id, parts.kind, parts.agency_id, parts.person_sub, moved.at
      from moved, parts
     where not exists (select from case_relationship r where r.offender_id = moved.offender_id and r.kind = parts.kind
                          and r.agency_id = parts.agency_id and r.person_sub = parts.person_sub and r.to_at is null)
  )`

const strandChangeSql = `
  with planned as (
    insert into interventions_plan (id, offender_id, strand, lead_manager_agency, lead_manager_sub, review_on, sealed,
                                    recorded_by_agency, recorded_by_person, recorded_at)
    values ($19, $2, $5, $20, $21, $22::date, $23, $15, $16, $17)
  ), listed as (
    insert into intervention (plan_id, position, agency_id, person_sub)
    select $19, named.position, named.agency_id, named.person_sub
      from unnest($24::text[], $25::text[]) with ordinality as named (agency_id, person_sub, position)
  ), recorded as (
    insert into strand_change (id, offender_id, trigger, from_strand, to_strand, from_lead, to_lead, row_id, lead_override, immediate,
                               evidence_ids, conference_id, police_decision_id, plan_id, sealed, recorded_by_agency,
                               recorded_by_person, recorded_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $19, $14, $15, $16, $17)
  ), touched as (
    -- What waits for acceptance has changed the case too: whoever read it before reads it again.
    update offender set case_version = offender.case_version + 1 where offender.id = $2 and not $10
  ), queued as (
    insert into agenda_item (id, area_id, offender_id, item, asked_by_agency, asked_at)
    select $26, $18, $2, $27, $15, $17 where $26::uuid is not null
    on conflict do nothing
  ), reviewed as (
    update consent_question set state = 'reviewed', ended_at = $17
     where consent_question.offender_id = $2 and consent_question.kind = 'return-review' and consent_question.ended_at is null
       and $3::text = 'consent-restored'
  ), moved as (
    select $2::uuid as offender_id, $5::text as to_strand, $7::text as to_lead, $9::boolean as lead_override,
           $22::date as review_on, $17::timestamptz as at where $10
  ), parts as (
    select 'lead-case-manager' as kind, $20::text as agency_id, $21::text as person_sub
    union
    select 'intervention-owner', named.agency_id, named.person_sub from unnest($24::text[], $25::text[]) as named (agency_id, person_sub)
  ), ${applyMove}
  select`

/** The change, the amended plan and, when it holds at once, the case itself, in one statement: all of it or nothing. */
export const insertStrandChange = async (tx: Tx, change: StrandChangeRow): Promise<void> => {
  const { plan } = change
  await tx.query({
    name: 'insert-strand-change',
    text: strandChangeSql,
    values: [
      ...[change.id, change.offenderId, change.trigger, change.fromStrand, change.toStrand, change.fromLead, change.toLead],
      ...[change.rowId, change.override, change.immediate, change.evidenceIds, change.conferenceId, change.policeDecisionId],
      ...[change.sealed, change.byAgency, change.byPerson, change.at, change.areaId],
      ...[plan.id, plan.leadManagerAgencyId, plan.leadManagerSub, plan.reviewOn, plan.sealed],
      plan.interventions.map(({ agencyId }) => agencyId),
      plan.interventions.map(({ personSub }) => personSub),
      ...[change.agenda?.id ?? null, change.agenda?.item ?? null],
    ],
  })
}

export interface PendingChange {
  readonly id: string
  readonly trigger: StrandTrigger
  readonly toStrand: Strand
  readonly fromLead: string | null
  readonly toLead: string
  readonly rowId: string
  readonly leadManagerSub: string
  readonly answered: boolean
}

/** A change of this person that the incoming lead has to answer; null when there is none of that id. */
export const findProposedChange = async (
  db: Db,
  change: { readonly id: string; readonly offenderId: string },
): Promise<PendingChange | null> => {
  const { rows } = await db.query<PendingChange>({
    name: 'find-proposed-change',
    text: `
      select c.id, c.trigger, c.to_strand as "toStrand", c.from_lead as "fromLead", c.to_lead as "toLead", c.row_id as "rowId",
             p.lead_manager_sub as "leadManagerSub", w.strand_change_id is not null as answered
        from strand_change c
        join interventions_plan p on p.id = c.plan_id
        left join strand_change_answer w on w.strand_change_id = c.id
       where c.id = $1 and c.offender_id = $2 and not c.immediate`,
    values: [change.id, change.offenderId],
  })
  return rows[0] ?? null
}

/** Answers a proposed change; accepted, it brings the case to where it says. */
export const answerStrandChange = async (
  tx: Tx,
  answer: {
    readonly id: string
    readonly decision: 'accepted' | 'declined' | 'overtaken'
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'answer-strand-change',
    text: `
      with answered as (
        insert into strand_change_answer (strand_change_id, decision, by_agency, by_person, at) values ($1, $2, $3, $4, $5)
      ), proposed as (
        select c.offender_id, c.to_strand, c.to_lead, c.lead_override, c.plan_id, p.review_on, p.lead_manager_agency, p.lead_manager_sub
          from strand_change c join interventions_plan p on p.id = c.plan_id where c.id = $1
      ), touched as (
        update offender set case_version = offender.case_version + 1
          from proposed where offender.id = proposed.offender_id and $2::text = 'declined'
      ), moved as (
        select proposed.offender_id, proposed.to_strand, proposed.to_lead, proposed.lead_override, proposed.review_on,
               $5::timestamptz as at
          from proposed where $2::text = 'accepted'
      ), parts as (
        select 'lead-case-manager' as kind, proposed.lead_manager_agency as agency_id, proposed.lead_manager_sub as person_sub from proposed
        union
        select 'intervention-owner', i.agency_id, i.person_sub from proposed join intervention i on i.plan_id = proposed.plan_id
      ), ${applyMove}
      select`,
    values: [answer.id, answer.decision, answer.byAgency, answer.byPerson, answer.at],
  })
}
