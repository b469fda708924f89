import type { Reply } from '../support/ask.ts'
import type { TestGateway } from '../support/gateway.ts'
import { daysAfter, londonDay } from '../../src/core/london.ts'
import { sundayBefore } from '../support/free-days.ts'

export const today = (): string => londonDay(new Date())
export const inDays = (days: number): string => daysAfter(today(), days)

/** A conference that the area has held, recorded by its administrator. */
export const holdConference = async (gateway: TestGateway, areaId = 'calder', by = 'spoc'): Promise<string> => {
  const held = await gateway.as(by).post('/v1/conferences', {
    ...{ kind: 'case-conference', areaId, heldOn: sundayBefore(today()) },
    chair: areaId === 'calder' ? { agencyId: 'ridings-police', sub: 'chair' } : { agencyId: 'ridings-police', sub: 'constable-wharfe' },
  })
  if (held.status === 201) return held.body.conferenceId as string
  throw new Error(`the conference could not be held: ${held.text}`)
}

export const calderAgencies = [
  'calder-dip',
  'calder-housing',
  'calder-yos',
  'fresh-steps',
  'ridings-dip-police',
  'ridings-police',
  'ridings-probation',
  'young-horizons',
] as const

/** One view of each agency that has a core member in Calder. */
export const everyView = (evidence: readonly string[] = ['case-summary-1']) =>
  calderAgencies.map((agencyId) => ({ agencyId, view: 'support', evidence: agencyId === 'ridings-police' ? evidence : [] }))

let named = 0
export const nominate = async (gateway: TestGateway, more: object = {}, by = 'housing-officer'): Promise<string> => {
  named += 1
  const reply = await gateway.as(by).post('/v1/nominations', {
    ...{ areaId: 'calder', cohort: 'iom', grounds: 'Seen at the hostel with people known to the partnership.' },
    person: { givenName: 'Frankie', familyName: `Newcomer${'abcdefghij'[named % 10]}`, bornOn: '1991-03-04' },
    ...more,
  })
  if (reply.status !== 202) throw new Error(`not received: ${reply.text}`)
  return reply.body.nominationId as string
}

export const manager = { agencyId: 'ridings-probation', personSub: 'case-manager' }
export const owner = { agencyId: 'fresh-steps', personSub: 'keyworker', what: 'Weekly session on finding work.' }

/** A statutory adult whom probation leads. */
export const registrationOf = (conferenceId: string, more: object = {}) => ({
  ...{ conferenceId, cohort: 'iom', strand: 'prevent-and-deter', statutory: true, supervisorAgencyId: 'ridings-probation' },
  ...{ criteriaVersion: 'matrix-2026-2', score: 61, views: everyView(), offence: 'Burglary', justiceStatus: 'Community order' },
  agreementToRegister: 'Agreed by all at the meeting.',
  plan: { leadCaseManager: manager, interventions: [owner], reviewOn: inDays(100) },
  ...more,
})

export const reviewOf = (conferenceId: string, more: object = {}) => ({
  ...{ conferenceId, periodFrom: inDays(-100), periodTo: inDays(-1), criteriaVersion: 'matrix-2026-2', score: 40 },
  ...{ pastInterventions: 'Weekly sessions.', progress: 'Attends, looks for work.', objectives: ['Keep the tenancy'] },
  ...{ registrationAppropriate: true, strandAppropriate: true, views: everyView(), reviewOn: inDays(112) },
  ...more,
})

export const register = async (gateway: TestGateway, more: object = {}): Promise<Reply> => {
  const conferenceId = await conferenceOf(gateway)
  const nominationId = await nominate(gateway)
  return gateway.as('spoc').post(`/v1/nominations/${nominationId}/registration`, registrationOf(conferenceId, more))
}

const held = new WeakMap<TestGateway, Promise<string>>()
/** The one conference of a test file: an area holds one of a kind a day. */
export const conferenceOf = (gateway: TestGateway): Promise<string> => {
  const known = held.get(gateway) ?? holdConference(gateway)
  held.set(gateway, known)
  return known
}
