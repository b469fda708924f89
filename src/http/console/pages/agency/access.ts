import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

/** What may my agency get, from whom, for which purpose; and if not, why not. */
export const access: Page = {
  path: '/console/agency/access',
  title: 'What may my agency get?',
  section: 'agency',
  roles: [],
  offers: 'Category by purpose: from whom, under which agreement, and if not, why not.',
  open: async ({ ask }) => {
    const told = await ask('myAccess')
    return told.status === 200 ? { view: 'agency/access.njk', data: { access: told.body, entryId: told.entryId } } : refused(told)
  },
}
