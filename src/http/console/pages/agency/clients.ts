import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { administrators } from './people.ts'

/** The agency's systems, their keys, and the switch that stops each of them. */
export const clients: Page = {
  path: '/console/agency/clients',
  title: 'Client systems and keys',
  section: 'agency',
  roles: administrators,
  offers: 'The systems that ask in your agency’s name, their keys, and a switch that stops each at once.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listClients', cursor === null ? {} : { query: { cursor } })
    return told.status === 200 ? { view: 'agency/clients.njk', data: { list: told.body, entryId: told.entryId } } : refused(told)
  },
}
