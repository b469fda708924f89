import { csvText } from '../../../../gateway/log/search/export/csv.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { rightsOfficers } from './requests.ts'

interface Organisation {
  readonly type: string
  readonly name: string
}

interface Usage {
  readonly logTime: string
  readonly purpose: string
  readonly initiatorOrg: Organisation
  readonly target?: Organisation
  readonly source?: Organisation
}

const head = ['When', 'Who received it', 'From', 'What for']

/** Every line that may be told, the newest first, whoever supplied it. */
const linesIn = (body: Readonly<Record<string, unknown>>) =>
  ['dataRequests', 'dataResponses', 'dataProcessings', 'internalProcessings']
    .flatMap((name) => (body[name] ?? []) as readonly Usage[])
    .toSorted((left, right) => right.logTime.localeCompare(left.logTime))
    .map((one) => ({ at: one.logTime, to: one.initiatorOrg.name, from: (one.target ?? one.source)?.name ?? '', what: one.purpose }))

/** Who received a person's data, line by line as far as they may be told: to be read, or kept as a file for them. */
export const usages: Page = {
  path: '/console/rights/:requestId/usages',
  title: 'Who received the person’s data',
  section: 'rights',
  roles: rightsOfficers,
  binds: true,
  open: ({ params }) => Promise.resolve({ view: 'rights/usages.njk', data: { lines: null, requestId: params['requestId'] } }),
  submit: async ({ ask, form, params }) => {
    const told = await ask('exportUsages', { params: { requestId: params['requestId'] ?? '' } })
    if (told.status !== 200) return refused(told)
    const lines = linesIn(told.body)
    if (form.text('as') === 'csv') {
      const content = csvText([head, ...lines.map(({ at, to, from, what }) => [at, to, from, what])])
      return { file: { name: `who-received-${told.entryId}.csv`, mediaType: 'text/csv; charset=utf-8; header=present', content } }
    }
    return {
      view: 'rights/usages.njk',
      data: { lines, head, requestId: params['requestId'], entryId: told.entryId, marking: 'official-sensitive' },
    }
  },
}
