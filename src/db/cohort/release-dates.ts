import type { Tx } from '../db.ts'

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
