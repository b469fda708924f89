import type { IdentifierKind } from '../../core/vocabulary.ts'
import { identifierKinds } from '../../core/vocabulary.ts'
import { storyId, storyNames } from '../../sandbox/people/story.ts'
import { askGateway, type Connection } from './gateway-client.ts'
import { CommandProblem, knownWord, usageProblem } from '../problem.ts'

export interface Reasons {
  readonly purpose?: string
  readonly legalGateway?: string
  readonly justification?: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** How each kind of number is usually written; only to spare the asker the name of the kind. */
const shapes: readonly (readonly [IdentifierKind, RegExp])[] = [
  ['pnc-id', /^\d{4}\/?\d{7}[A-Z]$/i],
  ['cro', /^\d{6}\/?\d{2}[A-Z]$/i],
  ['prison-number', /^[A-Z]\d{4}[A-Z]{2}$/i],
  ['crn', /^X\d{6}$/i],
  ['yos-number', /^YC\d{5}$/i],
  ['dip-number', /^MI\d{6}$/i],
  ['provider-number', /^FS\d{5}$/i],
]

export type PersonAsked =
  { readonly offenderId: string } | { readonly identifier: { readonly kind: IdentifierKind; readonly value: string } }

/** An id, a name of the sandbox's story, or an agency's number: `crn=X123456`, or the number alone where its shape tells its kind. */
export const readPerson = (given: string): PersonAsked => {
  if (uuid.test(given)) return { offenderId: given.toLowerCase() }
  if (/^[a-z]+$/.test(given)) return { offenderId: storyId(knownWord('person of the story', given, storyNames)) }
  return { identifier: identifierIn(given) }
}

/** A number is looked up by a search of its own, for the same reasons, and logged as one. */
export const findPerson = async (connection: Connection, asked: PersonAsked, reasons: Reasons): Promise<string> => {
  if ('offenderId' in asked) return asked.offenderId
  const found = await askGateway<{ people?: { offenderId: string }[]; detail?: string; nextStep?: string }>(connection, {
    method: 'POST',
    path: '/v1/searches',
    body: { ...asked, ...reasons },
  })
  if (found.status !== 200)
    throw new CommandProblem(`The search was refused: ${found.body.detail ?? ''} ${found.body.nextStep ?? ''}`.trim())
  const person = found.body.people?.[0]
  if (person === undefined) throw new CommandProblem(`The search found nobody by ${asked.identifier.value} whom you may know of.`)
  return person.offenderId
}

const identifierIn = (given: string): { kind: IdentifierKind; value: string } => {
  const [before, after] = given.split('=', 2)
  if (after !== undefined && before !== undefined) return { kind: knownWord('kind of number', before, identifierKinds), value: after }
  const kind = shapes.find(([, shape]) => shape.test(given))?.[0]
  if (kind !== undefined) return { kind, value: given }
  throw usageProblem(
    `${given} is no id, no name of the story (${storyNames.join(', ')}) and no number of a known shape; write e.g. crn=X123456.`,
  )
}
