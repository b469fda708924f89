import { landlord, type Packages } from '../../../disclosure/package-support.ts'
import { type Scene, to } from '../../../disclosure/support.ts'
import { must } from '../../../journeys/support/agree.ts'
import type { Json } from '../../../support/ask.ts'
import type { Trial } from './deed.ts'

const at = '/console/permissions/:requestId'
const page = (requestId: string, what: string): string => `/console/permissions/${requestId}/${what}`
const api = (requestId: string, what: string): string => `/v1/disclosure-requests/${requestId}/${what}`
const text = { text: 'Which visit is it for?' }
const findings = { article8Grounds: 'crime-disorder', necessity: 'Needed for the visit.', proportionality: 'No more than that.' }

/** One meeting serves every request that leaves it as it was. */
const scenes = new WeakMap<Packages, Promise<Scene>>()
const sceneOf = (house: Packages): Promise<Scene> => {
  const scene = scenes.get(house) ?? house.scene(['One.'])
  scenes.set(house, scene)
  return scene
}
const asked = async (house: Packages): Promise<string> => house.requested(await sceneOf(house))
const over = /This request is (withdrawn|refused): that is not possible any more/

const withdrawn = (house: Packages, requestId: string) => ({
  act: async () => must(await house.as('analyst').post(api(requestId, 'withdrawal'), text), 201),
  says: over,
})
const refusedBy = (house: Packages, requestId: string) => ({
  act: async () => must(await house.decide(requestId, { decision: 'refuse' }), 201),
  says: over,
})
const worded = (house: Packages, requestId: string, words: string, says: RegExp) => ({
  act: async () => must(await house.as('chair').post(api(requestId, 'wordings'), { text: words }), 201),
  says,
})

/** For a landlord, with their consent; taken back by the chair when told to. */
const outside = async (house: Packages): Promise<string> => {
  const scene = await house.scene(['Said in the room.'])
  await house.consentTo(scene, [landlord.agencyId])
  return house.permitted(scene, landlord)
}
const revoked = (house: Packages, permissionId: string) => ({
  act: async () => must(await house.revoke(permissionId), 201),
  says: /revoked/i,
})

