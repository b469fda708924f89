import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

interface Checkpoint {
  readonly sealedAt: string
}

/** How far the log is sealed, when, and who else signed that. */
export const integrity: Page = {
  path: '/console/log/integrity',
  title: 'Is the log whole?',
  section: 'log',
  roles: ['ig-officer', 'dpo', 'auditor-external', 'system-admin'],
  offers: 'How far the access log is sealed, how old the last checkpoint is, and who witnessed it.',
  open: async ({ ask, session }) => {
    const told = await ask('readCheckpoint')
    if (told.status !== 200) return refused(told)
    const checkpoint = told.body['checkpoint'] as Checkpoint | null
    const age = checkpoint === null ? null : Math.max(0, Math.round((session.at.getTime() - Date.parse(checkpoint.sealedAt)) / 1000))
    return { view: 'log/integrity.njk', data: { checkpoints: told.body, age, entryId: told.entryId } }
  },
}
