import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

interface Row {
  readonly category: string
  readonly purpose: string
  readonly providerAgencyId: string
  readonly reference?: string
}

/** Giver by category: for which purposes the person's agency may receive it; and where an agreement is missing. */
export const coverage: Page = {
  path: '/console/agreements/coverage',
  title: 'What the agreements cover',
  section: 'agreements',
  roles: [],
  open: async ({ ask }) => {
    const told = await ask('agreementCoverage')
    if (told.status !== 200) return refused(told)
    const rows = told.body['covered'] as readonly Row[]
    const givers = [...new Set(rows.map((row) => row.providerAgencyId))].toSorted()
    const categories = [...new Set(rows.map((row) => row.category))]
    const cell = (category: string, giver: string): number =>
      new Set(rows.filter((row) => row.category === category && row.providerAgencyId === giver).map((row) => row.purpose)).size
    const matrix = categories.map((category) => ({ category, purposes: givers.map((giver) => cell(category, giver)) }))
    return { view: 'agreements/coverage.njk', data: { givers, matrix, gaps: told.body['gaps'], entryId: told.entryId } }
  },
}
