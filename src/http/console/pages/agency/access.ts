import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

interface Row {
  readonly category: string
  readonly purpose: string
  readonly may: boolean
  readonly providers?: readonly string[]
  readonly because: string
  readonly nextStep?: string
}

/** One line for all the purposes of a category of which the same is true: one for each would fill fifty screens of a telephone. */
const linesOf = (rows: readonly Row[]): readonly (Row & { readonly purposes: readonly string[] })[] => {
  const same = Map.groupBy(rows, ({ purpose: _purpose, ...rest }) => JSON.stringify(rest))
  return [...same.values()].map((group) => ({ ...group[0]!, purposes: group.map(({ purpose }) => purpose) }))
}

/** What may my agency get, from whom, for which purpose; and if not, why not. */
export const access: Page = {
  path: '/console/agency/access',
  title: 'What may my agency get?',
  section: 'agency',
  roles: [],
  offers: 'Category by purpose: from whom, under which agreement, and if not, why not.',
  open: async ({ ask }) => {
    const told = await ask('myAccess')
    if (told.status !== 200) return refused(told)
    const lines = linesOf(told.body['categories'] as readonly Row[])
    return { view: 'agency/access.njk', data: { access: told.body, lines, entryId: told.entryId } }
  },
}
