import type { Role } from '../../../../core/vocabulary.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

/** Who proposes rules, tries them and approves each other's. */
export const publishers: readonly Role[] = ['ig-officer', 'isa-registrar']

/** Which rules are in force, and which are proposed. */
export const policies: Page = {
  path: '/console/policies',
  title: 'Rules of release',
  section: 'policies',
  roles: publishers,
  offers: 'Which rules are in force and which are proposed; who would gain and lose by them; publishing by a second officer.',
  open: async ({ ask }) => {
    const told = await ask('listPolicies')
    return told.status === 200
      ? { view: 'policies/policies.njk', data: { list: told.body['policies'], entryId: told.entryId } }
      : refused(told)
  },
}
