import { inDays } from '../../../casework/support.ts'
import { idOf, inventedId } from '../../support/requests.ts'
import { from, type Made, type Step, type Walk } from '../step.ts'

const alex = { offenderId: idOf('alex') }
const nowhere = { offenderId: inventedId() }

const heard = { court: 'Calder Bridge Magistrates’ Court', hearingOn: inDays(-2), offence: 'Theft from a shop', result: 'Community order' }
const ofNumber = (value: string) => ({ numbers: [{ kind: 'pnc-id', value }], results: [heard] })
/** Nobody carries it: the answer is the same. */
const strangers = ofNumber('1999/0000000Z')

const tracked = { status: 'tracked', asOf: inDays(-1) }

const release = {
  caseLawyer: { agencyId: 'ridings-cps', personSub: 'case-lawyer' },
  caseReference: '13AB0012326',
  sentenceOn: inDays(20),
  grade: { source: '2', intelligence: 'b', handling: 'p' },
  sanitised: true,
  text: 'Said to have been seen near the premises on the evening before.',
  legalGateway: 'dpa35-task',
  justification: 'Asked for by the prosecutor before sentence',
}
const reading = { purpose: 'prevent-detect', legalGateway: 'dpa35-task', justification: 'Preparing the sentencing hearing' }
const released = (made: Made) => ({ releaseId: from(made, 'release', 'releaseId') })
const notThere = { releaseId: inventedId() }

const referral = {
  ...{ from: 'mappa', areaId: 'calder', cohort: 'iom', helpNeeded: ['accommodation', 'supervision'] },
  person: { givenName: 'Refa', familyName: 'Referred', bornOn: '1988-02-03' },
}

const refused = (code: string, status: number, more: Partial<Step> & Pick<Step, 'as' | 'body'>): Step => ({
  ...{ outcome: status === 422 ? 'incomplete' : 'refused', status, code },
  ...more,
})

/** The systems and units that the guidance names. */
export const systemSteps: Walk = {
  receiveCourtResults: [
    {
      ...{ outcome: 'allowed', as: 'system of ridings-court', key: 'court', status: 202, event: 'collection' },
      body: async (_made, house) => {
        const { rows } = await house.database.owner.query<{ value: string }>({
          text: `select i.value from identifier i where i.offender_id = $1 and i.kind = 'pnc-id'`,
          values: [idOf('alex')],
        })
        return ofNumber(rows[0]!.value)
      },
    },
    { outcome: 'allowed', as: 'system of ridings-court', body: strangers, key: 'court-2', status: 202 },
    { outcome: 'repeated', as: 'system of ridings-court', body: strangers, key: 'court-2', status: 202 },
    refused('originator', 403, { as: 'analyst', body: strangers }),
    {
      ...{ outcome: 'invalid', as: 'system of ridings-court', status: 400, code: 'invalid' },
      body: { ...strangers, results: [{ ...heard, hearingOn: inDays(3) }] },
    },
  ],
  recordTrackerStatus: [
    { outcome: 'allowed', as: 'system of ridings-police', params: alex, body: tracked, key: 'tracked', status: 201, event: 'collection' },
    { outcome: 'repeated', as: 'system of ridings-police', params: alex, body: tracked, key: 'tracked', status: 201 },
    { outcome: 'allowed', as: 'analyst', params: alex, body: { ...tracked, status: 'suspended' }, status: 201 },
    refused('originator', 403, { as: 'yos-worker', params: alex, body: tracked }),
    { outcome: 'invalid', as: 'analyst', params: alex, body: { ...tracked, asOf: inDays(2) }, status: 400, code: 'invalid' },
    { outcome: 'shielded', as: 'constable-wharfe', params: alex, body: tracked, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'analyst', params: nowhere, body: tracked, status: 404, code: 'ncnd' },
  ],
  releaseToProsecution: [
    { outcome: 'allowed', as: 'analyst', params: alex, body: release, key: 'release', status: 201, event: 'collection', keep: 'release' },
    { outcome: 'repeated', as: 'analyst', params: alex, body: release, key: 'release', status: 201 },
    refused('release-point', 403, { as: 'chair', params: alex, body: release }),
    {
      outcome: 'incomplete',
      as: 'analyst',
      params: alex,
      body: { ...release, legalGateway: null },
      status: 422,
      code: 'request-incomplete',
    },
    { outcome: 'refused', as: 'analyst', params: alex, body: { ...release, sanitised: false }, status: 422, code: 'source-identity' },
    { outcome: 'shielded', as: 'constable-wharfe', params: alex, body: release, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'analyst', params: nowhere, body: release, status: 404, code: 'ncnd' },
  ],
  retrieveProsecutionRelease: [
    { outcome: 'allowed', as: 'case-lawyer', params: released, body: reading, status: 200, event: 'consultation', lines: 1 },
    { outcome: 'incomplete', as: 'case-lawyer', params: released, body: {}, status: 422, code: 'request-incomplete' },
    { outcome: 'not-found', as: 'analyst', params: released, body: reading, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'case-lawyer', params: notThere, body: reading, status: 404, code: 'not-found' },
  ],
  refer: [
    { outcome: 'allowed', as: 'case-manager', body: referral, key: 'refer', status: 202, event: 'collection' },
    { outcome: 'repeated', as: 'case-manager', body: referral, key: 'refer', status: 202 },
    { outcome: 'allowed', as: 'yos-worker', body: { ...referral, from: 'yos', cohort: 'dyo' }, status: 202 },
    refused('need-to-know', 403, { as: 'housing-officer', body: referral }),
    refused('need-to-know', 403, { as: 'analyst', body: { ...referral, from: 'yos' } }),
    { outcome: 'invalid', as: 'case-manager', body: { ...referral, areaId: 'nowhere' }, status: 400, code: 'invalid' },
    { outcome: 'invalid', as: 'case-manager', body: { ...referral, papers: 'Level 2 minutes' }, status: 400, code: 'invalid' },
  ],
}
