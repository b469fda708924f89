import { foiOutcomes } from '../../../../../core/foi/judge-grounds.ts'
import { makeAct, type Prepared } from '../../../act/make-act.ts'
import { dayIn, type Field, given } from '../../../act/fields.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { dayWords, words } from '../../../view/words.ts'
import { foiOfficers } from '../requests.ts'
import { groundFields, groundsIn, type Offered } from './grounds.ts'
import { type Decidable, notOffered, paragraphField, paragraphIn } from './paragraphs.ts'

const requestOf = (params: PageRequest['params']) => ({ requestId: params['requestId'] ?? '' })

const outcomeField: Field = {
  ...{ name: 'outcome', label: 'What becomes of it?', kind: 'radios' },
  options: foiOutcomes.map((value) => ({ value, text: words(value) })),
}
const reasonsField: Field = {
  name: 'reasons',
  label: 'Why?',
  hint: 'For the file and the Commissioner. Sealed; part of no notice.',
  kind: 'long',
}

const prepare = async ({ ask, params, form }: PageRequest): Promise<Prepared | PageAnswer> => {
  const told = await ask('readFoiRequest', { params: requestOf(params) })
  if (told.status !== 200) return refused(told)
  const file = told.body as Offered & Decidable
  const grounds = groundFields(file, form)
  return {
    fields: [paragraphField(file), outcomeField, ...grounds.fields, reasonsField],
    values: { paragraph: 'whole' },
    data: { another: grounds.another },
  }
}

export const decideFoi = makeAct({
  path: '/console/foi/:requestId/decide',
  title: 'Decide of a paragraph, or of the whole',
  section: 'foi',
  roles: foiOfficers,
  operationId: 'adjudicateFoiRequest',
  says: 'It is written down; nothing is released. Whom a paragraph came from is asked for a view.',
  view: 'foi/decide/decide.njk',
  fields: prepare,
  faults: (form, { fields }) => notOffered(form, fields[0]!),
  button: 'Record the decision',
  request: (form, params) => ({
    params: requestOf(params),
    body: given({
      paragraph: paragraphIn(form),
      outcome: form.text('outcome'),
      grounds: groundsIn(form),
      reasons: form.text('reasons'),
    }),
  }),
  done: ({ body }) =>
    `The decision is recorded: ${words(body['outcome']).toLowerCase()}.${typeof body['consulted'] === 'string' ? ` ${body['consulted']} was asked for its view.` : ''}`,
  back: (params) => ({ href: `/console/foi/${requestOf(params).requestId}`, text: 'The request' }),
})

export const giveFoiNotice = makeAct({
  path: '/console/foi/:requestId/given',
  title: 'Record that the notice was given',
  section: 'foi',
  roles: foiOfficers,
  operationId: 'draftFoiNotice',
  says: 'The clock stops. The words have to be those of a draft; a draft that has changed since is refused.',
  fields: [{ name: 'givenOn', label: 'Given on', hint: 'For example, 20 11 2026', kind: 'day' }],
  button: 'Record it',
  // Left empty it would only draft: what is no day is for the contract to refuse.
  request: (form, params) => ({ params: requestOf(params), body: { givenOn: dayIn(form, 'givenOn') ?? '' } }),
  done: ({ body }) => `The notice was given on ${dayWords(body['givenOn'])}.`,
  back: { href: '/console/foi', text: 'Requests for information' },
})
