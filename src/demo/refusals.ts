import { randomUUID } from 'node:crypto'
import type { Reply } from '../cli/gateway/gateway-client.ts'
import { type Answer, enquire, given, inShort, withheld } from './ask.ts'
import type { Chapter, Step } from './tell.ts'
import { mustBe } from './tell.ts'

const consentRefused: Step = {
  title: 'Casey refused consent: nothing is given, and the answer says why',
  async tell(stage) {
    const before = stage.systems?.answered('fresh-steps')
    const reply = await enquire(stage, 'analyst', { about: 'casey', categories: ['engagement'] })
    mustBe(reply.status === 403, `the answer was ${reply.status}`)
    mustBe(stage.systems?.answered('fresh-steps') === before, 'the provider’s system was asked all the same')
    return inShort(withheld(reply, 'engagement', 'consent-refused'))
  },
}

const incomplete: Step = {
  title: 'An enquiry without a justification is refused and logged',
  async tell(stage) {
    const reasons = { purpose: 'risk-management', legalGateway: 'dpa35-task' } as const
    const reply = await enquire(stage, 'analyst', { about: 'jordan', categories: ['oasys'], reasons })
    mustBe(reply.status === 422, `the answer was ${reply.status}`)
    mustBe(reply.body.entryId !== '', 'the refusal has no entry')
    return inShort(withheld(reply, 'oasys', 'request-incomplete'))
  },
}

const child: Step = {
  title: 'Alex is 17: a reoffending score for adults is not given',
  async tell(stage) {
    return inShort(withheld(await enquire(stage, 'analyst', { about: 'alex', categories: ['ogrs'] }), 'ogrs', 'child'))
  },
}

const prison: Step = {
  title: 'A prison with a memorandum gives intelligence, a prison without one does not',
  async tell(stage) {
    const stonebeck = given(await enquire(stage, 'analyst', { about: 'morgan', categories: ['prison-intel'] }), 'prison-intel')
    mustBe(stonebeck.agreement !== null, 'the memorandum is not named')
    const ravensgill = withheld(
      await enquire(stage, 'analyst', { about: 'drew', categories: ['prison-intel'] }),
      'prison-intel',
      'prison-mou',
    )
    return `${stonebeck.supplier.agencyId} under ${stonebeck.agreement.reference}; ${ravensgill.supplierAgencyId ?? '?'} withheld: ${inShort(ravensgill)}`
  },
}

const incompatible: Step = {
  title: 'A housing officer asks for police records: the agreement names a law for one category and none for the other',
  async tell(stage) {
    const reasons = { purpose: 'accommodation', legalGateway: 'cda115', justification: 'Finding a tenancy for Jordan' } as const
    const reply = await enquire(stage, 'housing-officer', { about: 'jordan', categories: ['arrest-disposal', 'offence-history'], reasons })
    const history = given(reply, 'offence-history')
    return `${history.category} given; arrest-disposal withheld: ${inShort(withheld(reply, 'arrest-disposal', 'purpose-incompatible'))}`
  },
}

const shield: Step = {
  title: 'A constable of another division asks about Jordan and about somebody invented: the same answer',
  async tell(stage) {
    const ask = (id: string) => enquire(stage, 'constable-wharfe', { about: { id }, categories: ['oasys', 'police-intel'] })
    const known = await enquire(stage, 'constable-wharfe', { about: 'jordan', categories: ['oasys', 'police-intel'] })
    const invented = await ask(`${randomUUID().slice(0, 14)}7${randomUUID().slice(15)}`)
    mustBe(known.status === 404 && known.body.code === 'ncnd', `the answer about Jordan was ${known.status} ${known.body.code}`)
    mustBe(withoutIds(known) === withoutIds(invented), 'the two answers differ')
    return `${known.text.length} bytes, the same but for the entry’s id: “${known.body.detail ?? ''}”`
  },
}

/** Status, headers and body; ids, the date and what is left of the quota differ between any two answers. */
const withoutIds = ({ status, headers, text, body }: Reply<Answer>): string => {
  const kept = Object.entries(headers).filter(([name]) => !['date', 'x-request-id', 'ratelimit'].includes(name))
  return JSON.stringify([status, kept, text.replaceAll(body.entryId, 'id')])
}

export const refusals: Chapter = {
  title: 'Refusals that explain themselves',
  steps: [consentRefused, incomplete, child, prison, incompatible, shield],
}
