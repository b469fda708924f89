import { generateKeyPairSync } from 'node:crypto'
import { stringify } from 'yaml'
import { signAgreementHash } from '../../../../src/sandbox/signatures.ts'
import type { Packages } from '../../../disclosure/package-support.ts'
import { draft, type Drafted, must, termsFor } from '../../../journeys/support/agree.ts'
import { type Trial, unique } from './deed.ts'

const at = '/console/agreements/:agreementId'
const why = { why: 'The parties have asked for it' }
const parties = { providers: ['hmp-stonebeck'], recipients: ['calder-housing'] }
const termsNow = () => termsFor(unique('DEED').toUpperCase(), parties, { inForceTo: '2030-12-31', reviewOn: '2030-06-30' })

/** An agreement of its own, and what another drafter does to it meanwhile. */
const drafting =
  (what: string, answers: Readonly<Record<string, string | readonly string[]>>): Trial['prepare'] =>
  async (house) => {
    const terms = termsNow()
    const { agreementId } = await draft(house, terms)
    return {
      ...{ persona: 'registrar', path: `/console/agreements/${agreementId}/${what}` },
      answers: { ...answers, justification: 'As agreed in June.' },
      meanwhile: {
        act: () => draft(house, { ...terms, title: 'By somebody else' }, agreementId),
        says: /Version 2 was drafted since you opened this page/,
        goesOn: true,
      },
    }
  }

const stopped = (house: Packages, { agreementId }: Drafted) => ({
  act: async () => must(await house.as('registrar').post(`/v1/agreements/${agreementId}/termination`, why), 200),
  says: /The sharing agreement was ended by a party/,
})

const grant = {
  ...{ id: 'one-more', providers: ['hmp-stonebeck'], recipients: ['calder-housing'], categories: ['custody-release'] },
  ...{ purposes: ['accommodation'], cohorts: ['ppo'], ageBands: ['adult'], legalGateways: ['dpa35-task'], onward: 'none' },
  ...{ authorisingLaw: 'Offender Management Act 2007 s.14', sensitiveConditions: ['sch1-10'] },
}

export const agreementDeeds: Readonly<Record<string, Trial>> = {
  '/console/agreements/new': {
    prepare: (house) => {
      const terms = termsNow()
      return Promise.resolve({
        ...{ persona: 'registrar', path: '/console/agreements/new', answers: { terms: stringify(terms) } },
        meanwhile: { act: () => draft(house, terms), says: /The registry already has an agreement/ },
      })
    },
  },
  [`${at}/draft`]: { prepare: drafting('draft', { title: 'Another title' }) },
  [`${at}/renew`]: { prepare: drafting('renew', {}) },
  [`${at}/draft-text`]: {
    prepare: async (house) => {
      const made = await drafting('draft-text', {})(house)
      return { ...made, answers: { ...made.answers, terms: stringify({ ...termsNow(), reference: await referenceOf(house, made.path) }) } }
    },
  },
  [`${at}/grants/new`]: { prepare: drafting('grants/new', grant) },
  [`${at}/grants/:grantId/draft`]: { prepare: drafting('grants/the-grant/draft', { legalGateways: ['dpa35-task'] }) },
  [`${at}/versions/:version/sign`]: {
    prepare: async (house) => {
      const drafted = await draft(house, termsNow())
      return {
        ...{ persona: 'signatory-calder-housing', path: `/console/agreements/${drafted.agreementId}/versions/1/sign` },
        answers: { jws: await signAgreementHash(house.dataDir, 'calder-housing', drafted.hash) },
        meanwhile: stopped(house, drafted),
      }
    },
  },
  [`${at}/suspend`]: {
    prepare: async (house) => {
      const drafted = await draft(house, termsNow())
      const path = `/console/agreements/${drafted.agreementId}/suspend`
      return { persona: 'registrar', path, answers: why, meanwhile: stopped(house, drafted) }
    },
  },
  [`${at}/lift`]: {
    prepare: async (house) => {
      const drafted = await draft(house, termsNow())
      must(await house.as('registrar').post(`/v1/agreements/${drafted.agreementId}/suspension`, why), 200)
      const path = `/console/agreements/${drafted.agreementId}/lift`
      return { persona: 'registrar', path, answers: {}, meanwhile: stopped(house, drafted) }
    },
  },
  [`${at}/terminate`]: {
    neverStale: 'An end is an end whatever came before it: who is second is told since when it has ended.',
    prepare: async (house) => {
      const { agreementId } = await draft(house, termsNow())
      return { persona: 'registrar', path: `/console/agreements/${agreementId}/terminate`, answers: why }
    },
  },
}

const referenceOf = async (house: Packages, path: string): Promise<string> => {
  const { rows } = await house.database.owner.query<{ reference: string }>({
    text: 'select reference from agreement where id = $1',
    values: [path.split('/')[3]],
  })
  return rows[0]!.reference
}

export const publicKey = (): string =>
  JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }))
