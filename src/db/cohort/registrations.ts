import type { ConferenceView } from '../../core/casework/conference-views.ts'
import type { NamedPerson } from '../../core/casework/registration.ts'
import type { Cohort, IdentifierKind, Strand } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'

/** The person a registration is of: the facts that the gateway decides on from then on. */
export interface RegisteredPerson {
  readonly offenderId: string
  readonly givenName: string
  readonly familyName: string
  readonly bornOn: string
  readonly cohort: Cohort
  readonly strand: Strand
  readonly statutory: boolean
  readonly supervisorAgencyId: string | null
  readonly dip: boolean
  readonly areaId: string
  readonly reviewOn: string
  readonly at: Date
}

/**
 * Puts the person into the cohort: a new one, or one who had left it.
 * @returns false when somebody of that id is in the cohort already, or may not be spoken of
 */
export const enterCohort = async (tx: Tx, person: RegisteredPerson): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'enter-cohort',
    text: `
      insert into offender (id, basis, given_name, family_name, born_on, cohort, strand, statutory, supervisor_agency_id, dip, area_id,
                            review_on, cohort_since)
      values ($1, 'cohort', $2, $3, $4::date, $5, $6, $7, $8, $9, $10, $11::date, $12)
      on conflict (id) do update
        set basis = 'cohort', cohort = excluded.cohort, strand = excluded.strand, statutory = excluded.statutory,
            supervisor_agency_id = excluded.supervisor_agency_id, dip = excluded.dip,
            area_id = excluded.area_id, review_on = excluded.review_on, cohort_since = excluded.cohort_since, lead_override = false
        where offender.basis = 'closed'`,
    values: [
      ...[person.offenderId, person.givenName, person.familyName, person.bornOn, person.cohort, person.strand, person.statutory],
      ...[person.supervisorAgencyId, person.dip, person.areaId, person.reviewOn, person.at],
    ],
  })
  return rowCount > 0
}

/** The lead that the table names, once it is known who the person is. */
export const setLead = async (tx: Tx, offenderId: string, leadAgencyId: string): Promise<void> => {
  await tx.query({
    name: 'set-lead',
    text: 'update offender set lead_agency_id = $2 where offender.id = $1',
    values: [offenderId, leadAgencyId],
  })
}

/** Why a person may or may not be registered; null when nobody of that id is known. */
export const findBasis = async (db: Db, offenderId: string): Promise<{ readonly basis: string; readonly areaId: string } | null> => {
  const { rows } = await db.query<{ basis: string; areaId: string }>({
    name: 'find-basis',
    text: 'select o.basis, o.area_id as "areaId" from offender o where o.id = $1',
    values: [offenderId],
  })
  return rows[0] ?? null
}

interface Number {
  readonly kind: IdentifierKind
  readonly value: string
}

/**
 * Until this transaction ends nobody else registers a person by one of these numbers: of two nominations of one person that are
 * registered at once, the second sees the first. Taken after the lock of the person, in one order, and by registrations alone.
 */
export const lockNumbers = async (tx: Tx, numbers: readonly Number[]): Promise<void> => {
  if (numbers.length === 0) return
  await tx.query({
    name: 'lock-numbers',
    text: `
      select count(pg_advisory_xact_lock(n.key)::text)
        from (select distinct hashtextextended('number ' || asked.kind || ' ' || asked.value, 0) as key
                from unnest($1::text[], $2::text[]) as asked (kind, value) order by key) as n`,
    values: [numbers.map(({ kind }) => kind), numbers.map(({ value }) => value)],
  })
}

/** People who carry one of these numbers at the agency; numbers are compared without separators. */
export const findNumberHolders = async (
  db: Db,
  asked: { readonly agencyId: string; readonly numbers: readonly Number[] },
): Promise<readonly { readonly offenderId: string; readonly basis: string; readonly areaId: string }[]> => {
  const { rows } = await db.query<{ offenderId: string; basis: string; areaId: string }>({
    name: 'find-number-holders',
    text: `
      select distinct o.id as "offenderId", o.basis, o.area_id as "areaId"
        from unnest($2::text[], $3::text[]) as asked (kind, value)
        join identifier i on i.kind = asked.kind and i.value = asked.value and (i.agency_id = $1 or i.kind in ('pnc-id', 'cro'))
        join offender o on o.id = i.offender_id`,
    values: [asked.agencyId, asked.numbers.map(({ kind }) => kind), asked.numbers.map(({ value }) => value)],
  })
  return rows
}

