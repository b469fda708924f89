import type { AgreementTerms } from '../../../../../core/snapshot.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'

export interface Version {
  readonly version: number
  readonly hash: string
  readonly state: string
  readonly terms: AgreementTerms
  readonly signedBy: readonly string[]
}

export interface Agreement {
  readonly agreementId: string
  readonly suspendedAt: string | null
  readonly terminatedAt: string | null
  readonly entryId: string
  /** Newest first; never empty. */
  readonly versions: readonly Version[]
}

/** The agreement of the address with its versions, as the person may read it; otherwise its refusal as a page. */
export const readAgreement = async ({ ask, params }: PageRequest): Promise<Agreement | PageAnswer> => {
  const told = await ask('getAgreement', { params: { agreementId: params['agreementId'] ?? '' } })
  if (told.status !== 200) return refused(told)
  const versions = (told.body['versions'] as readonly Version[]).toSorted((left, right) => right.version - left.version)
  const { agreementId, suspendedAt, terminatedAt } = told.body as unknown as Agreement
  return { agreementId, suspendedAt, terminatedAt, entryId: told.entryId, versions }
}

/** The version that is relied on now; null where none is. */
export const inForceAmong = (versions: readonly Version[]): Version | null =>
  versions.find(({ state }) => state === 'in-force' || state === 'review-overdue') ?? null

/** Who may draft: a party's registrar, signatory or single point of contact, and those of the partnership but its signatory. */
export const drafters = ['isa-registrar', 'isa-signatory', 'spoc'] as const

export const backToAgreement = (params: PageRequest['params']) => ({
  href: `/console/agreements/${params['agreementId'] ?? ''}`,
  text: 'The agreement',
})
