import type { Page } from '../../page.ts'
import { differences } from './compare.ts'
import { drafters, inForceAmong, readAgreement, type Version } from './draft/versions.ts'

/** One agreement: its terms, its parties and signatures, who gives what to whom, and what each version changed. */
export const agreement: Page = {
  path: '/console/agreements/:agreementId',
  title: 'Sharing agreement',
  section: 'agreements',
  roles: [],
  open: async (request) => {
    const read = await readAgreement(request)
    if (!('versions' in read)) return read
    const { versions, entryId } = read
    const { appointments, agencyId } = request.session
    const newest = versions[0]!
    const holds = (roles: readonly string[]): boolean => appointments.some(({ role }) => roles.includes(role))
    return {
      view: 'agreements/agreement.njk',
      title: newest.terms.reference,
      data: {
        agreement: read,
        newest,
        inForce: inForceAmong(versions),
        changes: changesAmong(versions),
        // What may be done the operations decide; these keep ways that lead nowhere off the page.
        mayAct: holds(['isa-registrar', 'isa-signatory', 'ig-officer']),
        mayDraft: holds(drafters),
        maySign: holds(['isa-signatory']) && newest.terms.parties.includes(agencyId) && !newest.signedBy.includes(agencyId),
        entryId,
      },
    }
  },
}

/** What each version changed of the one before it, and the newest of the one in force where others lie between. */
const changesAmong = (versions: readonly Version[]) => {
  const [newest, inForce] = [versions[0]!, inForceAmong(versions)]
  const pairs = versions.slice(0, -1).map((version, place) => [versions[place + 1]!, version] as const)
  const apart = inForce !== null && newest.version - inForce.version > 1 ? [[inForce, newest] as const] : []
  return [...apart, ...pairs].map(([from, to]) => ({
    ...{ from: from.version, to: to.version },
    differences: differences(from.terms, to.terms),
  }))
}
