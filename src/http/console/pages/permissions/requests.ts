import type { Session } from '../../console-uses.ts'
import type { Page, PageRequest } from '../../page.ts'
import { refused } from '../../refused.ts'
import { isMe, mostUrgentFirst, type Named, states, tagOf, urgencies } from './request-words.ts'

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
  open: async ({ ask, query, session }) => {
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
        actsFor: session.appointments.some(({ role }) => role === 'deputy-chair') ? await actsFor(ask, session) : [],
        more: nextCursor === null ? null : `/console/permissions?${rest.toString()}`,
        entryId: told.entryId,
      },
    }
  },
}

interface Delegation {
  readonly state: string
  readonly deputy: Named
  readonly chair: Named | null
  readonly areaId: string
  readonly acts: readonly string[]
}

/** In whose place the person may decide now, as whoever reads the same list as the chair has to know. */
const actsFor = async (ask: PageRequest['ask'], session: Session): Promise<readonly Delegation[]> => {
  const told = await ask('listDelegations')
  if (told.status !== 200) return []
  return (told.body['delegations'] as readonly Delegation[]).filter(
    ({ state, deputy, acts }) => state === 'in-force' && isMe(session, deputy) && acts.includes('decide-disclosure'),
  )
}

const filledIn = (members: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(members).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''))
