import type { Page } from '../../../page.ts'
import { refused } from '../../../refused.ts'

const keepers: readonly string[] = ['chair', 'deputy-chair', 'spoc', 'minute-taker']

/** Who takes part in a meeting, who sent apologies, and who agreed to its confidentiality statement. */
export const attendance: Page = {
  path: '/console/conferences/:conferenceId/attendance',
  title: 'Who takes part',
  section: 'conferences',
  roles: [],
  open: async ({ ask, params, session }) => {
    const conferenceId = params['conferenceId'] ?? ''
    const told = await ask('readAttendance', { params: { conferenceId } })
    if (told.status !== 200) return refused(told)
    const people = told.body['participants'] as readonly {
      readonly agencyId: string
      readonly sub: string
      readonly acknowledged: boolean | null
    }[]
    return {
      view: 'conferences/attending/attendance.njk',
      data: {
        ...{ conferenceId, people, statementVersion: told.body['statementVersion'], entryId: told.entryId, marking: 'official-sensitive' },
        mine: people.find(({ agencyId, sub }) => agencyId === session.agencyId && sub === session.personSub) ?? null,
        // Who keeps the record the operations decide; this only keeps ways that lead nowhere off the page.
        keeps: session.appointments.some(({ role }) => keepers.includes(role)),
      },
    }
  },
}
