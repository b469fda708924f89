import { attendAndRead, third } from '../../../foi/support.ts'
import { inDays, today } from '../../../casework/support.ts'
import { inventedId } from '../../support/requests.ts'
import type { TestGateway } from '../../../support/gateway.ts'
import { from, type Made, type Walk } from '../step.ts'

const letter = { reference: 'FOI-2026-7', receivedOn: today(), asked: 'What is said of burglaries at Mill Lane.' }
const asked = (made: Made) => ({ requestId: from(made, 'foi', 'requestId') })
const nothing = { requestId: inventedId() }
const neither = { outcome: 'neither-confirm-nor-deny', grounds: [{ exemption: 'foia-40-2' }], reasons: 'Somebody is named.' }

const paragraphOf = (made: Made, place: number) => {
  const paragraph = (made.get('minutes')!.paragraphs as readonly { readonly paragraphId: string }[])[place]!
  return { conferenceId: from(made, 'conference', 'conferenceId'), paragraphId: paragraph.paragraphId }
}
/** The matter of the meeting, which somebody else wrote, once its officer has read it. */
const considered = async (made: Made, house: TestGateway) => {
  if (!made.has('foi-read')) made.set('foi-read', (await attendAndRead(house, from(made, 'conference', 'conferenceId'))).body)
  return { paragraph: paragraphOf(made, 0), outcome: 'consider', reasons: 'Within the request.' }
}
const withheld = (made: Made) => ({ paragraph: paragraphOf(made, 0), outcome: 'withhold', grounds: [third], reasons: 'Names people.' })
const consulted = (made: Made) => ({ ...asked(made), paragraphId: paragraphOf(made, 0).paragraphId })
const view = (made: Made) => ({ paragraphId: paragraphOf(made, 0).paragraphId, view: 'no-objection', reasons: 'Known to all.' })

/** What a public authority does with a request for information, up to the notice that it gives itself. */
export const foiSteps: Walk = {
  recordFoiRequest: [
    { outcome: 'allowed', as: 'foi-officer', body: letter, key: 'foi', status: 201, event: 'foi-request', keep: 'foi' },
    { outcome: 'repeated', as: 'foi-officer', body: letter, key: 'foi', status: 201 },
    { outcome: 'conflict', as: 'foi-officer', body: letter, status: 409, code: 'conflict' },
    { outcome: 'invalid', as: 'foi-officer', body: { ...letter, receivedOn: inDays(1) }, status: 400, code: 'invalid' },
    { outcome: 'refused', as: 'keyworker', body: letter, status: 403, code: 'foi-route' },
    { outcome: 'refused', as: 'analyst', body: letter, status: 403, code: 'need-to-know' },
  ],
  listFoiRequests: [
    { outcome: 'allowed', as: 'foi-officer', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'keyworker', status: 403, code: 'foi-route' },
    { outcome: 'invalid', as: 'foi-officer', query: '?cursor=elsewhere', status: 400, code: 'invalid' },
  ],
  adjudicateFoiRequest: [
    {
      outcome: 'refused',
      as: 'foi-officer',
      params: asked,
      body: (made) => ({ ...withheld(made) }),
      status: 403,
      code: 'not-attendee',
    },
    { outcome: 'allowed', as: 'foi-officer', params: asked, body: considered, key: 'consider', status: 201, event: 'foi-request' },
    { outcome: 'repeated', as: 'foi-officer', params: asked, body: considered, key: 'consider', status: 201 },
    {
      outcome: 'incomplete',
      as: 'foi-officer',
      params: asked,
      body: (made) => ({ ...withheld(made), grounds: [{ exemption: 'foia-41', defenceWeighed: true }] }),
      status: 422,
      code: 'foi-exemption',
    },
    {
      outcome: 'conflict',
      as: 'foi-officer',
      params: asked,
      body: (made) => ({ ...withheld(made), paragraph: { ...paragraphOf(made, 0), paragraphId: inventedId() } }),
      status: 412,
      code: 'precondition-failed',
    },
    {
      outcome: 'shielded',
      as: 'foi-officer',
      params: asked,
      body: (made) => ({ ...withheld(made), paragraph: { ...paragraphOf(made, 0), conferenceId: inventedId() } }),
      status: 404,
      code: 'ncnd',
    },
    { outcome: 'refused', as: 'analyst', params: asked, body: neither, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'keyworker', params: asked, body: neither, status: 403, code: 'foi-route' },
    { outcome: 'not-found', as: 'foi-officer', params: nothing, body: neither, status: 404, code: 'not-found' },
  ],
  readFoiConsultation: [
    { outcome: 'allowed', as: 'ig-officer', params: consulted, status: 200, event: 'consultation' },
    { outcome: 'not-found', as: 'keyworker', params: consulted, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'ig-officer', params: { ...nothing, paragraphId: inventedId() }, status: 404, code: 'not-found' },
  ],
  answerFoiConsultation: [
    { outcome: 'not-found', as: 'keyworker', params: asked, body: view, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'ig-officer', params: nothing, body: view, status: 404, code: 'not-found' },
    { outcome: 'allowed', as: 'ig-officer', params: asked, body: view, key: 'view', status: 201, event: 'foi-request' },
    { outcome: 'repeated', as: 'ig-officer', params: asked, body: view, key: 'view', status: 201 },
    { outcome: 'conflict', as: 'dpo', params: asked, body: view, status: 409, code: 'conflict' },
  ],
  draftFoiNotice: [
    { outcome: 'conflict', as: 'foi-officer', params: asked, body: {}, status: 409, code: 'conflict' },
    {
      outcome: 'allowed',
      as: 'foi-officer',
      params: asked,
      body: async (made, house) => {
        await house.as('foi-officer').post(`/v1/foi-requests/${asked(made).requestId}/adjudications`, withheld(made))
        return {}
      },
      key: 'notice',
      status: 201,
      event: 'foi-request',
    },
    { outcome: 'repeated', as: 'foi-officer', params: asked, body: {}, key: 'notice', status: 201 },
    { outcome: 'invalid', as: 'foi-officer', params: asked, body: { givenOn: inDays(1) }, status: 400, code: 'invalid' },
    { outcome: 'refused', as: 'analyst', params: asked, body: {}, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'foi-officer', params: nothing, body: {}, status: 404, code: 'not-found' },
  ],
  readFoiRequest: [
    { outcome: 'allowed', as: 'foi-officer', params: asked, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', params: asked, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'foi-officer', params: nothing, status: 404, code: 'not-found' },
  ],
}