export const permissionDeeds: Readonly<Record<string, Trial>> = {
  '/console/permissions/new': {
    neverStale: 'It adds a request of its own; whether what it asks for still stands is decided when it is decided.',
    prepare: async (house) => {
      const { conferenceId, offenderId, paragraphs } = await sceneOf(house)
      const from = { conferenceId, offenderId, paragraphId: String(paragraphs[0]!['paragraphId']) }
      return {
        ...{ persona: 'analyst', path: '/console/permissions/new', opens: { _step: 'open', ...from, scope: 'paragraph' } },
        answers: {
          ...{ ...from, scope: 'paragraph', what: 'The docks', urgency: 'soon', purpose: 'risk-management', legalGateway: 'dpa35-task' },
          ...{ recipientAgencyId: 'ridings-probation', recipientSub: 'case-manager' },
          ...{ necessity: 'For the visit', proportionality: 'One paragraph', lessIntrusive: 'None names the place' },
        },
      }
    },
  },
  [`${at}/decide`]: {
    prepare: async (house) => {
      const requestId = await asked(house)
      return {
        ...{ persona: 'chair', path: page(requestId, 'decide'), answers: { decision: 'grant-whole', ...findings } },
        meanwhile: {
          act: async () => must(await house.as('analyst').post(api(requestId, 'wordings'), { text: 'Two should go.' }), 201),
          says: /analyst of Ridings Police proposed a form of words/,
          goesOn: true,
        },
      }
    },
  },
  [`${at}/ask`]: {
    prepare: async (house) => {
      const requestId = await asked(house)
      return { persona: 'chair', path: page(requestId, 'ask'), answers: text, meanwhile: withdrawn(house, requestId) }
    },
  },
  [`${at}/answer`]: {
    prepare: async (house) => {
      const requestId = await asked(house)
      must(await house.as('chair').post(api(requestId, 'information-requests'), text), 201)
      return { persona: 'analyst', path: page(requestId, 'answer'), answers: text, meanwhile: refusedBy(house, requestId) }
    },
  },
  [`${at}/withdraw`]: {
    prepare: async (house) => {
      const requestId = await asked(house)
      return { persona: 'analyst', path: page(requestId, 'withdraw'), answers: text, meanwhile: refusedBy(house, requestId) }
    },
  },
  [`${at}/words`]: {
    prepare: async (house) => {
      const requestId = await asked(house)
      return { persona: 'chair', path: page(requestId, 'words'), answers: { text: 'Two.' }, meanwhile: withdrawn(house, requestId) }
    },
  },
  [`${at}/accept`]: {
    prepare: async (house) => {
      const scene = await house.scene(['One.'])
      const requestId = await house.requested(scene)
      must(await house.attend(scene.conferenceId, { analyst: 'attended' }), 201)
      await worded(house, requestId, 'A house should be visited by two.', /./).act()
      return {
        ...{ persona: 'analyst', path: page(requestId, 'accept'), answers: {} },
        meanwhile: { ...worded(house, requestId, 'Visited by three.', /These words were changed.*Visited by three/s), goesOn: true },
      }
    },
  },
  '/console/permissions/granted/:permissionId/revoke': {
    prepare: async (house) => {
      const permissionId = await house.granted(await asked(house))
      const path = `/console/permissions/granted/${permissionId}/revoke`
      return { persona: 'chair', path, answers: { why: 'Not needed any more' }, meanwhile: revoked(house, permissionId) }
    },
  },
  '/console/permissions/granted/:permissionId/package': {
    prepare: async (house) => {
      const permissionId = await outside(house)
      const path = `/console/permissions/granted/${permissionId}/package`
      return { persona: 'spoc', path, answers: {}, meanwhile: revoked(house, permissionId) }
    },
  },
  '/console/packages/:packageId/code': {
    prepare: async (house) => {
      const permissionId = await outside(house)
      const { packageId } = must(await house.make(permissionId), 201)
      const path = `/console/packages/${String(packageId)}/code`
      return { persona: 'spoc', path, answers: {}, meanwhile: revoked(house, permissionId) }
    },
  },
  '/console/return-notices/:noticeId': {
    prepare: async (house) => {
      const permissionId = await house.granted(await house.requested(await sceneOf(house), to('case-manager')))
      must(await house.retrieve(permissionId, 'case-manager'), 200)
      const recallId = String((must(await house.revoke(permissionId), 201)['recall'] as Json)['recallId'])
      const progress = must(await house.as('chair').get(`/v1/copy-recalls/${recallId}`), 200)
      const noticeId = String((progress['holders'] as readonly Json[])[0]!['noticeId'])
      return {
        ...{ persona: 'case-manager', path: `/console/return-notices/${noticeId}`, answers: { outcome: 'returned' } },
        meanwhile: {
          act: async () =>
            must(await house.as('case-manager').post(`/v1/return-notices/${noticeId}/acknowledgements`, { outcome: 'destroyed' }), 201),
          says: /This notice has been answered already/,
        },
      }
    },
  },
  '/console/delegations/new': {
    neverStale: 'It adds an offer; offers stand beside one another, and the one who is named accepts each or not.',
    prepare: () =>
      Promise.resolve({
        ...{ persona: 'chair', path: '/console/delegations/new' },
        answers: {
          ...{ deputyAgencyId: 'ridings-probation', deputySub: 'deputy', areaId: 'calder', acts: ['decide-disclosure'] },
          ...{ 'fromAt-day': '1', 'fromAt-month': '1', 'fromAt-year': '2026', 'toAt-day': '1', 'toAt-month': '1', 'toAt-year': '2100' },
        },
      }),
  },
  '/console/delegations/:delegationId/answer': {
    prepare: async (house) => {
      const id = await house.delegate()
      return {
        ...{ persona: 'deputy', path: `/console/delegations/${id}/answer`, answers: { decision: 'accept' } },
        meanwhile: {
          act: async () => must(await house.as('chair').post(`/v1/delegations/${id}/revocation`, { why: 'Back at work' }), 201),
          says: /delegation/i,
        },
      }
    },
  },
  '/console/delegations/:delegationId/end': {
    prepare: async (house) => {
      const id = await house.delegate()
      must(await house.accept(id), 201)
      return {
        ...{ persona: 'chair', path: `/console/delegations/${id}/end`, answers: { why: 'Back at work' } },
        meanwhile: {
          act: async () => must(await house.as('deputy').post(`/v1/delegations/${id}/revocation`, { why: 'Away' }), 201),
          says: /delegation/i,
        },
      }
    },
  },
}
