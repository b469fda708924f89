import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { recordView } from '../people/record-view.ts'

interface Review {
  readonly step: string
  readonly agencyId: string
  readonly personSub: string
}

/** One emergency access: what it was opened on, until when it lasts, and what was made of it. */
export const emergency: Page = {
  path: '/console/emergency/:emergencyId',
  title: 'Emergency access',
  section: 'home',
  roles: [],
  open: async ({ ask, params, session }) => {
    const told = await ask('readEmergencyAccess', { params: { emergencyId: params['emergencyId'] ?? '' } })
    if (told.status !== 200) return refused(told)
    const reviews = told.body['reviews'] as readonly Review[]
    const own = told.body['agencyId'] === session.agencyId && told.body['personSub'] === session.personSub
    const decided = reviews.some(
      (one) => one.step === 'decision' && one.agencyId === session.agencyId && one.personSub === session.personSub,
    )
    return {
      view: 'emergency/emergency.njk',
      data: {
        ...{ access: told.body, own, entryId: told.entryId, marking: 'official-sensitive' },
        lasts: Date.parse(String(told.body['expiresAt'])) > session.at.getTime(),
        mayLook: !own && reviews.length === 0,
        mayDecide: !own && !decided,
      },
    }
  },
}

/** Whoever opened it looks again while it lasts: decided again and logged again. */
export const lookAgain: Page = {
  path: '/console/emergency/:emergencyId/view',
  title: 'Look again',
  section: 'home',
  roles: [],
  open: ({ params }) => Promise.resolve({ to: `/console/emergency/${params['emergencyId'] ?? ''}` }),
  submit: async ({ ask, params }) => {
    const told = await ask('viewEmergencyAccess', { params: { emergencyId: params['emergencyId'] ?? '' } })
    return told.status === 200 ? recordView(told) : refused(told)
  },
}
