import { agreementStanding, agreementState, usable, versionStanding } from './agreement.ts'
import type { AgreementStanding } from '../facts.ts'
import type { AgreementVersion } from '../snapshot.ts'
import { categories } from '../vocabulary.ts'
import type { AgreementState, Category, Purpose } from '../vocabulary.ts'

export interface CoverageRow {
  readonly category: Category
  readonly purpose: Purpose
  readonly providerAgencyId: string
  readonly reference: string
  readonly agreementId: string
  readonly version: number
  readonly state: AgreementState
  /** When this ends by itself; null when it does not. */
  readonly until: Date | null
}

export interface CoverageGap {
  readonly category: Category
  readonly purpose: Purpose
  /** What is missing: no agreement at all, or one that is unsigned, suspended, lapsed. */
  readonly nearest: AgreementStanding
}

/**
 * What an agency may receive, from whom and until when, whoever the person is; and, for every purpose that any of its agreements
 * names, the categories that nobody gives. What an agency holds itself needs no agreement and is not counted as given.
 */
export const coverageOf = (
  versions: readonly AgreementVersion[],
  recipient: string,
  at: Date,
): { readonly covered: readonly CoverageRow[]; readonly gaps: readonly CoverageGap[] } => {
  const covered = new Map<string, CoverageRow>()
  for (const version of versions) {
    if (!usable(versionStanding(version, at).standing)) continue
    for (const row of rowsOf(version, recipient, at)) {
      const key = `${row.category} ${row.purpose} ${row.providerAgencyId}`
      const known = covered.get(key)
      if (known === undefined || lasts(row) > lasts(known)) covered.set(key, row)
    }
  }
  const purposes = new Set(versions.flatMap((version) => version.terms.grants.flatMap((grant) => grant.purposes)))
  const gaps = [...purposes].sort().flatMap((purpose) =>
    categories.flatMap((category) => {
      const { standing } = agreementStanding(versions, { recipient, category, purpose, at })
      return usable(standing) ? [] : [{ category, purpose, nearest: standing }]
    }),
  )
  return { covered: [...covered.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row), gaps }
}

const lasts = (row: CoverageRow): number => row.until?.getTime() ?? Infinity

const rowsOf = (version: AgreementVersion, recipient: string, at: Date): CoverageRow[] => {
  const { terms, agreementId } = version
  const shared = {
    reference: terms.reference,
    agreementId,
    version: version.version,
    state: agreementState(version, at),
    until: versionStanding(version, at).endsAt,
  }
  const given = terms.grants.filter((grant) => grant.recipients.includes(recipient) && terms.parties.includes(recipient))
  return given.flatMap((grant) =>
    grant.providers
      .filter((provider) => provider !== recipient && terms.parties.includes(provider))
      .flatMap((providerAgencyId) =>
        grant.categories.flatMap((category) =>
          grant.purposes.map((purpose) => ({ category: category.id, purpose, providerAgencyId, ...shared })),
        ),
      ),
  )
}
