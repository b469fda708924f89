import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

export const administrators = ['system-admin', 'spoc', 'isa-registrar'] as const

/** The agency's people and what they are appointed to. */
export const people: Page = {
  path: '/console/agency/people',
  title: 'People and appointments',
  section: 'agency',
  roles: administrators,
  offers: 'Who works for your agency, what each is appointed to, and until when.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listPeople', cursor === null ? {} : { query: { cursor } })
    return told.status === 200 ? { view: 'agency/people.njk', data: { list: told.body, entryId: told.entryId } } : refused(told)
  },
}
