import type { Reply } from '../cli/gateway/gateway-client.ts'
import type { components } from '../http/generated/contract.ts'
import { storyId, type StoryName } from '../sandbox/people/story.ts'
import type { Stage } from './stage.ts'
import { mustBe } from './tell.ts'

type Schemas = components['schemas']
export type Answer = Schemas['EnquiryResult'] & Schemas['EnquiryRefusal']
export type Withheld = Schemas['Withheld']
type Ask = Schemas['CategoryAsk']

/** Someone of the story, or an id. */
export type About = StoryName | { readonly id: string }

export interface Reasons {
  readonly purpose?: Schemas['Purpose']
  readonly legalGateway?: Schemas['LegalGateway']
  readonly justification?: string
}

export const goodReasons: Reasons = {
  purpose: 'risk-management',
  legalGateway: 'dpa35-task',
  justification: 'Preparing the Calder conference',
}

/** One enquiry, as `persona`; reasons are the usual ones unless others are given. */
export const enquire = (
  stage: Stage,
  persona: string,
  asked: { readonly about: About; readonly categories: readonly (Ask['id'] | Ask)[]; readonly reasons?: Reasons },
): Promise<Reply<Answer>> => {
  const categories = asked.categories.map((one) => (typeof one === 'string' ? { id: one } : one))
  const offenderId = idOf(asked.about)
  return stage.ask<Answer>(persona, {
    method: 'POST',
    path: '/v1/enquiries',
    body: { offenderId, categories, ...(asked.reasons ?? goodReasons) },
  })
}

export const idOf = (about: About): string => (typeof about === 'string' ? storyId(about) : about.id)

/** The record of a category that the answer gave. */
export const given = (reply: Reply<Answer>, category: string): Schemas['ReleasedRecord'] => {
  mustBe(reply.status === 200, `the answer was ${saysOf(reply)}`)
  const record = reply.body.records.find((one) => one.category === category)
  mustBe(record !== undefined && record.items.length > 0, `${category} was not given: ${saysOf(reply)}`)
  return record
}

/** Why a category was not given; a reason that leaves out rule, paragraph or next step is not as told. */
export const withheld = (reply: Reply<Answer>, category: string, code: string): Withheld => {
  const found = (reply.body.withheld ?? []).find((one) => one.category === category)
  mustBe(found !== undefined, `${category} was not withheld: ${saysOf(reply)}`)
  mustBe(found.code === code, `${category} was withheld for ${found.code} and not for ${code}`)
  mustBe(isExplained(found), `${category} was withheld without rule, citation or next step`)
  return found
}

/** Code, rule, paragraph, words and next step: what every refusal owes whoever may know. */
export const isExplained = (reason: { readonly [Name in 'code' | 'ruleId' | 'cites' | 'says' | 'nextStep']?: string }): boolean =>
  [reason.code, reason.ruleId, reason.cites, reason.says, reason.nextStep].every((one) => one !== undefined && one.length > 2)

export const inShort = (reason: Pick<Withheld, 'code' | 'ruleId' | 'cites' | 'says' | 'nextStep'>): string =>
  `“${reason.says}” (${reason.code}, rule ${reason.ruleId}, ${reason.cites}) Next: ${reason.nextStep}`

const saysOf = ({ status, body }: Reply<Answer>): string => `${status} ${body.code ?? ''}`.trim()
