import { daysAfter, londonDay } from '../../../../src/core/london.ts'
import { newId } from '../../../../src/gateway/new-id.ts'
import { storyId } from '../../../../src/sandbox/people/story.ts'
import type { Packages } from '../../../disclosure/package-support.ts'
import { attendAndRead, requestOf, third } from '../../../foi/support.ts'
import { must } from '../../../journeys/support/agree.ts'
import type { Json } from '../../../support/ask.ts'
import { shipped } from '../../../support/facts.ts'
import { dayBoxes, type Trial, unique } from './deed.ts'

const today = londonDay(new Date())

const flagged = async (house: Packages): Promise<string> => {
  const flagId = newId()
  await house.database.owner.query({
    text: `insert into misuse_flag (id, rule_id, agency_id, person_sub, rank, words, cites, numbers, partnership_only, policy_hash, raised_at)
           values ($1, 'guessing', 'ridings-police', 'analyst', 'high', 'Searched 12 times.', 's.37', '{}', false, 'x', statement_timestamp())`,
    values: [flagId],
  })
  return flagId
}
const verdict = (outcome: string) => ({ outcome, grounds: 'Was on call that night', purpose: 'lawfulness' })
const decided = async (house: Packages, flagId: string, outcome: string) =>
  must(await house.as('ig-second').post(`/v1/access-log/flags/${flagId}/decisions`, verdict(outcome)), 201)

const letter = async (house: Packages): Promise<string> =>
  String(must(await house.as('foi-officer').post('/v1/foi-requests', requestOf()), 201)['requestId'])
const neither = { outcome: 'neither-confirm-nor-deny', grounds: [{ exemption: 'foia-40-2' }], reasons: 'Somebody is named.' }
const adjudicate = async (house: Packages, requestId: string, body: Json) =>
  must(await house.as('foi-officer').post(`/v1/foi-requests/${requestId}/adjudications`, body), 201)

/** The shipped rules, with other words in what one of them cites. */
const proposed = async (house: Packages): Promise<string> => {
  const cites = unique('As agreed')
  const stages = shipped.bundle.stages.map((stage) => ({
    ...stage,
    rules: stage.rules.map((rule) => (rule.id === 'r13-no-tie' ? { ...rule, cites } : rule)),
  }))
  return String(must(await house.as('ig-second').post('/v1/policies', { bundle: { ...shipped.bundle, stages } }), 201)['hash'])
}

