import type { CaseState } from '../../core/casework/lead/case-state.ts'
import type { Grounds } from '../../core/casework/strand/decide-move.ts'
import type { AgreementVersion, CaseRelationship, Subject } from '../../core/snapshot.ts'
import type { AgencyKind } from '../../core/vocabulary.ts'
import type { Db } from '../db.ts'

/** What a change of one case is decided on, besides what it names. */
export interface CaseRead extends CaseState {
  readonly offenderId: string
  readonly basis: Subject['basis']
  /** Rises with every change; what If-Match is compared with. */
  readonly version: number
  readonly relationships: readonly CaseRelationship[]
  /** Recorded by the outgoing lead, not yet answered by the incoming one. */
  readonly pendingChangeId: string | null
  /** Open questions that consent put to people, by kind. */
  readonly questions: readonly { readonly id: string; readonly kind: 'police-strand-decision' | 'return-review'; readonly state: string }[]
  /** Active agencies that serve the area. */
  readonly agencies: readonly { readonly id: string; readonly kind: AgencyKind }[]
  readonly evidence: Grounds['evidence']
  readonly conference: Grounds['conference']
  readonly policeDecision: Grounds['policeDecision']
  readonly provider: { readonly id: string; readonly kind: AgencyKind; readonly versions: readonly AgreementVersion[] } | null
  /** Those of the people named who are registered and active, as `agency sub`. */
  readonly people: readonly string[]
}

export interface CaseQuestion {
  readonly offenderId: string
  readonly evidenceIds?: readonly string[]
  readonly conferenceId?: string | null
  readonly policeDecisionId?: string | null
  readonly providerAgencyId?: string | null
  readonly people?: readonly { readonly agencyId: string; readonly personSub: string }[]
}

type Row = Omit<CaseRead, 'relationships' | 'questions' | 'agencies' | 'evidence' | 'provider' | 'people'> & {
  readonly relationships: readonly Record<string, unknown>[] | null
  readonly questions: CaseRead['questions'] | null
  readonly agencies: CaseRead['agencies'] | null
  readonly evidence: Grounds['evidence'] | null
  readonly people: readonly string[] | null
  readonly provider: { id: string; kind: AgencyKind; versions: readonly Record<string, unknown>[] | null } | null
}

const providerVersions = `
  (select json_agg(json_build_object('agreementId', v.agreement_id, 'version', v.version, 'hash', v.hash, 'terms', v.terms,
            'signedBy', coalesce((select json_agg(s.agency_id) from agreement_signature s
                                   where s.agreement_id = v.agreement_id and s.version = v.version), '[]'),
            'suspendedAt', g.suspended_at, 'terminatedAt', g.terminated_at, 'replacedAt', v.replaced_at))
     from agreement_party p
     join agreement_version v on v.agreement_id = p.agreement_id and v.version = p.version
     join agreement g on g.id = v.agreement_id
    where p.agency_id = a.id)`

