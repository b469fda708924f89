import type { AgreementTerms, AgreementVersion } from '../../core/snapshot.ts'
import type { Db, Tx } from '../db.ts'

/** A version as the registry keeps it: with who drafted it and who signed. */
export interface RegisteredVersion extends AgreementVersion {
  readonly draftedByAgency: string
  readonly draftedByPerson: string
  readonly signatures: readonly { readonly agencyId: string; readonly personSub: string }[]
}

export interface RegisteredAgreement {
  readonly agreementId: string
  readonly reference: string
  readonly suspendedAt: Date | null
  readonly terminatedAt: Date | null
  /** Oldest first; never empty. */
  readonly versions: readonly RegisteredVersion[]
}

const versionColumns = `
  v.agreement_id as "agreementId", v.version, v.hash, v.terms,
  coalesce((select array_agg(s.agency_id order by s.agency_id) from agreement_signature s
             where s.agreement_id = v.agreement_id and s.version = v.version), '{}') as "signedBy",
  a.suspended_at as "suspendedAt", a.terminated_at as "terminatedAt", v.replaced_at as "replacedAt"`

/** Every version that names the agency as a party and is not yet replaced, signed or not: what its decisions rest on. */
export const findAgreementVersionsOf = async (db: Db, agencyId: string): Promise<AgreementVersion[]> => {
  const { rows } = await db.query<AgreementVersion>({
    name: 'find-agreement-versions-of',
    text: `
      select ${versionColumns}
        from agreement_party p
        join agreement_version v on v.agreement_id = p.agreement_id and v.version = p.version
        join agreement a on a.id = v.agreement_id
       where p.agency_id = $1 and (v.replaced_at is null or v.replaced_at > statement_timestamp())
       order by v.agreement_id, v.version`,
    values: [agencyId],
  })
  return rows
}

/** One agreement with all its versions; null when the registry has none of that id. */
export const findAgreement = async (db: Db, agreementId: string): Promise<RegisteredAgreement | null> => {
  const { rows } = await db.query<RegisteredVersion & { reference: string }>({
    name: 'find-agreement',
    text: `
      select ${versionColumns}, a.reference, v.drafted_by_agency as "draftedByAgency", v.drafted_by_person as "draftedByPerson",
             coalesce((select json_agg(json_build_object('agencyId', s.agency_id, 'personSub', s.person_sub) order by s.agency_id)
                         from agreement_signature s
                        where s.agreement_id = v.agreement_id and s.version = v.version), '[]') as signatures
        from agreement a
        join agreement_version v on v.agreement_id = a.id
       where a.id = $1
       order by v.version`,
    values: [agreementId],
  })
  const first = rows[0]
  if (first === undefined) return null
  const versions = rows.map(({ reference: _reference, ...version }) => version)
  const { reference, suspendedAt, terminatedAt } = first
  return { agreementId, reference, suspendedAt, terminatedAt, versions }
}

export const findAgreementIdByReference = async (db: Db, reference: string): Promise<string | null> => {
  const { rows } = await db.query<{ id: string }>({ text: 'select a.id from agreement a where a.reference = $1', values: [reference] })
  return rows[0]?.id ?? null
}

/**
 * The newest version of each agreement, newest agreement first.
 * @param page.partyAgencyId only agreements of which some version names this agency; null for all
 * @param page.before the id of the last agreement of the page before
 */
export const listAgreements = async (
  db: Db,
  page: { readonly partyAgencyId: string | null; readonly before: string | null; readonly limit: number },
): Promise<AgreementVersion[]> => {
  const { rows } = await db.query<AgreementVersion>({
    name: 'list-agreements',
    text: `
      select ${versionColumns}
        from agreement a
        join agreement_version v on v.agreement_id = a.id
       where v.version = (select max(newest.version) from agreement_version newest where newest.agreement_id = a.id)
         and ($1::text is null or exists (
               select from agreement_party p where p.agency_id = $1 and p.agreement_id = a.id))
         and ($2::uuid is null or a.id < $2)
       order by a.id desc
       limit $3`,
    values: [page.partyAgencyId, page.before, page.limit],
  })
  return rows
}

