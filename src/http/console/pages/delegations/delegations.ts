import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'

interface Delegation {
  readonly state: string
  readonly deputy: { readonly agencyId: string; readonly sub: string }
}

/** Who may act in the chair’s place, in what, and from when until when: those one gave, was given, or is chair over. */
export const delegations: Page = {
  path: '/console/delegations',
  title: 'Acting for the chair',
  section: 'permissions',
  roles: ['chair', 'deputy-chair'],
  offers: 'Who may act in the chair’s place, in what and until when; accept what was given to you, or end it.',
  open: async ({ ask, query, session }) => {
    const cursor = query.get('after')
    const told = await ask('listDelegations', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    const mine = ({ agencyId, sub }: Delegation['deputy']): boolean => agencyId === session.agencyId && sub === session.personSub
    return {
      view: 'delegations/delegations.njk',
      data: {
        lines: (told.body['delegations'] as readonly Delegation[]).map((one) => ({
          ...one,
          mayAnswer: one.state === 'offered' && mine(one.deputy),
          mayEnd: one.state !== 'over',
        })),
        offers: told.body['standingOffers'] ?? [],
        mayGive: session.appointments.some(({ role }) => role === 'chair'),
        ...{ nextCursor: told.body['nextCursor'], entryId: told.entryId },
      },
    }
  },
}
