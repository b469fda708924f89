import type { Json, Reply } from '../support/ask.ts'
import { must } from '../journeys/support/agree.ts'
import { type Disclosures, openDisclosures, type Scene } from './support.ts'

export const agreedWords = 'The tenancy may go ahead. Please ring the named officer before any visit.'
/** What no package may ever show. */
export const said = 'Four burglaries were spoken of in the room.'

export interface Outsider {
  readonly agencyId: string
  readonly sub: string
}
export const landlord: Outsider = { agencyId: 'hollins-lettings', sub: 'landlord' }

/** A page as it came. */
export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Sealed {
  readonly packageId: string
  readonly link: string
  readonly code: string
}

export interface Packages extends Disclosures {
  /** A body outside the partnership with one person, registered by the partnership's administrator. */
  outsider(kind: string, clearance?: string): Promise<Outsider>
  consentTo(scene: Scene, recipients: readonly string[], kind?: string): Promise<void>
  /** Asked with the agreed words for somebody outside, and granted whole in those words. */
  permitted(scene: Scene, recipient: Outsider, more?: Json): Promise<string>
  make(permissionId: string, more?: Json, as?: string, key?: string): Promise<Reply>
  issue(packageId: string, as?: string, key?: string): Promise<Reply>
  standing(packageId: string): Promise<Json>
  /** Made and given a code, ready to be opened. */
  sealed(permissionId: string): Promise<Sealed>
  look(link: string, method?: string): Promise<Seen>
  knock(link: string, code: string, at?: string): Promise<Seen>
}

const toLandlord = { purpose: 'accommodation', legalGateway: 'dpa36-4-authorised' }

const seenOf = async (response: Response): Promise<Seen> => ({
  ...{ status: response.status, headers: response.headers, text: await response.text() },
})

export const openPackages = async (): Promise<Packages> => {
  const house = await openDisclosures()
  let registered = 0
  const keyed = (key: string | undefined): Record<string, string> => (key === undefined ? {} : { 'idempotency-key': key })
  const make: Packages['make'] = (permissionId, more = {}, as = 'spoc', key) =>
    house.as(as).post(`/v1/disclosures/${permissionId}/packages`, more, keyed(key))
  const issue: Packages['issue'] = (packageId, as = 'spoc', key) => house.as(as).post(`/v1/packages/${packageId}/codes`, {}, keyed(key))
  return {
    ...house,
    ...{ make, issue },
    outsider: async (kind, clearance = 'official') => {
      registered += 1
      const agencyId = `outside-${kind}-${registered}`
      must(await house.as('admin').post('/v1/agencies', { agencyId, name: `Outside ${kind}`, kind, regime: 'general', clearance }), 201)
      must(await house.as('admin').post('/v1/people', { agencyId, sub: 'named', displayName: `Nat ${kind}` }), 201)
      return { agencyId, sub: 'named' }
    },
    consentTo: async ({ offenderId }, recipients, kind = 'given') => {
      must(await house.consent('case-manager', offenderId, kind, { scope: { recipients } }), 201)
    },
    permitted: async (scene, recipient, more = {}) => {
      const asked = must(await house.request(scene, { recipient, ...toLandlord, formOfWords: agreedWords, ...more }), 201)
      const words = { formOfWordsHash: asked.formOfWordsHash, marking: 'official' }
      return house.granted(String(asked.requestId), { decision: 'grant-whole', ...words })
    },
    standing: async (packageId) => must(await house.as('spoc').get(`/v1/packages/${packageId}`), 200),
    sealed: async (permissionId) => {
      const made = must(await make(permissionId), 201)
      const packageId = String(made.packageId)
      return { packageId, link: String(made.link), code: String(must(await issue(packageId), 201).packageCode) }
    },
    look: async (link, method = 'GET') => seenOf(await fetch(house.url + link, { method })),
    knock: async (link, code, at = house.url) => seenOf(await fetch(at + link, { method: 'POST', body: new URLSearchParams({ code }) })),
  }
}
