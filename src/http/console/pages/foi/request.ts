import { randomUUID } from 'node:crypto'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { foiOfficers } from './requests.ts'

/** The file of one request: its clock, what was decided of each paragraph, who was asked, which notices there are. Ids and codes only. */
export const foiRequest: Page = {
  path: '/console/foi/:requestId',
  title: 'A request for information',
  section: 'foi',
  roles: foiOfficers,
  open: async ({ ask, params }) => {
    const told = await ask('readFoiRequest', { params: { requestId: params['requestId'] ?? '' } })
    return told.status === 200 ? { view: 'foi/request.njk', data: { file: told.body, entryId: told.entryId } } : refused(told)
  },
}

/** The notice as it follows from what was decided. It is drafted, read, and only then said to have been given. */
export const foiNotice: Page = {
  path: '/console/foi/:requestId/notice',
  title: 'Draft the notice',
  section: 'foi',
  roles: foiOfficers,
  open: ({ params }) =>
    Promise.resolve({ view: 'foi/notice.njk', data: { notice: null, requestId: params['requestId'], key: randomUUID() } }),
  submit: async ({ ask, params, form }) => {
    // Pressed twice it drafts once.
    const key = form.text('_key') || randomUUID()
    const told = await ask('draftFoiNotice', { params: { requestId: params['requestId'] ?? '' }, body: {}, key })
    if (told.status !== 201) return refused(told)
    return {
      view: 'foi/notice.njk',
      title: 'Draft of the notice',
      data: { notice: told.body, requestId: params['requestId'], entryId: told.entryId },
    }
  },
}
