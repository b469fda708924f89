import type { Role } from '../../../../core/vocabulary.ts'
import { makeAct } from '../../act/make-act.ts'
import { dayIn, given } from '../../act/fields.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { dayWords } from '../../view/words.ts'

export const foiOfficers: readonly Role[] = ['foi-officer']

/** The authority's requests for information, with the working days that are left. */
export const foiRequests: Page = {
  path: '/console/foi',
  title: 'Requests for information',
  section: 'foi',
  roles: foiOfficers,
  offers: 'Freedom of information: requests with their clocks, decided paragraph by paragraph, and the notice drafted.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listFoiRequests', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    const { requests, nextCursor } = told.body
    return { view: 'foi/requests.njk', data: { requests, nextCursor, entryId: told.entryId } }
  },
}

export const recordFoiRequest = makeAct({
  path: '/console/foi/new',
  title: 'Record a request for information',
  section: 'foi',
  roles: foiOfficers,
  operationId: 'recordFoiRequest',
  says: 'Twenty working days begin. Whom it is about is not asked: an answer would say who is held.',
  fields: [
    { name: 'reference', label: 'Your reference', hint: 'Your own, to the letter; no names', kind: 'text' },
    { name: 'receivedOn', label: 'Received on', kind: 'day', hint: 'For example, 2 11 2026' },
    {
      name: 'clarifiedOn',
      label: 'Clarified on',
      hint: 'Where the requester had to be asked what they wanted (s.1(3))',
      kind: 'day',
      optional: true,
    },
    { name: 'asked', label: 'What was asked?', hint: 'The words of the request. They are sealed.', kind: 'long' },
  ],
  button: 'Record the request',
  request: (form) => ({
    body: given({
      reference: form.text('reference'),
      receivedOn: dayIn(form, 'receivedOn'),
      clarifiedOn: dayIn(form, 'clarifiedOn'),
      asked: form.text('asked'),
    }),
  }),
  done: ({ body }) => `The request is recorded. It is to be answered by ${dayWords(body['dueOn'])}.`,
  back: { href: '/console/foi', text: 'Requests for information' },
})
