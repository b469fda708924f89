import { newId } from '../../../src/gateway/new-id.ts'
import { buildPeople } from '../../../src/sandbox/people.ts'
import type { SandboxPerson } from '../../../src/sandbox/people/person.ts'
import { storyId, type StoryName, storyNames } from '../../../src/sandbox/people/story.ts'
import type { Asker, Json, Reply } from '../../support/ask.ts'

export const people: readonly SandboxPerson[] = buildPeople()

/** The id of one of the story's people, or an id as it stands. */
export const idOf = (person: string): string => (storyNames.includes(person as StoryName) ? storyId(person as StoryName) : person)

/** An id that nobody bears, and that nobody will. */
export const inventedId = (): string => newId()

/** The first of the sandbox's people of whom this is true; story people are told about elsewhere and are left out. */
export const somebody = (is: (person: SandboxPerson) => boolean): SandboxPerson => {
  const found = people.find((person) => !storyNames.some((name) => storyId(name) === person.id) && is(person))
  if (found === undefined) throw new Error('the sandbox has nobody like that')
  return found
}

/** An enquiry with nothing missing; `more` changes or, with undefined, takes away. */
export const enquiryOf = (person: string, categories: string | readonly unknown[], more: Json = {}): Json => ({
  offenderId: idOf(person),
  categories: typeof categories === 'string' ? categories.split(' ').map((id) => ({ id })) : categories,
  purpose: 'risk-management',
  legalGateway: 'dpa35-task',
  justification: 'Preparing the Calder conference',
  ...more,
})

export const enquire = (asker: Asker, person: string, categories: string | readonly unknown[], more: Json = {}): Promise<Reply> =>
  asker.post('/v1/enquiries', enquiryOf(person, categories, more))

/** What a person says about sharing, as of now. */
export const consentOf = (kind: string, more: Json = {}): Json => ({
  kind,
  happenedAt: new Date(Date.now() - 1_000).toISOString(),
  ...(kind === 'given' ? { capacityBasis: 'adult-presumed', evidence: 'Form signed at the office' } : {}),
  ...more,
})

export const recordConsent = (asker: Asker, person: string, said: Json, headers: Record<string, string> = {}): Promise<Reply> =>
  asker.post(`/v1/offenders/${idOf(person)}/consent-events`, said, headers)

/** Members of one kind of a body, e.g. the records of an answer. */
export const listIn = (reply: Reply, member: string): readonly Json[] => (reply.body[member] as readonly Json[] | undefined) ?? []

/** Category, code and rule of what was withheld: what a refusal is told by. */
export const withheldIn = (reply: Reply): readonly unknown[] =>
  listIn(reply, 'withheld').map(({ category, code, ruleId }) => ({ category, code, ruleId }))
