import type { Db, Tx } from '../db.ts'

/** The earliest day on which the person may be released; the tasks that hang on it move with it. */
export const setReleaseDate = async (
  tx: Tx,
  release: { readonly offenderId: string; readonly earliestReleaseOn: string; readonly hdcEligible: boolean },
): Promise<void> => {
  await tx.query({
    name: 'set-release-date',
    text: 'update offender set earliest_release_on = $2::date, hdc_eligible = $3 where offender.id = $1',
    values: [release.offenderId, release.earliestReleaseOn, release.hdcEligible],
  })
}

/** The earliest release date on record; null when none was recorded, or the person is not in custody. */
export const findReleaseDate = async (db: Db, offenderId: string): Promise<string | null> => {
  const { rows } = await db.query<{ earliestReleaseOn: string | null }>({
    name: 'find-release-date',
    text: 'select o.earliest_release_on::text as "earliestReleaseOn" from offender o where o.id = $1',
    values: [offenderId],
  })
  return rows[0]?.earliestReleaseOn ?? null
}
