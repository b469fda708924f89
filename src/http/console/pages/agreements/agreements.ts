import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { drafters } from './draft/versions.ts'

/** The agreements the person's agency is a party to; all of them, for the governance body. */
export const agreements: Page = {
  path: '/console/agreements',
  title: 'Sharing agreements',
  section: 'agreements',
  roles: [],
  offers: 'What has been agreed, who has signed, and when it ends or is due for review.',
  open: async ({ ask, query, session }) => {
    const cursor = query.get('after')
    const told = await ask('listAgreements', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    const mayDraft = session.appointments.some(({ role }) => drafters.some((one) => one === role))
    return {
      view: 'agreements/agreements.njk',
      data: { agreements: told.body['agreements'], nextCursor: told.body['nextCursor'], mayDraft },
    }
  },
}