export const reviewDeeds: Readonly<Record<string, Trial>> = {
  '/console/log/flags/:flagId/decide': {
    prepare: async (house) => {
      const flagId = await flagged(house)
      return {
        ...{ persona: 'ig-officer', path: `/console/log/flags/${flagId}/decide`, answers: verdict('justified') },
        meanwhile: { act: () => decided(house, flagId, 'breach'), says: /This flag has been decided already/ },
      }
    },
  },
  '/console/log/breaches/:taskId/done': {
    prepare: async (house) => {
      const { breachId } = await decided(house, await flagged(house), 'breach')
      const find = `select t.id from task t where t.kind = 'breach-assessment' and t.closed_at is null and ($1::text is null or true) order by t.id desc limit 1`
      const { rows } = await house.database.owner.query<{ id: string }>({ text: find, values: [breachId ?? null] })
      const done = { outcome: 'not-needed', justification: 'Nobody was named.' }
      return {
        ...{ persona: 'dpo', path: `/console/log/breaches/${rows[0]!.id}/done`, answers: done },
        meanwhile: {
          act: async () => must(await house.as('dpo').post(`/v1/tasks/${rows[0]!.id}/completion`, done), 200),
          says: /No such task waits for you/,
        },
      }
    },
  },
  '/console/foi/new': {
    prepare: (house) => {
      const reference = unique('FOI-DEED')
      return Promise.resolve({
        ...{ persona: 'foi-officer', path: '/console/foi/new' },
        answers: { reference, asked: 'Who is watched?', ...dayBoxes('receivedOn', today) },
        meanwhile: {
          act: async () => must(await house.as('foi-officer').post('/v1/foi-requests', requestOf({ reference })), 201),
          says: /already|reference/,
        },
      })
    },
  },
  '/console/foi/:requestId/decide': {
    prepare: async (house) => {
      const { conferenceId, paragraphs } = await house.scene(['One.'])
      await attendAndRead(house, conferenceId)
      const paragraph = { conferenceId, paragraphId: String(paragraphs[0]!['paragraphId']) }
      const requestId = await letter(house)
      return {
        ...{ persona: 'foi-officer', path: `/console/foi/${requestId}/decide` },
        answers: { paragraph: Object.values(paragraph).join(' '), outcome: 'withhold', ...third, reasons: 'Names people.' },
        meanwhile: {
          act: async () => {
            const at = `/v1/conferences/${conferenceId}/minutes/${paragraph.paragraphId}`
            must(await house.as('spoc').post(`${at}/corrections`, { text: 'Two.', why: 'Wrong' }, { 'if-match': '"1"' }), 201)
          },
          says: /Choose an answer: Of what do you decide|You have not read this paragraph as it stands now/,
        },
      }
    },
  },
  '/console/foi/:requestId/consultation': {
    prepare: async (house) => {
      const { conferenceId, paragraphs } = await house.scene([{ text: 'One.', originatorAgencyId: 'ridings-probation' }])
      await attendAndRead(house, conferenceId)
      const requestId = await letter(house)
      const paragraphId = String(paragraphs[0]!['paragraphId'])
      await adjudicate(house, requestId, { paragraph: { conferenceId, paragraphId }, outcome: 'consider', reasons: 'Within the request.' })
      const view = { view: 'no-objection', reasons: 'Known to all.' }
      return {
        ...{
          persona: 'case-manager',
          path: `/console/foi/${requestId}/consultation`,
          opens: { _step: 'open', paragraphId },
          answers: view,
        },
        meanwhile: {
          act: async () =>
            must(await house.as('deputy').post(`/v1/foi-requests/${requestId}/consultations`, { paragraphId, ...view }), 201),
          says: /Your agency has answered this/,
        },
      }
    },
  },
  '/console/foi/:requestId/given': {
    prepare: async (house) => {
      const requestId = await letter(house)
      await adjudicate(house, requestId, neither)
      must(await house.as('foi-officer').post(`/v1/foi-requests/${requestId}/notice`, {}), 201)
      return {
        ...{ persona: 'foi-officer', path: `/console/foi/${requestId}/given`, answers: dayBoxes('givenOn', today) },
        meanwhile: {
          act: () => adjudicate(house, requestId, { ...neither, outcome: 'not-held', grounds: [] }),
          says: /This notice has not been drafted in these words/,
        },
      }
    },
  },
  '/console/policies/:hash/publish': {
    prepare: async (house) => {
      const path = `/console/policies/${await proposed(house)}/publish`
      return {
        ...{ persona: 'ig-officer', path, answers: {} },
        meanwhile: {
          act: async () => must(await house.as('ig-officer').post(`/v1/policies/${await proposed(house)}/approval`), 200),
          says: /Other rules were published since/,
          goesOn: true,
        },
      }
    },
  },
  '/console/people/consent': {
    neverStale: 'What somebody said is added to what they said before; of two answers the later one counts, whoever writes it down first.',
    prepare: () => {
      const looked = { offenderId: storyId('sam'), purpose: 'risk-management', legalGateway: 'dpa35-task' }
      return Promise.resolve({
        ...{ persona: 'keyworker', path: '/console/people/consent', opens: { _step: 'open', ...looked } },
        answers: { ...looked, kind: 'sought', justification: 'Asked at the visit' },
      })
    },
  },
  '/console/rights/withhold': {
    neverStale: 'It adds a restriction of its own, for its own days; those there are stand beside it.',
    prepare: () => {
      const kept = { offenderId: storyId('jordan'), purpose: 'prevent-detect', ground: 'inquiry', reasons: unique('It would warn them') }
      const until = dayBoxes('lapsesOn', daysAfter(today, 30))
      return Promise.resolve({ persona: 'dpo', path: '/console/rights/withhold', answers: { ...kept, ...until } })
    },
  },
  '/console/rights/new': {
    neverStale: 'It adds a letter; the same reference may come with a second one.',
    prepare: () =>
      Promise.resolve({
        ...{ persona: 'dpo', path: '/console/rights/new' },
        answers: { reference: unique('SAR-DEED'), ...dayBoxes('receivedOn', today), ...dayBoxes('identityConfirmedOn', today) },
      }),
  },
}
