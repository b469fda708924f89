import type { AgreementTerms } from '../../../../core/snapshot.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { differences } from './compare.ts'

interface Version {
  readonly version: number
  readonly state: string
  readonly terms: AgreementTerms
}

/** One agreement: its terms, its parties and signatures, who gives what to whom, and what each version changed. */
export const agreement: Page = {
  path: '/console/agreements/:agreementId',
  title: 'Sharing agreement',
  section: 'agreements',
  roles: [],
  open: async ({ ask, params, session }) => {
    const told = await ask('getAgreement', { params: { agreementId: params['agreementId'] ?? '' } })
    if (told.status !== 200) return refused(told)
    const versions = (told.body['versions'] as readonly Version[]).toSorted((left, right) => right.version - left.version)
    const newest = versions[0]!
    return {
      view: 'agreements/agreement.njk',
      title: newest.terms.reference,
      data: {
        agreement: told.body,
        newest,
        changes: versions.slice(0, -1).map((version, place) => ({
          from: versions[place + 1]!.version,
          to: version.version,
          differences: differences(versions[place + 1]!.terms, version.terms),
        })),
        mayAct: session.appointments.some(({ role }) => ['isa-registrar', 'isa-signatory', 'ig-officer'].includes(role)),
        entryId: told.entryId,
      },
    }
  },
}
