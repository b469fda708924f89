import type { Page } from '../../page.ts'

interface Task {
  readonly overdue: boolean
  readonly dueAt: string | null
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
        tasks,
        overdue: tasks.filter((task) => task.overdue).length,
        nextCursor: told.body['nextCursor'] ?? null,
        offers,
        marking: 'official-sensitive',
      },
    }
  },
}
