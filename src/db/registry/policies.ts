import type { PolicyBundle } from '../../core/decision/bundle.ts'
import type { Db } from '../db.ts'

export const findPolicyBundle = async (db: Db, hash: string): Promise<PolicyBundle | null> => {
  const { rows } = await db.query<{ content: PolicyBundle }>({
    name: 'find-policy-bundle',
    text: 'select b.content from policy_bundle b where b.hash = $1',
    values: [hash],
  })
  return rows[0]?.content ?? null
}

/** Stores a bundle under its hash; a bundle already there is left as it is, since the hash is its content. */
export const storePolicyBundle = async (db: Db, bundle: { hash: string; engine: string; content: PolicyBundle }): Promise<void> => {
  await db.query({
    name: 'store-policy-bundle',
    text: `insert into policy_bundle (hash, engine, content) values ($1, $2, $3) on conflict (hash) do nothing`,
    values: [bundle.hash, bundle.engine, JSON.stringify(bundle.content)],
  })
}

export const findActivePolicyHash = async (db: Db): Promise<string | null> => {
  const { rows } = await db.query<{ hash: string }>({ name: 'find-active-policy', text: 'select policy_active.hash from policy_active' })
  return rows[0]?.hash ?? null
}

/** Points every instance at a bundle; the exclusive policy lock is the caller's to hold. */
export const activatePolicy = async (db: Db, hash: string): Promise<void> => {
  await db.query({
    name: 'activate-policy',
    text: `insert into policy_active (single, hash) values (true, $1)
           on conflict (single) do update set hash = excluded.hash, since = statement_timestamp()`,
    values: [hash],
  })
}

export interface PolicyPublication {
  readonly id: string
  readonly hash: string
  readonly proposedByAgency: string
  readonly proposedByPerson: string
  readonly proposedAt: Date
  readonly approvedByPerson: string | null
  readonly approvedAt: Date | null
}

export const insertProposal = async (
  db: Db,
  proposal: { id: string; hash: string; agencyId: string; personSub: string },
): Promise<void> => {
  await db.query({
    name: 'insert-policy-proposal',
    text: `insert into policy_publication (id, hash, proposed_by_agency, proposed_by_person) values ($1, $2, $3, $4)`,
    values: [proposal.id, proposal.hash, proposal.agencyId, proposal.personSub],
  })
}

/** The newest proposal of a bundle that nobody has approved yet. */
export const findOpenProposal = async (db: Db, hash: string): Promise<PolicyPublication | null> => {
  const { rows } = await db.query<PolicyPublication>({
    name: 'find-open-proposal',
    text: `${selectPublications} where p.hash = $1 and p.approved_at is null order by p.proposed_at desc limit 1`,
    values: [hash],
  })
  return rows[0] ?? null
}

export const approveProposal = async (db: Db, approval: { id: string; agencyId: string; personSub: string }): Promise<void> => {
  await db.query({
    name: 'approve-proposal',
    text: `update policy_publication set approved_by_agency = $2, approved_by_person = $3, approved_at = statement_timestamp() where id = $1`,
    values: [approval.id, approval.agencyId, approval.personSub],
  })
}

export const listPublications = async (db: Db): Promise<readonly PolicyPublication[]> => {
  const { rows } = await db.query<PolicyPublication>({
    name: 'list-publications',
    text: `${selectPublications} order by p.proposed_at desc limit 100`,
  })
  return rows
}

const selectPublications = `
  select p.id, p.hash, p.proposed_by_agency as "proposedByAgency", p.proposed_by_person as "proposedByPerson",
         p.proposed_at as "proposedAt", p.approved_by_person as "approvedByPerson", p.approved_at as "approvedAt"
    from policy_publication p`
