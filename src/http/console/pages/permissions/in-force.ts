import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

interface Line {
  readonly expiresAt: string | null
}

/** What may be read under the chair's permission now, what runs out first on top. */
export const inForce: Page = {
  path: '/console/permissions/in-force',
  title: 'Permissions in force',
  section: 'permissions',
  roles: ['chair', 'deputy-chair', 'spoc'],
  offers: 'What may leave a closed meeting now, to whom, until when, and a way to take it back.',
  open: async ({ ask, query, session }) => {
    const cursor = query.get('after')
    const told = await ask('listDisclosureRequests', { query: { state: 'active', limit: '100', ...(cursor === null ? {} : { cursor }) } })
    if (told.status !== 200) return refused(told)
    const lines = told.body['requests'] as readonly Line[]
    return {
      view: 'permissions/in-force.njk',
      data: {
        lines: lines.toSorted((one, other) => (one.expiresAt ?? '').localeCompare(other.expiresAt ?? '')),
        nextCursor: told.body['nextCursor'],
        // Who may revoke the operation decides; this only keeps a way that leads nowhere off the page.
        mayRevoke: session.appointments.some(({ role }) => role === 'chair' || role === 'deputy-chair'),
        mayPackage: session.appointments.some(({ role }) => role === 'spoc'),
        entryId: told.entryId,
      },
    }
  },
}
