import type { AgreementVersion, Subject } from '../core/snapshot.ts'
import type { AgencyKind, Category, Role } from '../core/vocabulary.ts'
import type { Db } from './db.ts'

/** The one instant a batch is decided at, with everything that hangs on a version number and every subject asked about. */
export interface FactsRead {
  readonly at: Date
  readonly policyHash: string | null
  readonly agencyVersions: ReadonlyMap<string, number>
  readonly subjects: ReadonlyMap<string, Subject>
  /** True when an entry has waited fifteen minutes for its place in the sealed log: ordinary data stops until it has one. */
  readonly sealingStalled: boolean
}

interface FactsRow {
  readonly at: Date
  readonly policyHash: string | null
  readonly sealingStalled: boolean
  readonly versions: Record<string, number> | null
  readonly offenderId: string | null
  readonly identifiers: Subject['identifiers']
  readonly relationships: readonly WithInstants[]
  readonly consentEvents: readonly WithInstants[]
  readonly hosted: readonly { id: string; category: Category; agencyId: string; sealed: string; recordedAt: string }[]
}
type WithInstants = Record<string, unknown>

/**
 * Reads the facts of a whole batch in one statement, whose timestamp is the instant of decision. Under a lock it must be sent
 * after the locking statement returned: a statement's snapshot is as old as its start.
 * @param question.categories whose hosted records are read along, still sealed
 */
export const readFacts = async (
  db: Db,
  question: { readonly offenderIds: readonly string[]; readonly agencyIds: readonly string[]; readonly categories: readonly Category[] },
): Promise<FactsRead> => {
  const { rows } = await db.query<FactsRow & Record<string, unknown>>({
    name: 'read-facts',
    text: `
      select statement_timestamp() as at,
             (select policy_active.hash from policy_active) as "policyHash",
             exists (select from log_batch b
                      where b.committed_at <= statement_timestamp() - interval '15 minutes'
                        and b.committed_at > coalesce((select c.covers_until from log_checkpoint c order by c.tree_size desc limit 1),
                                                      '-infinity')) as "sealingStalled",
             (select json_object_agg(agency.id, agency.version) from agency where agency.id = any($2::text[])) as versions,
             o.id as "offenderId", o.basis, o.given_name as "givenName", o.family_name as "familyName", o.born_on::text as "bornOn",
             o.cohort, o.strand, o.statutory, o.supervisor_agency_id as "supervisorAgencyId", o.lead_agency_id as "leadAgencyId",
             lead.kind as "leadAgencyKind", o.dip, o.custody_agency_id as "custodyAgencyId", o.area_id as "areaId",
             o.review_on::text as "reviewOn", o.long_term_custody as "longTermCustody",
             o.processing_restricted as "processingRestricted",
             (select json_agg(json_build_object('kind', i.kind, 'value', i.value, 'agencyId', i.agency_id))
                from identifier i where i.offender_id = o.id) as identifiers,
             (select json_agg(json_build_object('kind', r.kind, 'agencyId', r.agency_id, 'personSub', r.person_sub,
                                                'fromAt', r.from_at, 'toAt', r.to_at))
                from case_relationship r where r.offender_id = o.id) as relationships,
             (select json_agg(json_build_object('id', c.id, 'offenderId', c.offender_id, 'kind', c.kind,
                        'scope', json_build_object('categories', c.categories, 'recipients', c.recipients, 'purposes', c.purposes),
                        'capacityBasis', c.capacity_basis, 'evidence', c.evidence, 'happenedAt', c.happened_at,
                        'expiresAt', c.expires_at, 'recordedAt', c.recorded_at))
                from consent_event c where c.offender_id = o.id) as "consentEvents",
             (select json_agg(json_build_object('id', h.id, 'category', h.category, 'agencyId', h.agency_id,
                                                'sealed', encode(h.sealed, 'base64'), 'recordedAt', h.recorded_at))
                from hosted_record h where h.offender_id = o.id and h.category = any($3::text[])) as hosted
        from (select 1) as always
        left join offender o on o.id = any($1::uuid[])
        left join agency lead on lead.id = o.lead_agency_id`,
    values: [question.offenderIds, question.agencyIds, question.categories],
  })
  const first = rows[0]!
  const subjects = new Map<string, Subject>()
  for (const row of rows) if (row.offenderId !== null) subjects.set(row.offenderId, subjectOf(row))
  const agencyVersions = new Map(Object.entries(first.versions ?? {}))
  return { at: first.at, policyHash: first.policyHash, agencyVersions, subjects, sealingStalled: first.sealingStalled }
}

const instant = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null)

const subjectOf = (row: FactsRow & Record<string, unknown>): Subject => {
  const { at: _at, policyHash: _hash, versions: _versions, sealingStalled: _stalled, ...columns } = row
  return {
    ...(columns as unknown as Subject),
    identifiers: row.identifiers ?? [],
    relationships: (row.relationships ?? []).map(
      (tie) => ({ ...tie, fromAt: instant(tie.fromAt), toAt: instant(tie.toAt) }) as unknown as Subject['relationships'][number],
    ),
    consentEvents: (row.consentEvents ?? []).map(
      (event) =>
        ({
          ...event,
          happenedAt: instant(event.happenedAt),
          expiresAt: instant(event.expiresAt),
          recordedAt: instant(event.recordedAt),
        }) as unknown as Subject['consentEvents'][number],
    ),
    hosted: (row.hosted ?? []).map((record) => ({
      id: record.id,
      category: record.category,
      agencyId: record.agencyId,
      sealed: Buffer.from(record.sealed, 'base64'),
      recordedAt: new Date(record.recordedAt),
    })),
  }
}

