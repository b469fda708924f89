import type { Page } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { administrators } from '../people.ts'

interface Reader {
  readonly askedAfter: number
  readonly waiting: number
}

const ON_A_PAGE = 20

/** The agency's feed as its systems get it, newest at first, and how far each system has come. */
export const events: Page = {
  path: '/console/agency/events',
  title: 'Events for your agency',
  section: 'agency',
  roles: administrators,
  offers: 'What the gateway tells your agency’s systems, and how far each of them has read.',
  open: async ({ ask, query }) => {
    const read = await ask('listEventReaders')
    if (read.status !== 200) return refused(read)
    const readers = read.body['readers'] as readonly Reader[]
    const last = Math.max(0, ...readers.map(({ askedAfter, waiting }) => askedAfter + waiting))
    const after = query.get('after') ?? String(Math.max(0, last - ON_A_PAGE))
    const told = await ask('listEvents', { query: { cursor: after, limit: String(ON_A_PAGE) } })
    if (told.status !== 200) return refused(told)
    const from = told.body['after'] as number
    return {
      view: 'agency/events/events.njk',
      data: {
        readers,
        events: told.body['events'],
        earlier: from > 0 ? Math.max(0, from - ON_A_PAGE) : null,
        later: (told.body['events'] as readonly unknown[]).length === ON_A_PAGE ? told.body['nextCursor'] : null,
        entryId: told.entryId,
      },
    }
  },
}
