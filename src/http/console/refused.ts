import type { PageAnswer, Told } from './page.ts'

/** A refusal as a page: what, why, which paragraph, what to do next, and the entry that records it. */
export const refused = (told: Told): PageAnswer => ({
  view: 'refusal.njk',
  title: told.status === 404 ? 'Nothing to show' : 'Refused',
  status: told.status,
  data: { problem: told.body, entryId: told.entryId },
})
