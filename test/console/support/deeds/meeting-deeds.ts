import { statementHash } from '../../../conference/support.ts'
import type { Packages } from '../../../disclosure/package-support.ts'
import { must } from '../../../journeys/support/agree.ts'
import { storyId } from '../../../../src/sandbox/people/story.ts'
import { emergencyOf } from '../../../emergency/support.ts'
import type { Json } from '../../../support/ask.ts'
import type { Trial } from './deed.ts'

const at = '/console/conferences/:conferenceId'
const added = 'Rows are only ever added: the newest about a person counts, and what stood before stays in the record.'

const meeting = async (house: Packages, who: 'analyst' | null): Promise<{ readonly conferenceId: string; readonly path: string }> => {
  const { conferenceId } = await house.meeting()
  if (who !== null) must(await house.attend(conferenceId, { [who]: 'attended' }), 201)
  return { conferenceId, path: `/console/conferences/${conferenceId}` }
}

const opened = async (house: Packages): Promise<string> => {
  const { emergency } = must(await house.as('case-manager').post('/v1/emergency-accesses', emergencyOf('sam')), 201)
  return String((emergency as Json)['emergencyId'])
}

const reviewing =
  (persona: string, body: Readonly<Record<string, string>>, form: string): Trial['prepare'] =>
  async (house) => {
    const id = await opened(house)
    const { step: _step, ...answers } = body
    return {
      ...{ persona, path: `/console/emergency/${id}/${form}`, answers },
      meanwhile: {
        act: async () => must(await house.as('ig-second').post(`/v1/emergency-accesses/${id}/reviews`, body), 201),
        says: /This review was made already/,
      },
    }
  }

export const meetingDeeds: Readonly<Record<string, Trial>> = {
  [`${at}/attendance/record`]: {
    neverStale: added,
    prepare: async (house) => ({
      ...{ persona: 'spoc', path: `${(await meeting(house, null)).path}/attendance/record` },
      answers: { agencyId: 'fresh-steps', sub: 'keyworker', part: 'core-member', state: 'apologies' },
    }),
  },
  [`${at}/attendance/all`]: {
    prepare: async (house) => {
      const { conferenceId, path } = await meeting(house, null)
      must(await house.attend(conferenceId, { keyworker: 'apologies' }), 201)
      return {
        ...{ persona: 'spoc', path: `${path}/attendance/all` },
        answers: { [`there-fresh-steps-${Buffer.from('keyworker').toString('base64url')}`]: 'attended' },
        meanwhile: {
          act: async () => must(await house.attend(conferenceId, { keyworker: 'excluded' }, 'chair'), 201),
          says: /attendance-excluded-by-chair/,
        },
      }
    },
  },
  [`${at}/invite`]: {
    neverStale: added,
    prepare: async (house) => ({
      ...{ persona: 'spoc', path: `${(await meeting(house, null)).path}/invite` },
      answers: { people: 'fresh-steps keyworker\nridings-police analyst' },
    }),
  },
  [`${at}/statement`]: {
    neverStale: 'One answers for oneself alone, to the version that the day of the meeting fixes; its hash goes with the form.',
    prepare: async (house) => ({ persona: 'analyst', path: `${(await meeting(house, 'analyst')).path}/statement`, answers: {} }),
  },
  [`${at}/statement/withdraw`]: {
    prepare: async (house) => {
      const { conferenceId, path } = await meeting(house, 'analyst')
      const agree = { statementVersion: 1, statementHash }
      must(await house.as('analyst').post(`/v1/conferences/${conferenceId}/acknowledgements`, agree), 201)
      return {
        ...{ persona: 'analyst', path: `${path}/statement/withdraw`, answers: {} },
        meanwhile: {
          act: async () => must(await house.as('analyst').post(`/v1/conferences/${conferenceId}/acknowledgements/withdrawal`), 201),
          says: /You have acknowledged no statement for this meeting/,
        },
      }
    },
  },
  '/console/emergency/new': {
    neverStale: 'It opens an access of its own; what may be seen is decided when it is sent.',
    prepare: () => {
      const { offenderId, ...answers } = emergencyOf('sam') as Record<string, string>
      const opens = { _step: 'open', offenderId: storyId('sam') }
      return Promise.resolve({
        persona: 'case-manager',
        path: '/console/emergency/new',
        opens,
        answers: { ...answers, offenderId: offenderId! },
      })
    },
  },
  '/console/emergency/:emergencyId/triage': {
    prepare: reviewing('ig-officer', { step: 'triage', justification: 'I looked at it.' }, 'triage'),
  },
  '/console/emergency/:emergencyId/decide': {
    prepare: reviewing('ig-officer', { step: 'decision', outcome: 'justified', justification: 'There was no time.' }, 'decide'),
  },
}
