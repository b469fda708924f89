import { daysAfter } from '../../core/london.ts'
import { type AreaId, areas } from '../cast.ts'
import { idAt } from '../random.ts'
import { officersOf, type Worker } from './staff.ts'

/** A monthly case conference that has been held. */
export interface Meeting {
  readonly id: string
  readonly areaId: AreaId
  readonly heldOn: string
  /** When its administrator had written down what it decided. */
  readonly at: string
  readonly chair: Worker
  readonly chairedAs: 'chair' | 'deputy-chair'
  readonly spoc: Worker
}

export const instant = (day: string, time: string): string => `${day}T${time}:00.000Z`

/** Weekday of each area's conference, Sunday 0. The second one of a month is never a bank holiday in England and Wales. */
const weekdays: Readonly<Record<AreaId, number>> = { calder: 3, holme: 4, wharfe: 2 }

const secondOf = (month: string, weekday: number): string => {
  const eighth = `${month}-08`
  return daysAfter(eighth, (weekday - new Date(`${eighth}T00:00:00Z`).getUTCDay() + 7) % 7)
}

const monthsUntil = (today: string): readonly string[] => {
  const [year, month] = today.split('-').map(Number) as [number, number]
  return Array.from({ length: (year - 2026) * 12 + month }, (_, index) => {
    const two = String((index % 12) + 1).padStart(2, '0')
    return `${2026 + Math.floor(index / 12)}-${two}`
  })
}

/** In August the chair of Calder was away: "the role is taken by the deputy" (Case Conferencing Guidance 2009, 1.1). */
const isDeputys = (areaId: AreaId, month: string): boolean => areaId === 'calder' && month.endsWith('-08')

const meetingIn = (areaId: AreaId, month: string): Meeting => {
  const heldOn = secondOf(month, weekdays[areaId])
  const at = instant(heldOn, '16:00')
  const { chair, deputy, spoc } = officersOf(areaId)
  const away = isDeputys(areaId, month)
  const chairing = away ? { chair: deputy, chairedAs: 'deputy-chair' as const } : { chair, chairedAs: 'chair' as const }
  return { id: idAt(`conference ${areaId} ${month}`, at), areaId, heldOn, at, spoc, ...chairing }
}

/** Every conference before today, by area, the oldest first. */
export const buildMeetings = (today: string): Readonly<Record<AreaId, readonly Meeting[]>> => {
  const held = areas.map(({ id }) => [id, monthsUntil(today).map((month) => meetingIn(id, month))] as const)
  return Object.fromEntries(held.map(([id, all]) => [id, all.filter(({ heldOn }) => heldOn < today)])) as Record<AreaId, Meeting[]>
}

export const conferenceRow = (meeting: Meeting) => ({
  id: meeting.id,
  kind: 'case-conference',
  area_id: meeting.areaId,
  held_on: meeting.heldOn,
  chair_agency: meeting.chair.agencyId,
  chair_sub: meeting.chair.sub,
  chaired_as: meeting.chairedAs,
  spoc_agency: meeting.spoc.agencyId,
  spoc_sub: meeting.spoc.sub,
  recorded_by_agency: meeting.spoc.agencyId,
  recorded_by_person: meeting.spoc.sub,
  recorded_at: meeting.at,
})
