import { idOf, inventedId } from '../../support/requests.ts'
import { from, type Made, type Walk } from '../step.ts'

const jordan = { offenderId: idOf('jordan') }
const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the Calder conference' }
const nomination = {
  areaId: 'calder',
  cohort: 'iom',
  person: { givenName: 'Nova', familyName: 'Newby', bornOn: '1999-02-03' },
  grounds: 'Four burglaries in a month',
}
const arrest = { kind: 'arrest-disposal', occurredOn: '2026-11-01', text: 'Arrested for burglary' }
const conference = {
  kind: 'case-conference',
  areaId: 'calder',
  heldOn: '2026-11-18',
  chair: { agencyId: 'ridings-police', sub: 'chair' },
  spoc: { agencyId: 'ridings-partnership', sub: 'spoc' },
}
const held = (made: Made) => ({ conferenceId: from(made, 'conference', 'conferenceId') })
const custody = {
  status: 'remand',
  establishmentId: 'hmp-stonebeck',
  happenedAt: '2026-11-01T10:00:00Z',
  justification: 'Remanded by the court',
}

/** What the operations of casework answer to those who may ask; more of their refusals have tests of their own. */
export const caseworkSteps: Walk = {
  listConferences: [{ outcome: 'allowed', as: 'spoc', status: 200, event: 'consultation' }],
  listTasks: [{ outcome: 'allowed', as: 'analyst', status: 200, event: 'consultation' }],
  listEvents: [{ outcome: 'allowed', as: 'analyst', status: 200, event: 'consultation' }],
  nominate: [
    { outcome: 'allowed', as: 'housing-officer', body: nomination, key: 'nominate', status: 202, event: 'collection', keep: 'nomination' },
    { outcome: 'repeated', as: 'housing-officer', body: nomination, key: 'nominate', status: 202 },
    { outcome: 'invalid', as: 'housing-officer', body: { ...nomination, areaId: 'nowhere' }, status: 400, code: 'invalid' },
    { outcome: 'refused', as: 'system of calder-housing', body: nomination, status: 403, code: 'auth' },
  ],
  readCase: [
    { outcome: 'allowed', as: 'case-manager', params: jordan, body: looking, status: 200, lines: 1 },
    { outcome: 'shielded', as: 'constable-wharfe', params: jordan, body: looking, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'case-manager', params: { offenderId: inventedId() }, body: looking, status: 404, code: 'ncnd' },
    { outcome: 'incomplete', as: 'case-manager', params: jordan, body: {}, status: 422, code: 'request-incomplete' },
  ],
  addEvidence: [
    { outcome: 'allowed', as: 'analyst', params: jordan, body: arrest, key: 'evidence', status: 201, keep: 'evidence' },
    { outcome: 'repeated', as: 'analyst', params: jordan, body: arrest, key: 'evidence', status: 201 },
    { outcome: 'shielded', as: 'constable-wharfe', params: jordan, body: arrest, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'analyst', params: { offenderId: inventedId() }, body: arrest, status: 404, code: 'ncnd' },
  ],
  createConference: [
    { outcome: 'allowed', as: 'spoc', body: conference, key: 'conference', status: 201, keep: 'conference' },
    { outcome: 'repeated', as: 'spoc', body: conference, key: 'conference', status: 201 },
    { outcome: 'refused', as: 'nurse', body: conference, status: 403, code: 'need-to-know' },
  ],
  getConference: [
    { outcome: 'allowed', as: 'spoc', params: held, status: 200 },
    { outcome: 'not-found', as: 'spoc', params: { conferenceId: inventedId() }, status: 404, code: 'not-found' },
  ],
  addAgendaItem: [{ outcome: 'allowed', as: 'spoc', params: held, body: { offenderId: idOf('jordan'), item: 'review' }, status: 201 }],
  addMinuteReference: [
    {
      outcome: 'allowed',
      as: 'spoc',
      params: held,
      body: {
        reference: 'Minute 4',
        matter: 'strand',
        offenderId: idOf('jordan'),
        riskOutweighsConfidentiality: true,
        article8Grounds: ['crime-disorder'],
      },
      status: 201,
    },
  ],
  readNomination: [
    {
      outcome: 'allowed',
      as: 'spoc',
      params: (made) => ({ nominationId: from(made, 'nomination', 'nominationId') }),
      body: looking,
      status: 200,
    },
    {
      outcome: 'not-found',
      as: 'nurse',
      params: (made) => ({ nominationId: from(made, 'nomination', 'nominationId') }),
      body: looking,
      status: 404,
      code: 'not-found',
    },
  ],
  recordCustody: [
    { outcome: 'allowed', as: 'case-manager', params: jordan, body: custody, key: 'custody', status: 201 },
    { outcome: 'shielded', as: 'constable-wharfe', params: jordan, body: custody, status: 404, code: 'ncnd' },
  ],
}
