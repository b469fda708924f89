import type { Page } from '../../page.ts'

interface Task {
  readonly kind: string
  readonly detail?: Readonly<Record<string, string>>
  readonly overdue: boolean
  readonly dueAt: string | null
}

/** Where a task is done in the console; null where it is done elsewhere. */
const placeOf = ({ kind, detail = {} }: Task): string | null => {
  const { requestId, paragraphId, emergencyId, agreementId, noticeId } = detail
  if (kind === 'disclosure-decision' && requestId !== undefined) return `/console/permissions/${requestId}`
  if (kind === 'disclosure-information' && requestId !== undefined) return `/console/permissions/${requestId}/answer`
  if (kind.startsWith('emergency-') && emergencyId !== undefined) return `/console/emergency/${emergencyId}`
  if ((kind === 'agreement-expiry' || kind === 'agreement-review') && agreementId !== undefined)
    return `/console/agreements/${agreementId}/renew`
  if (kind === 'foi-consultation' && requestId !== undefined && paragraphId !== undefined)
    return `/console/foi/${requestId}/consultation?paragraphId=${encodeURIComponent(paragraphId)}`
  if (kind.startsWith('copy-return') && noticeId !== undefined) return `/console/return-notices/${noticeId}`
  return null
}

/** What waits for the person, the most overdue first, without a click; then what they may do here. */
export const home: Page = {
  path: '/console',
  title: 'What is waiting for you',
  section: 'home',
  roles: [],
  open: async ({ ask, offers, query }) => {
    const cursor = query.get('after')
    const told = await ask('listTasks', { query: { limit: '20', ...(cursor === null ? {} : { cursor }) } })
    const tasks = (told.body['tasks'] ?? []) as readonly Task[]
    return {
      view: 'home/home.njk',
      data: {
        told,
        tasks: tasks.map((task) => ({ ...task, place: placeOf(task) })),
        overdue: tasks.filter((task) => task.overdue).length,
        nextCursor: told.body['nextCursor'] ?? null,
        offers,
        marking: 'official-sensitive',
      },
    }
  },
}
