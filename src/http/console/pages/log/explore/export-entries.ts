import type { Page } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { readingIn } from '../reading.ts'
import { logReaders } from './explore.ts'
import { filterIn } from './log-question.ts'

const endings: Readonly<Record<string, string>> = { csv: 'csv', 'json-lines': 'jsonl', 'hmpps-audit': 'audit.jsonl' }

/** What was found as a file, as far as one file goes; its name says nothing of what is in it. */
export const exportEntries: Page = {
  path: '/console/log/search/export',
  title: 'Keep the entries as a file',
  section: 'log',
  roles: logReaders,
  open: () => Promise.resolve({ to: '/console/log/search' }),
  submit: async ({ form, ask, session }) => {
    const format = form.text('format')
    const told = await ask('exportLogEntries', { body: { ...readingIn(form), filter: filterIn(form, session.at), format, limit: 1000 } })
    if (told.status !== 200) return refused(told)
    const { mediaType, content } = told.body as { readonly mediaType: string; readonly content: string }
    return { file: { name: `access-log-${told.entryId}.${endings[format]!}`, mediaType, content } }
  },
}
