import type { Tx } from '../db.ts'
import type { Raised } from './raise-flags.ts'

/**
 * Asks each information-governance officer of the partnership, except whom a flag is about, to look at the flags of the highest rank: a
 * task of one's own each, since one told to all of them would tell the one it is about.
 */
export const openReviewTasks = async (tx: Tx, raised: readonly Raised[], about: { readonly partnershipId: string; readonly at: Date }) => {
  await tx.query({
    text: `
      with wanted as (
        select f.flag_id, p.person_sub, f.flag_id::text || ' ' || p.person_sub as subject_key
          from jsonb_to_recordset($1::jsonb) as r ("flagId" uuid, "agencyId" text, "personSub" text, rank text)
          cross join lateral (select r."flagId" as flag_id) as f
          join (select distinct a.agency_id, a.person_sub from appointment a
                 where a.agency_id = $2 and a.role = 'ig-officer' and a.from_at <= $3 and (a.to_at is null or a.to_at > $3)) as p
            on (p.agency_id, p.person_sub) <> (r."agencyId", r."personSub")
         where r.rank = 'high'
      )
      insert into task (id, kind, subject_key, offender_id, owner_agency_id, owner_role, owner_person_sub, due_at, detail, opened_at)
      select uuid_v7_at($3), 'misuse-review', w.subject_key, null, $2, null, w.person_sub, null,
             jsonb_build_object('flagId', w.flag_id), $3
        from wanted w
      on conflict (kind, subject_key) where closed_at is null do nothing`,
    values: [JSON.stringify(raised), about.partnershipId, about.at],
  })
}

/** With the last word on a flag nobody is asked about it any more. */
export const closeReviewTasks = async (tx: Tx, flagId: string, outcome: string, at: Date): Promise<void> => {
  await tx.query({
    name: 'close-misuse-review-tasks',
    text: `
      update task set closed_at = $3, outcome = $2
       where task.kind = 'misuse-review' and task.detail ->> 'flagId' = $1 and task.closed_at is null`,
    values: [flagId, outcome, at],
  })
}
