import type { components } from '../http/generated/contract.ts'
import { londonDay } from '../core/london.ts'
import type { Stage } from './stage.ts'
import { mustBe } from './tell.ts'

/** The Calder meeting of today, made where nobody has, with the person's case on its agenda. */
export const todaysConference = async (stage: Stage, offenderId: string): Promise<string> => {
  const chair = { agencyId: 'ridings-police', sub: 'chair' }
  const meeting = { kind: 'case-conference', areaId: 'calder', heldOn: londonDay(new Date()), chair }
  const made = await stage.ask<{ conferenceId: string }>('spoc', { method: 'POST', path: '/v1/conferences', body: meeting })
  const path = '/v1/conferences?limit=100'
  const { body } = await stage.ask<components['schemas']['ConferenceList']>('spoc', { method: 'GET', path })
  const today =
    made.status === 201 ? made.body : (body.conferences ?? []).find((one) => one.heldOn === meeting.heldOn && one.kind === meeting.kind)
  mustBe(today !== undefined, 'there is no conference today')
  const agenda = { path: `/v1/conferences/${today.conferenceId}/agenda`, body: { offenderId, item: 'strand' } }
  const { status } = await stage.ask('spoc', { method: 'POST', ...agenda })
  mustBe(status === 201 || status === 409, `the agenda was answered ${status}`)
  return today.conferenceId
}