/** Everything a change may name is read along: what it does not name comes back null. */
const caseSql = `
  select o.id as "offenderId", o.basis, o.cohort, o.born_on::text as "bornOn", o.statutory, o.dip, o.strand, o.area_id as "areaId",
         o.supervisor_agency_id as "supervisorAgencyId", supervisor.kind as "supervisorKind",
         o.custody_agency_id as "custodyAgencyId", o.lead_agency_id as "leadAgencyId", lead.kind as "leadAgencyKind",
         o.case_version as version,
         (select json_agg(json_build_object('kind', r.kind, 'agencyId', r.agency_id, 'personSub', r.person_sub,
                                            'fromAt', r.from_at, 'toAt', r.to_at))
            from case_relationship r where r.offender_id = o.id) as relationships,
         (select c.id from strand_change c left join strand_change_answer w on w.strand_change_id = c.id
           where c.offender_id = o.id and not c.immediate and w.strand_change_id is null) as "pendingChangeId",
         (select json_agg(json_build_object('id', q.id, 'kind', q.kind, 'state', q.state))
            from consent_question q where q.offender_id = o.id and q.ended_at is null) as questions,
         (select json_agg(json_build_object('id', a.id, 'kind', a.kind)) from agency a
           where a.kind in ('police', 'dip-police', 'dip', 'probation', 'yos') and (a.area_id is null or a.area_id = o.area_id)
             and a.suspended_at is null and (a.active_to is null or a.active_to > statement_timestamp())) as agencies,
         (select json_agg(json_build_object('id', e.id, 'kind', e.kind, 'state', e.state))
            from evidence_state e where e.offender_id = o.id and e.id = any($2::uuid[])) as evidence,
         (select json_build_object('kind', f.kind, 'areaId', f.area_id, 'heldOn', f.held_on, 'onAgenda',
                   exists (select from agenda_item i where i.conference_id = f.id and i.offender_id = o.id))
            from conference f where f.id = $3) as conference,
         (select json_build_object('outcome', d.outcome, 'state',
                   case when exists (select from strand_change c where c.police_decision_id = d.id) then 'recorded'
                        when exists (select from consent_question later where later.offender_id = o.id
                                        and later.kind = 'return-review' and later.opened_at >= d.decided_at) then 'overtaken'
                        else 'to-be-recorded' end)
            from police_decision d where d.id = $4 and d.offender_id = o.id) as "policeDecision",
         (select json_build_object('id', a.id, 'kind', a.kind, 'versions', ${providerVersions}) from agency a
           where a.id = $5 and a.suspended_at is null and (a.active_to is null or a.active_to > statement_timestamp())) as provider,
         (select json_agg(p.agency_id || ' ' || p.sub) from person p
            join unnest($6::text[], $7::text[]) as named (agency_id, sub) on named.agency_id = p.agency_id and named.sub = p.sub
           where p.active_from <= statement_timestamp() and (p.active_to is null or p.active_to > statement_timestamp())) as people
    from offender o
    left join agency lead on lead.id = o.lead_agency_id
    left join agency supervisor on supervisor.id = o.supervisor_agency_id
   where o.id = $1`

/**
 * One case with everything that a change names, in one statement; null when there is no such person. Sent after the locks were
 * granted, like every read that a decision rests on.
 */
export const findCase = async (db: Db, question: CaseQuestion): Promise<CaseRead | null> => {
  const people = question.people ?? []
  const { rows } = await db.query<Row>({
    name: 'find-case',
    text: caseSql,
    values: [
      question.offenderId,
      question.evidenceIds ?? [],
      question.conferenceId ?? null,
      question.policeDecisionId ?? null,
      question.providerAgencyId ?? null,
      people.map(({ agencyId }) => agencyId),
      people.map(({ personSub }) => personSub),
    ],
  })
  return rows[0] === undefined ? null : caseOf(rows[0])
}

const instant = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null)

const caseOf = (row: Row): CaseRead => ({
  ...row,
  relationships: (row.relationships ?? []).map(
    (tie) => ({ ...tie, fromAt: instant(tie['fromAt']), toAt: instant(tie['toAt']) }) as unknown as CaseRelationship,
  ),
  questions: row.questions ?? [],
  agencies: row.agencies ?? [],
  evidence: row.evidence ?? [],
  people: row.people ?? [],
  provider: row.provider === null ? null : { ...row.provider, versions: (row.provider.versions ?? []).map(versionOf) },
})

const versionOf = (version: Record<string, unknown>): AgreementVersion =>
  ({
    ...version,
    suspendedAt: instant(version['suspendedAt']),
    terminatedAt: instant(version['terminatedAt']),
    replacedAt: instant(version['replacedAt']),
  }) as unknown as AgreementVersion

/** Active agencies of these kinds that serve the area, by id. */
export const findAgenciesServing = async (
  db: Db,
  question: { readonly areaId: string; readonly kinds: readonly AgencyKind[] },
): Promise<readonly string[]> => {
  const { rows } = await db.query<{ id: string }>({
    name: 'find-agencies-serving',
    text: `
      select a.id from agency a
       where a.kind = any($2::text[]) and (a.area_id is null or a.area_id = $1)
         and a.suspended_at is null and (a.active_to is null or a.active_to > statement_timestamp())
       order by a.id`,
    values: [question.areaId, question.kinds],
  })
  return rows.map(({ id }) => id)
}
