import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

/** One meeting: who chaired it, which cases were on its agenda, which minutes there are. People stand there by reference only. */
export const conference: Page = {
  path: '/console/conferences/:conferenceId',
  title: 'Conference',
  section: 'conferences',
  roles: [],
  open: async ({ ask, params }) => {
    const told = await ask('getConference', { params: { conferenceId: params['conferenceId'] ?? '' } })
    return told.status === 200
      ? { view: 'conferences/conference.njk', data: { conference: told.body, entryId: told.entryId, marking: 'official-sensitive' } }
      : refused(told)
  },
}
