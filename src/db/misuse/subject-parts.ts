import type { Tx } from '../db.ts'

/** Somebody looked up by an agency that feeds a staff register, as the gateway knows them: to be hashed and compared. */
export interface KnownSubject {
  readonly offenderId: string
  readonly givenName: string
  readonly familyName: string
  /** Sealed records of their addresses, of agencies without a system of their own. */
  readonly addresses: readonly { readonly id: string; readonly agencyId: string; readonly sealed: string; readonly recordedAt: string }[]
}

/** Those looked up since an instant by agencies whose register has hashes; nobody where there is no register. */
export const findSubjectsToHash = async (tx: Tx, since: Date): Promise<readonly KnownSubject[]> => {
  const { rows } = await tx.query<KnownSubject>({
    text: `
      with asked as (
        select distinct l.offender_id from misuse_lookup l
         where l.at >= $1 and l.offender_id is not null and l.agency_id in (select distinct p.agency_id from staff_part p)
      )
      select o.id as "offenderId", o.given_name as "givenName", o.family_name as "familyName",
             coalesce((select json_agg(json_build_object('id', h.id, 'agencyId', h.agency_id, 'recordedAt', h.recorded_at,
                                                         'sealed', encode(h.sealed, 'base64')))
                         from hosted_record h where h.offender_id = o.id and h.category = 'address'), '[]') as addresses
        from asked join offender o on o.id = asked.offender_id`,
    values: [since],
  })
  return rows
}

export interface SubjectPart {
  readonly offenderId: string
  /** Empty: the gateway's own register. */
  readonly source: string
  readonly kind: 'name' | 'family-name' | 'address'
  /** Hexadecimal. */
  readonly hash: string
}

/** Replaces what the gateway itself knows of these people: their names, and the addresses in records it keeps for others. */
export const replaceSubjectParts = async (
  tx: Tx,
  of: { readonly offenderIds: readonly string[]; readonly hostedBy: readonly string[] },
  parts: readonly SubjectPart[],
): Promise<void> => {
  await tx.query({
    text: `delete from subject_part as o where o.offender_id = any($1::uuid[]) and (o.source = '' or o.source = any($2::text[]))`,
    values: [of.offenderIds, of.hostedBy],
  })
  await tx.query({
    text: `
      insert into subject_part (offender_id, source, kind, hash)
      select distinct p."offenderId", p.source, p.kind, decode(p.hash, 'hex')
        from jsonb_to_recordset($1::jsonb) as p ("offenderId" uuid, source text, kind text, hash text)`,
    values: [JSON.stringify(parts)],
  })
}
