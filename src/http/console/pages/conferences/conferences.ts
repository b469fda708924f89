import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

/** The meetings of the areas the person works in, newest first. */
export const conferences: Page = {
  path: '/console/conferences',
  title: 'Conferences',
  section: 'conferences',
  roles: ['chair', 'deputy-chair', 'spoc', 'core-member', 'minute-taker', 'area-commander', 'hub-coordinator', 'ig-officer'],
  offers: 'The meetings of your area, and the agenda of each.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listConferences', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    return { view: 'conferences/conferences.njk', data: { conferences: told.body['conferences'], nextCursor: told.body['nextCursor'] } }
  },
}
