import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { mostUrgentFirst, states, tagOf, urgencies } from './request-words.ts'

interface Line {
  readonly waitsForMe: boolean
  readonly urgency: string
  readonly requestedAt: string
  readonly state: string
  readonly conferenceId: string
}

const AT_ONCE = '100'

/** What the person asked, is to get, or has to decide; those that wait for them first. */
export const requests: Page = {
  path: '/console/permissions',
  title: 'Requests for disclosure',
  section: 'permissions',
  roles: [],
  offers: 'What somebody asks to be let out of a closed meeting, and what became of it.',
  open: async ({ ask, query }) => {
    const chosen = Object.fromEntries(['state', 'urgency', 'conferenceId'].map((name) => [name, query.get(name) ?? '']))
    const mine = query.get('waiting') === 'me'
    const asked = { ...chosen, state: mine ? 'open' : chosen['state'], cursor: query.get('after') ?? '', limit: AT_ONCE }
    const told = await ask('listDisclosureRequests', { query: filledIn(asked) })
    if (told.status !== 200) return refused(told)
    const lines = told.body['requests'] as readonly Line[]
    const nextCursor = told.body['nextCursor'] as string | null
    const wanted = mine ? lines.filter(({ waitsForMe }) => waitsForMe) : lines
    const rest = new URLSearchParams(filledIn({ ...chosen, waiting: mine ? 'me' : '', after: nextCursor ?? '' }))
    return {
      view: 'permissions/requests.njk',
      data: {
        ...{ chosen: { ...chosen, waiting: mine }, states, urgencies },
        lines: [
          ...wanted.filter(({ waitsForMe }) => waitsForMe).toSorted(mostUrgentFirst),
          ...wanted.filter(({ waitsForMe }) => !waitsForMe),
        ].map((line) => ({ ...line, tag: tagOf(line.state) })),
        waiting: wanted.filter(({ waitsForMe }) => waitsForMe).length,
        more: nextCursor === null ? null : `/console/permissions?${rest.toString()}`,
        entryId: told.entryId,
      },
    }
  },
}

const filledIn = (members: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(members).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''))
