import type { PackageHistory } from '../../core/disclosure/package-state.ts'
import type { Db, Tx } from '../db.ts'

/** A sealed package with everything that happened to it; what opens it is not in here. */
export interface SealedPackage extends PackageHistory {
  readonly id: string
  readonly permissionId: string
  readonly madeAt: Date
  readonly codesIssued: number
  readonly openingEntryId: string | null
  /** Null: not opened, or nobody saw the answer leave. */
  readonly delivery: 'delivered' | 'not-delivered' | null
}

/** The newest code of a package, as far as it is kept. */
export interface StoredCode {
  readonly number: number
  readonly salt: Buffer
  readonly hash: Buffer
}

const columns = `
  k.id, k.permission_id as "permissionId", k.made_at as "madeAt", k.expires_at as "expiresAt",
  (select count(*)::integer from disclosure_package_code c where c.package_id = k.id) as "codesIssued",
  (select count(*)::integer from disclosure_package_try t where t.package_id = k.id) as "wrongCodes",
  o.opened_at as "openedAt", o.entry_id as "openingEntryId", d.outcome as delivery,
  exists (select from disclosure_package n where n.permission_id = k.permission_id and n.made_at > k.made_at) as replaced`

const joins = `
  left join disclosure_package_opening o on o.package_id = k.id
  left join disclosure_package_delivery d on d.package_id = k.id`

/** Null: no such package. */
export const findPackage = async (db: Db, id: string): Promise<SealedPackage | null> => {
  const { rows } = await db.query<SealedPackage>({
    name: 'find-disclosure-package',
    text: `select ${columns} from disclosure_package k ${joins} where k.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** The package that this hash of a link belongs to, with what its newest code is compared by; null: none. */
export const findPackageByLink = async (
  db: Db,
  linkHash: Uint8Array,
): Promise<{ readonly id: string; readonly permissionId: string; readonly expiresAt: Date; readonly code: StoredCode | null } | null> => {
  const { rows } = await db.query<{ id: string; permissionId: string; expiresAt: Date }>({
    name: 'find-disclosure-package-by-link',
    text: `select k.id, k.permission_id as "permissionId", k.expires_at as "expiresAt" from disclosure_package k where k.link_hash = $1`,
    values: [linkHash],
  })
  return rows[0] === undefined ? null : { ...rows[0], code: await findNewestCode(db, rows[0].id) }
}

/** Null: no code was issued yet. */
export const findNewestCode = async (db: Db, packageId: string): Promise<StoredCode | null> => {
  const { rows } = await db.query<StoredCode>({
    name: 'find-newest-package-code',
    text: `select c.number, c.salt, c.hash from disclosure_package_code c where c.package_id = $1 order by c.number desc limit 1`,
    values: [packageId],
  })
  return rows[0] ?? null
}

interface By {
  readonly agencyId: string
  readonly sub: string
}

export const insertPackage = async (
  tx: Tx,
  row: {
    readonly id: string
    readonly permissionId: string
    readonly linkHash: Uint8Array
    readonly by: By
    readonly at: Date
    readonly expiresAt: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-disclosure-package',
    text: `
      insert into disclosure_package (id, permission_id, link_hash, made_by_agency, made_by_sub, made_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [row.id, row.permissionId, row.linkHash, row.by.agencyId, row.by.sub, row.at, row.expiresAt],
  })
}

export const insertPackageCode = async (
  tx: Tx,
  row: StoredCode & { readonly packageId: string; readonly by: By; readonly at: Date },
): Promise<void> => {
  await tx.query({
    name: 'insert-disclosure-package-code',
    text: `
      insert into disclosure_package_code (package_id, number, salt, hash, issued_by_agency, issued_by_sub, issued_at)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [row.packageId, row.number, row.salt, row.hash, row.by.agencyId, row.by.sub, row.at],
  })
}

interface Happened {
  readonly packageId: string
  readonly entryId: string
  readonly at: Date
}

export const insertWrongCode = async (tx: Tx, row: Happened & { readonly number: number }): Promise<void> => {
  await tx.query({
    name: 'insert-disclosure-package-try',
    text: `insert into disclosure_package_try (package_id, number, entry_id, tried_at) values ($1, $2, $3, $4)`,
    values: [row.packageId, row.number, row.entryId, row.at],
  })
}

/** Uses the package up; a second time is refused by its key. */
export const insertOpening = async (tx: Tx, row: Happened): Promise<void> => {
  await tx.query({
    name: 'insert-disclosure-package-opening',
    text: `insert into disclosure_package_opening (package_id, entry_id, opened_at) values ($1, $2, $3)`,
    values: [row.packageId, row.entryId, row.at],
  })
}

/** False when that was noted already. */
export const insertDelivery = async (db: Db, packageId: string, outcome: 'delivered' | 'not-delivered'): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'insert-disclosure-package-delivery',
    text: `
      insert into disclosure_package_delivery (package_id, outcome, noted_at) values ($1, $2, statement_timestamp())
      on conflict (package_id) do nothing returning package_id`,
    values: [packageId, outcome],
  })
  return rows.length === 1
}

/** Opened some time ago, and nobody saw the answer leave. */
export const listLostPackages = async (
  db: Db,
  seconds: number,
): Promise<
  readonly { readonly packageId: string; readonly entryId: string; readonly permissionId: string; readonly offenderId: string }[]
> => {
  const { rows } = await db.query<{ packageId: string; entryId: string; permissionId: string; offenderId: string }>({
    name: 'list-lost-disclosure-packages',
    text: `
      select o.package_id as "packageId", o.entry_id as "entryId", k.permission_id as "permissionId", r.offender_id as "offenderId"
        from disclosure_package_opening o
        join disclosure_package k on k.id = o.package_id
        join permission m on m.id = k.permission_id
        join disclosure_request r on r.id = m.request_id
       where o.opened_at < statement_timestamp() - make_interval(secs => $1)
         and not exists (select from disclosure_package_delivery d where d.package_id = o.package_id)
       order by o.opened_at limit 100`,
    values: [seconds],
  })
  return rows
}

/** Who a package is for, as the register has them, and whether their body has any system to ask through. */
export const findHolder = async (
  db: Db,
  person: By,
): Promise<{ readonly displayName: string; readonly agencyName: string; readonly hasSystem: boolean } | null> => {
  const { rows } = await db.query<{ displayName: string; agencyName: string; hasSystem: boolean }>({
    name: 'find-disclosure-package-holder',
    text: `
      select p.display_name as "displayName", g.name as "agencyName",
             exists (select from client c where c.agency_id = g.id) as "hasSystem"
        from person p join agency g on g.id = p.agency_id where p.agency_id = $1 and p.sub = $2`,
    values: [person.agencyId, person.sub],
  })
  return rows[0] ?? null
}
