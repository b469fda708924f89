import { inDays, registrationOf, reviewOf, everyView } from '../../../casework/support.ts'
import { idOf, inventedId } from '../../support/requests.ts'
import { from, type Made, type Step, type Walk } from '../step.ts'

const sam = { offenderId: idOf('sam') }
const jordan = { offenderId: idOf('jordan') }
const nowhere = { offenderId: inventedId() }
const meeting = (made: Made): string => from(made, 'conference', 'conferenceId')
const nominated = (made: Made) => ({ nominationId: from(made, 'nomination', 'nominationId') })
const registered = (made: Made) => ({ offenderId: from(made, 'registration', 'offenderId') })
const review: Step['body'] = (made) => reviewOf(meeting(made))
const moved: Step['body'] = (made) => ({
  ...{ conferenceId: meeting(made), reasons: ['moved-area'], outcome: 'moved', views: everyView() },
  conditions: { receivingAreaInformedOn: inDays(-5) },
})
const transfer = { toAreaId: 'wharfe', address: 'stable', addressStableSince: inDays(-90), justification: 'Moved to Wharfe in August' }
const answer = { areaId: 'calder', answer: 'accepted', address: 'stable', justification: 'Agreed with Wharfe' }
const transferred = (made: Made) => ({ ...sam, transferId: from(made, 'transfer', 'transferId') })
const early = { because: 'risk', justification: 'Seen with an old associate' }
const wrong = { kind: 'rectified', category: 'arrest-disposal', ground: 'The arrest was of a brother', itemReference: 'A/12' }
const corrected = (made: Made) => ({ rectificationId: from(made, 'rectification', 'rectificationId') })
const nothing = { rectificationId: inventedId() }
const release = { earliestReleaseOn: inDays(400), justification: 'Sentence calculated' }

/** Whoever has no route to the person, and whoever asks about nobody, are answered alike. */
const shielded = (body: Step['body'], by: string): readonly Step[] => [
  { outcome: 'shielded', as: 'constable-wharfe', params: sam, body, status: 404, code: 'ncnd' },
  { outcome: 'shielded', as: by, params: nowhere, body, status: 404, code: 'ncnd' },
]

/** How people come into the cohort, stay in it, move and leave it. Walked after the conference and the nomination were made. */
export const cohortSteps: Walk = {
  register: [
    {
      outcome: 'not-found',
      as: 'case-manager',
      params: nominated,
      body: (made) => registrationOf(meeting(made)),
      status: 404,
      code: 'not-found',
    },
    {
      outcome: 'refused',
      as: 'spoc',
      params: nominated,
      body: (made) => registrationOf(meeting(made), { views: [] }),
      status: 422,
      code: 'views-missing',
    },
    {
      outcome: 'allowed',
      as: 'spoc',
      params: nominated,
      body: (made) => registrationOf(meeting(made)),
      status: 201,
      event: 'collection',
      keep: 'registration',
    },
    { outcome: 'conflict', as: 'spoc', params: nominated, body: (made) => registrationOf(meeting(made)), status: 409, code: 'conflict' },
  ],
  recordReview: [
    { outcome: 'allowed', as: 'spoc', params: sam, body: review, key: 'review', status: 201, event: 'alteration' },
    { outcome: 'repeated', as: 'spoc', params: sam, body: review, key: 'review', status: 201 },
    { outcome: 'refused', as: 'case-manager', params: sam, body: review, status: 403, code: 'not-lead' },
    ...shielded(review, 'spoc'),
  ],
  requestReview: [
    { outcome: 'allowed', as: 'keyworker', params: sam, body: early, status: 202, event: 'alteration' },
    ...shielded(early, 'keyworker'),
  ],
  proposeTransfer: [
    { outcome: 'refused', as: 'keyworker', params: sam, body: { ...transfer, address: 'unstable' }, status: 422, code: 'address-unstable' },
    { outcome: 'refused', as: 'case-manager', params: sam, body: transfer, status: 403, code: 'not-lead' },
    { outcome: 'allowed', as: 'keyworker', params: sam, body: transfer, status: 201, event: 'alteration', keep: 'transfer' },
    { outcome: 'conflict', as: 'keyworker', params: sam, body: transfer, status: 409, code: 'conflict' },
    ...shielded(transfer, 'keyworker'),
  ],
  answerTransfer: [
    { outcome: 'refused', as: 'case-manager', params: transferred, body: answer, status: 403, code: 'need-to-know' },
    { outcome: 'allowed', as: 'chair', params: transferred, body: answer, status: 200, event: 'alteration' },
    { outcome: 'conflict', as: 'deputy', params: transferred, body: answer, status: 409, code: 'conflict' },
    { outcome: 'not-found', as: 'chair', params: { ...sam, transferId: inventedId() }, body: answer, status: 404, code: 'not-found' },
  ],
  deselect: [
    { outcome: 'refused', as: 'case-manager', params: registered, body: moved, status: 403, code: 'need-to-know' },
    {
      outcome: 'refused',
      as: 'chair',
      params: registered,
      body: (made) => ({ conferenceId: meeting(made), reasons: ['two-year-review'], outcome: 'exit', views: everyView() }),
      status: 422,
      code: 'deselection-criteria',
    },
    { outcome: 'allowed', as: 'chair', params: registered, body: moved, status: 201, event: 'alteration' },
    { outcome: 'shielded', as: 'chair', params: registered, body: moved, status: 404, code: 'ncnd' },
  ],
  rectify: [
    { outcome: 'allowed', as: 'analyst', params: jordan, body: wrong, status: 201, event: 'correction-notified', keep: 'rectification' },
    {
      outcome: 'refused',
      as: 'keyworker',
      params: jordan,
      body: { ...wrong, originatorAgencyId: 'ridings-police' },
      status: 403,
      code: 'originator',
    },
    ...shielded(wrong, 'analyst'),
  ],
  readRectification: [
    { outcome: 'allowed', as: 'analyst', params: corrected, status: 200, event: 'consultation' },
    { outcome: 'not-found', as: 'yos-worker', params: corrected, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'analyst', params: nothing, status: 404, code: 'not-found' },
  ],
  acknowledgeRectification: [
    { outcome: 'not-found', as: 'yos-worker', params: corrected, body: { outcome: 'erased' }, status: 404, code: 'not-found' },
    { outcome: 'allowed', as: 'analyst', params: corrected, body: { outcome: 'corrected' }, status: 200, event: 'acknowledged' },
    { outcome: 'conflict', as: 'analyst', params: corrected, body: { outcome: 'corrected' }, status: 409, code: 'conflict' },
  ],
  recordReleaseDate: [
    { outcome: 'allowed', as: 'prison-officer', params: { offenderId: idOf('morgan') }, body: release, status: 200, event: 'alteration' },
    { outcome: 'refused', as: 'analyst', params: { offenderId: idOf('morgan') }, body: release, status: 403, code: 'not-lead' },
    { outcome: 'shielded', as: 'case-manager', params: registered, body: release, status: 404, code: 'ncnd' },
  ],
}