/** Those of the ids that are registered agencies. */
export const findRegisteredAgencies = async (db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const { rows } = await db.query<{ id: string }>({ text: 'select g.id from agency g where g.id = any($1::text[])', values: [ids] })
  return new Set(rows.map(({ id }) => id))
}

/** The public keys that the person's own agency has registered for signing agreements and that hold at the instant. */
export const findSignatoryKeys = async (
  db: Db,
  signatory: { readonly agencyId: string; readonly personSub: string; readonly at: Date },
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const { rows } = await db.query<{ jwk: Record<string, unknown> }>({
    text: `
      select k.jwk from signatory_key k
       where k.agency_id = $1 and k.person_sub = $2 and k.from_at <= $3 and (k.to_at is null or k.to_at > $3)
       order by k.thumbprint`,
    values: [signatory.agencyId, signatory.personSub, signatory.at],
  })
  return rows.map(({ jwk }) => jwk)
}

export const insertAgreement = async (tx: Tx, agreement: { readonly id: string; readonly reference: string }): Promise<void> => {
  await tx.query({ text: 'insert into agreement (id, reference) values ($1, $2)', values: [agreement.id, agreement.reference] })
}

/** Adds a version and its parties, unsigned. */
export const insertVersion = async (
  tx: Tx,
  draft: {
    readonly agreementId: string
    readonly version: number
    readonly hash: string
    readonly terms: AgreementTerms
    readonly draftedBy: { readonly agencyId: string; readonly personSub: string }
  },
): Promise<void> => {
  await tx.query({
    text: `
      insert into agreement_version (agreement_id, version, hash, terms, drafted_by_agency, drafted_by_person)
      values ($1, $2, $3, $4, $5, $6)`,
    values: [
      draft.agreementId,
      draft.version,
      draft.hash,
      JSON.stringify(draft.terms),
      draft.draftedBy.agencyId,
      draft.draftedBy.personSub,
    ],
  })
  await tx.query({
    text: 'insert into agreement_party (agreement_id, version, agency_id) select $1, $2, party from unnest($3::text[]) as party',
    values: [draft.agreementId, draft.version, draft.terms.parties],
  })
}

export const insertSignature = async (
  tx: Tx,
  signature: {
    readonly agreementId: string
    readonly version: number
    readonly agencyId: string
    readonly personSub: string
    readonly jws: string
    readonly at: Date
  },
): Promise<void> => {
  const { agreementId, version, agencyId, personSub, jws, at } = signature
  await tx.query({
    text: `
      insert into agreement_signature (agreement_id, version, agency_id, person_sub, jws, signed_at)
      values ($1, $2, $3, $4, $5, $6)`,
    values: [agreementId, version, agencyId, personSub, jws, at],
  })
}

/** Suspends all versions of an agreement, or, with null, lifts the suspension. */
export const setSuspended = async (tx: Tx, agreementId: string, suspendedAt: Date | null): Promise<void> => {
  await tx.query({ text: 'update agreement set suspended_at = $2 where agreement.id = $1', values: [agreementId, suspendedAt] })
}

export const setTerminated = async (tx: Tx, agreementId: string, terminatedAt: Date): Promise<void> => {
  await tx.query({ text: 'update agreement set terminated_at = $2 where agreement.id = $1', values: [agreementId, terminatedAt] })
}

/** Ends every older version at the instant at which this one begins; one that ends sooner keeps its end. */
export const markReplaced = async (
  tx: Tx,
  by: { readonly agreementId: string; readonly version: number; readonly replacedAt: Date },
): Promise<void> => {
  await tx.query({
    text: `
      update agreement_version set replaced_at = $3
       where agreement_version.agreement_id = $1 and agreement_version.version < $2
         and (agreement_version.replaced_at is null or agreement_version.replaced_at > $3)`,
    values: [by.agreementId, by.version, by.replacedAt],
  })
}
