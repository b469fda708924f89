import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { rightsOfficers } from './requests.ts'

/** One request: said first what compiling its answer does, then the answer as the person is sent it, and the file's part apart from it. */
export const rightsRequest: Page = {
  path: '/console/rights/:requestId',
  title: 'Answer a request',
  section: 'rights',
  roles: rightsOfficers,
  binds: true,
  open: ({ params }) => Promise.resolve({ view: 'rights/request.njk', data: { answer: null, requestId: params['requestId'] } }),
  submit: async ({ ask, params }) => {
    const told = await ask('answerRightsRequest', { params: { requestId: params['requestId'] ?? '' } })
    if (told.status !== 200) return refused(told)
    return {
      view: 'rights/request.njk',
      title: 'The answer',
      data: { answer: told.body, requestId: params['requestId'], entryId: told.entryId, marking: 'official-sensitive' },
    }
  },
}
