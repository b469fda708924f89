import type { TestGateway } from '../../../support/gateway.ts'
import { must } from '../../support/agree.ts'
import { idOf, inventedId } from '../../support/requests.ts'
import { from, type Made, type Step, type Walk } from '../step.ts'

const landlord = { agencyId: 'hollins-lettings', sub: 'landlord' }
const asked = {
  ...{ recipient: landlord, purpose: 'accommodation', legalGateway: 'dpa36-4-authorised' },
  ...{ what: 'Whether the tenancy may go ahead.', necessity: 'It cannot be let otherwise.', proportionality: 'One sentence.' },
  ...{ lessIntrusive: 'None that the landlord could use.', formOfWords: 'The tenancy may go ahead.' },
}
const found = {
  riskOutweighsConfidentiality: true,
  article8Grounds: ['crime-disorder'],
  necessity: 'For the tenancy.',
  proportionality: 'Words only.',
}

/** What the chair permitted for the landlord; asked, consented to and granted when it is first needed. */
const forLandlord = async (made: Made, house: TestGateway): Promise<{ permissionId: string }> => {
  if (!made.has('for-landlord')) {
    const [offenderId, conferenceId] = [idOf('jordan'), from(made, 'conference', 'conferenceId')]
    const consent = {
      ...{ kind: 'given', capacityBasis: 'adult-presumed', evidence: 'Signed on the day.', happenedAt: new Date().toISOString() },
      scope: { recipients: [landlord.agencyId] },
    }
    must(await house.as('case-manager').post(`/v1/offenders/${offenderId}/consent-events`, consent), 201)
    const request = must(await house.as('analyst').post('/v1/disclosure-requests', { conferenceId, offenderId, ...asked }), 201)
    const words = { formOfWordsHash: request.formOfWordsHash, marking: 'official' }
    const path = `/v1/disclosure-requests/${String(request.requestId)}/decisions`
    made.set(
      'for-landlord',
      must(await house.as('chair').post(path, { decision: 'grant-whole', ...words, ...found }, { 'if-match': '"1"' }), 201),
    )
  }
  return { permissionId: from(made, 'for-landlord', 'permissionId') }
}
const ofPackage = (made: Made) => ({ packageId: from(made, 'package', 'packageId') })

/** A stranger is answered as for what there is not. */
const unknownTo = (name: string, params: Step['params'], body?: Step['body']): readonly Step[] => [
  { outcome: 'shielded', as: 'nurse', params, body, status: 404, code: 'ncnd' },
  { outcome: 'shielded', as: 'nurse', params: { [name]: inventedId() }, body, status: 404, code: 'ncnd' },
]

/** What is handed over to somebody outside any agency. */
export const packageSteps: Walk = {
  makeDisclosurePackage: [
    { outcome: 'allowed', as: 'spoc', params: forLandlord, body: {}, key: 'package', status: 201, event: 'alteration', keep: 'package' },
    { outcome: 'repeated', as: 'spoc', params: forLandlord, body: {}, key: 'package', status: 201 },
    { outcome: 'refused', as: 'chair', params: forLandlord, body: {}, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'spoc', params: forLandlord, body: { expiresAt: '2026-01-01T00:00:00Z' }, status: 400, code: 'invalid' },
    {
      outcome: 'conflict',
      as: 'spoc',
      params: (made) => ({ permissionId: from(made, 'permission', 'permissionId') }),
      body: {},
      status: 409,
      code: 'conflict',
    },
    ...unknownTo('permissionId', forLandlord, {}),
  ],
  readDisclosurePackage: [
    { outcome: 'allowed', as: 'spoc', params: ofPackage, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'chair', params: ofPackage, status: 403, code: 'need-to-know' },
    ...unknownTo('packageId', ofPackage),
  ],
  issuePackageCode: [
    { outcome: 'allowed', as: 'spoc', params: ofPackage, body: {}, key: 'code', status: 201, event: 'alteration' },
    { outcome: 'repeated', as: 'spoc', params: ofPackage, body: {}, key: 'code', status: 201 },
    { outcome: 'refused', as: 'chair', params: ofPackage, body: {}, status: 403, code: 'need-to-know' },
    ...unknownTo('packageId', ofPackage, {}),
  ],
}
