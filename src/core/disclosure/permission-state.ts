import { type NamedPerson, samePerson } from '../conference/acting-chair.ts'
import { dayAfter, daysAfter, londonDay, startOfLondonDay } from '../london.ts'
import type { Facts } from '../facts.ts'
import type { RequestState } from './request-state.ts'

const standings: { readonly [State in RequestState]: Facts['permission'] } = {
  submitted: 'none',
  'info-requested': 'none',
  withdrawn: 'none',
  refused: 'refused',
  active: 'active',
  expired: 'expired',
  revoked: 'revoked',
}

/** What the chair's decision is to one person, for one purpose, now: to anybody but its recipient there is none (R23). */
export const permissionFor = (
  permission: {
    readonly state: RequestState
    readonly recipient: NamedPerson
    readonly purpose: string
  },
  asked: { readonly person: NamedPerson; readonly purpose: string | null },
): Facts['permission'] => {
  const { recipient } = permission
  if (!samePerson(recipient, asked.person)) return 'none'
  if (asked.purpose !== permission.purpose) return 'none'
  return standings[permission.state]
}

/** "The earlier of 112 days and the next review" (R45), to the end of that London day. */
export const defaultExpiry = (at: Date, about: { readonly days: number; readonly reviewOn: string | null }): Date => {
  const today = londonDay(at)
  const last = daysAfter(today, about.days)
  const review = about.reviewOn !== null && about.reviewOn >= today && about.reviewOn < last ? about.reviewOn : last
  return startOfLondonDay(dayAfter(review))
}
