import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

interface Line {
  readonly done: boolean
  readonly waitsForYou: boolean
}

/** What was opened in an emergency and is to be judged afterwards: what waits, and what was made of the rest. */
export const emergencyReviews: Page = {
  path: '/console/emergency',
  title: 'Emergency accesses to review',
  section: 'home',
  roles: ['ig-officer', 'chair', 'deputy-chair'],
  offers: 'What was opened for a risk to life: which ones wait for you, and what was made of the others.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listEmergencyAccesses', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    const accesses = told.body['accesses'] as readonly Line[]
    return {
      view: 'emergency/reviews.njk',
      data: {
        groups: [
          { title: 'Waiting for you', lines: accesses.filter(({ done, waitsForYou }) => !done && waitsForYou) },
          { title: 'Waiting for the other reviewer', lines: accesses.filter(({ done, waitsForYou }) => !done && !waitsForYou) },
          { title: 'Done', lines: accesses.filter(({ done }) => done) },
        ],
        ...{ nextCursor: told.body['nextCursor'], entryId: told.entryId, marking: 'official-sensitive' },
      },
    }
  },
}
