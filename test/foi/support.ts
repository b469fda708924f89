import { londonDay } from '../../src/core/london.ts'
import { statementHash } from '../conference/support.ts'
import { must } from '../journeys/support/agree.ts'
import type { Json, Reply } from '../support/ask.ts'
import type { TestGateway } from '../support/gateway.ts'

const officer = { agencyId: 'ridings-police', sub: 'foi-officer' }
export const reading = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'My own meeting' }

/** The officer was at the meeting, acknowledged its statement and read its minutes as they stand: what deciding on them rests on. */
export const attendAndRead = async (house: Pick<TestGateway, 'as'>, conferenceId: string): Promise<Reply> => {
  const to = (what: string): string => `/v1/conferences/${conferenceId}/${what}`
  const there = { people: [{ ...officer, part: 'core-member', state: 'attended' }] }
  must(await house.as('spoc').post(to('attendance'), there), 201)
  must(await house.as('foi-officer').post(to('acknowledgements'), { statementVersion: 1, statementHash }), 201)
  return house.as('foi-officer').post(to('readings'), reading)
}

let letters = 0
export const requestOf = (more: Json = {}): Json => {
  letters += 1
  return { reference: `FOI-${letters}`, receivedOn: londonDay(new Date()), asked: 'Everything about the burglar of Mill Lane.', ...more }
}

export const weighed = { decision: 'maintained', maintaining: ['effective-investigation'], disclosing: ['accountability'] }
export const third = { exemption: 'foia-40-2', condition: 'first', principle: 'lawful-fair-transparent' }
