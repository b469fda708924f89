import type { Page } from '../../page.ts'

/** What there is to do for one's agency. */
export const agency: Page = {
  path: '/console/agency',
  title: 'My agency',
  section: 'agency',
  roles: [],
  open: ({ offers }) =>
    Promise.resolve({ view: 'agency/agency.njk', data: { offers: offers.filter(({ path }) => path.startsWith('/console/agency/')) } }),
}
