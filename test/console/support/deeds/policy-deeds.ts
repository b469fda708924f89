import type { Packages } from '../../../disclosure/package-support.ts'
import { must } from '../../../journeys/support/agree.ts'
import { enquire } from '../../../journeys/support/requests.ts'
import { shipped } from '../../../support/facts.ts'
import { type Trial, unique } from './deed.ts'

/** A made-up case that the shipped rules do not decide as is expected here. */
export const failing = {
  name: 'Refused whatever is said',
  category: 'arrest-disposal',
  facts: { consent: 'refused' },
  expects: { outcome: 'refused' },
}
const saved = async (house: Packages): Promise<string> =>
  String(must(await house.as('ig-second').post('/v1/policy-tests', { ...failing, expects: { outcome: 'released' } }), 201)['testId'])

/** What the page of a trial sends along of a line that is to be kept. */
export const tried = (readEntryId: string) => ({
  ...{ readEntryId, purpose: 'lawfulness', justification: 'Before publishing' },
  ...{ category: 'oasys', supplierAgencyId: 'ridings-probation', inForce: 'released riskOfHarm', proposed: 'refused r13-no-tie' },
})

/** The shipped rules, with other words in what one of them cites. */
const otherwise = (): string => {
  const cites = unique('As agreed')
  const stages = shipped.bundle.stages.map((stage) => ({
    ...stage,
    rules: stage.rules.map((rule) => (rule.id === 'r13-no-tie' ? { ...rule, cites } : rule)),
  }))
  return JSON.stringify({ ...shipped.bundle, stages })
}

export const policyDeeds: Readonly<Record<string, Trial>> = {
  '/console/policies/propose': {
    neverStale: 'It adds a proposal, which decides nothing; what it is compared with is read when it is published.',
    prepare: () =>
      Promise.resolve({
        persona: 'ig-officer',
        path: '/console/policies/propose',
        answers: { bundle: otherwise(), justification: 'As was agreed' },
      }),
  },
  '/console/policies/tests/new': {
    neverStale: 'It adds a test; those there are stand beside it.',
    prepare: () => {
      const asked = { category: 'arrest-disposal', fact: 'consent refused', expected: 'released' }
      return Promise.resolve({
        persona: 'ig-officer',
        path: '/console/policies/tests/new',
        answers: { name: unique('Arrests need no consent'), ...asked },
      })
    },
  },
  '/console/policies/tests/from-entry': {
    neverStale: 'It adds a test of an entry, which never changes.',
    prepare: async (house) => {
      const { entryId } = await enquire(house.as('analyst'), 'jordan', 'oasys')
      return {
        ...{ persona: 'ig-officer', path: '/console/policies/tests/from-entry', opens: { _step: 'open', ...tried(entryId) } },
        answers: { name: unique('As the analyst asked'), expected: 'released' },
      }
    },
  },
  '/console/policies/tests/:testId/retire': {
    prepare: async (house) => {
      const testId = await saved(house)
      const justification = 'It is said twice.'
      return {
        ...{ persona: 'ig-officer', path: `/console/policies/tests/${testId}/retire`, answers: { justification } },
        meanwhile: {
          act: async () => must(await house.as('ig-second').post(`/v1/policy-tests/${testId}/retirement`, { justification }), 200),
          says: /This test has been retired already/,
        },
      }
    },
  },
}