/** All that hangs on one agency's version number. Intervals are kept as they are and weighed at the instant of each decision. */
export interface AgencyFile {
  readonly version: number
  readonly id: string
  readonly kind: AgencyKind
  readonly regime: 'law-enforcement' | 'general'
  readonly clearance: 'official' | 'official-sensitive'
  readonly schemes: readonly string[]
  readonly activeFrom: Date
  readonly activeTo: Date | null
  readonly suspendedAt: Date | null
  readonly clients: ReadonlyMap<string, { readonly suspendedAt: Date | null; readonly keys: readonly FiledKey[] }>
  readonly agreements: readonly AgreementVersion[]
}

/** A key that was in force when the file was read, and when that ends. */
export interface FiledKey {
  readonly thumbprint: string
  readonly toAt: Date | null
}

export interface PersonFile {
  readonly sub: string
  readonly activeFrom: Date
  readonly activeTo: Date | null
  readonly intelligenceVettedUntil: Date | null
  readonly visorTrainedUntil: Date | null
  readonly appointments: readonly {
    readonly role: Role
    readonly areaId: string | null
    readonly fromAt: Date
    readonly toAt: Date | null
  }[]
}

interface AgencyRow extends Omit<AgencyFile, 'clients' | 'agreements'> {
  readonly clients:
    readonly { id: string; suspendedAt: string | null; keys: readonly { thumbprint: string; toAt: string | null }[] | null }[] | null
}

/** One agency's row and its client systems with their keys in force, under its version number; null when there is no such agency. */
export const findAgencyFile = async (db: Db, agencyId: string): Promise<Omit<AgencyFile, 'agreements'> | null> => {
  const { rows } = await db.query<AgencyRow>({
    name: 'find-agency-file',
    text: `
      select a.version, a.id, a.kind, a.regime, a.clearance, a.schemes, nullif(a.active_from, '-infinity') as "activeFrom",
             a.active_to as "activeTo", a.suspended_at as "suspendedAt",
             (select json_agg(json_build_object('id', c.id, 'suspendedAt', c.suspended_at,
                        'keys', (select json_agg(json_build_object('thumbprint', k.thumbprint, 'toAt', k.to_at)) from client_key k
                                  where k.client_id = c.id and (k.to_at is null or k.to_at > statement_timestamp()))))
                from client c where c.agency_id = a.id) as clients
        from agency a where a.id = $1`,
    values: [agencyId],
  })
  const row = rows[0]
  if (row === undefined) return null
  const clients = new Map(
    (row.clients ?? []).map((client) => {
      const keys = (client.keys ?? []).map(({ thumbprint, toAt }) => ({ thumbprint, toAt: instant(toAt) }))
      return [client.id, { suspendedAt: instant(client.suspendedAt), keys }]
    }),
  )
  return { ...row, activeFrom: row.activeFrom ?? new Date(0), clients }
}

export const listAgencyKinds = async (
  db: Db,
): Promise<readonly { id: string; kind: AgencyKind; regime: 'law-enforcement' | 'general' }[]> => {
  const { rows } = await db.query<{ id: string; kind: AgencyKind; regime: 'law-enforcement' | 'general' }>({
    name: 'list-agency-kinds',
    text: 'select a.id, a.kind, a.regime from agency a',
  })
  return rows
}

/** The named people of one agency with their appointments; people nobody registered are absent. */
export const findPersonFiles = async (db: Db, agencyId: string, subs: readonly string[]): Promise<readonly PersonFile[]> => {
  const { rows } = await db.query<Omit<PersonFile, 'appointments'> & { appointments: readonly WithInstants[] | null }>({
    name: 'find-person-files',
    text: `
      select p.sub, nullif(p.active_from, '-infinity') as "activeFrom", p.active_to as "activeTo",
             p.intelligence_vetted_until as "intelligenceVettedUntil", p.visor_trained_until as "visorTrainedUntil",
             (select json_agg(json_build_object('role', ap.role, 'areaId', ap.area_id, 'fromAt', ap.from_at, 'toAt', ap.to_at))
                from appointment ap where ap.agency_id = p.agency_id and ap.person_sub = p.sub) as appointments
        from person p where p.agency_id = $1 and p.sub = any($2::text[])`,
    values: [agencyId, subs],
  })
  return rows.map((row) => ({
    ...row,
    activeFrom: row.activeFrom ?? new Date(0),
    appointments: (row.appointments ?? []).map(
      (one) => ({ ...one, fromAt: instant(one.fromAt), toAt: instant(one.toAt) }) as unknown as PersonFile['appointments'][number],
    ),
  }))
}