export const insertNumbers = async (
  tx: Tx,
  held: { readonly offenderId: string; readonly agencyId: string; readonly numbers: readonly Number[] },
): Promise<void> => {
  await tx.query({
    name: 'insert-numbers',
    text: `
      insert into identifier (kind, value, offender_id, agency_id)
      select asked.kind, asked.value, $1, $2 from unnest($3::text[], $4::text[]) as asked (kind, value)
      on conflict do nothing`,
    values: [held.offenderId, held.agencyId, held.numbers.map(({ kind }) => kind), held.numbers.map(({ value }) => value)],
  })
}

export interface CaseTie {
  readonly id: string
  readonly kind: 'lead-case-manager' | 'intervention-owner' | 'nominating-agency'
  readonly agencyId: string
  readonly personSub: string | null
}

export const insertTies = async (tx: Tx, offenderId: string, ties: readonly CaseTie[], at: Date): Promise<void> => {
  await tx.query({
    name: 'insert-ties',
    text: `
      insert into case_relationship (id, offender_id, kind, agency_id, person_sub, from_at)
      select tie.id, $1, tie.kind, tie.agency_id, tie.person_sub, $6
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as tie (id, kind, agency_id, person_sub)`,
    values: [
      offenderId,
      ties.map(({ id }) => id),
      ties.map(({ kind }) => kind),
      ties.map(({ agencyId }) => agencyId),
      ties.map(({ personSub }) => personSub),
      at,
    ],
  })
}

export interface RegistrationRow {
  readonly id: string
  readonly nominationId: string
  readonly offenderId: string
  readonly conferenceId: string
  readonly cohort: Cohort
  readonly criteriaVersion: string
  readonly score: number | null
  readonly scoreOnly: boolean
  readonly views: readonly ConferenceView[]
  readonly sealed: Uint8Array
  readonly reviewOn: string
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

/** False when the nomination was registered already. */
export const insertRegistration = async (tx: Tx, row: RegistrationRow): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-registration',
    text: `
      insert into registration (id, nomination_id, offender_id, conference_id, cohort, criteria_version, score, score_only, views, sealed,
                                review_on, recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::date, $12, $13, $14)
      on conflict (nomination_id) do nothing`,
    values: [
      ...[row.id, row.nominationId, row.offenderId, row.conferenceId, row.cohort, row.criteriaVersion, row.score, row.scoreOnly],
      ...[JSON.stringify(row.views), row.sealed, row.reviewOn, row.byAgency, row.byPerson, row.at],
    ],
  })
  return rowCount > 0
}

/** The first plan of a case, from which later moves amend. */
export const insertFirstPlan = async (
  tx: Tx,
  plan: {
    readonly id: string
    readonly offenderId: string
    readonly strand: Strand
    readonly leadManager: NamedPerson
    readonly owners: readonly NamedPerson[]
    readonly reviewOn: string
    readonly sealed: Uint8Array
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-first-plan',
    text: `
      with planned as (
        insert into interventions_plan (id, offender_id, strand, lead_manager_agency, lead_manager_sub, review_on, sealed,
                                        recorded_by_agency, recorded_by_person, recorded_at)
        values ($1, $2, $3, $4, $5, $6::date, $7, $8, $9, $10)
      )
      insert into intervention (plan_id, position, agency_id, person_sub)
      select $1, named.position, named.agency_id, named.person_sub
        from unnest($11::text[], $12::text[]) with ordinality as named (agency_id, person_sub, position)`,
    values: [
      ...[plan.id, plan.offenderId, plan.strand, plan.leadManager.agencyId, plan.leadManager.personSub, plan.reviewOn, plan.sealed],
      ...[plan.byAgency, plan.byPerson, plan.at],
      plan.owners.map(({ agencyId }) => agencyId),
      plan.owners.map(({ personSub }) => personSub),
    ],
  })
}
