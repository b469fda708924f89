import type { Role } from '../../../../core/vocabulary.ts'
import { makeAct } from '../../act/make-act.ts'
import { dayIn, given } from '../../act/fields.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { dayWords } from '../../view/words.ts'

export const rightsOfficers: readonly Role[] = ['ig-officer', 'dpo']

/** What people asked of the partnership, with the month that runs. */
export const rightsRequests: Page = {
  path: '/console/rights',
  title: 'What people ask about themselves',
  section: 'rights',
  roles: rightsOfficers,
  offers: 'Who received my data? The requests, the month each has, and the answers.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listRightsRequests', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    const { requests, nextCursor } = told.body
    return { view: 'rights/requests.njk', data: { requests, nextCursor, entryId: told.entryId } }
  },
}

export const recordRightsRequest = makeAct({
  path: '/console/rights/new',
  title: 'Record what a person asks',
  section: 'rights',
  roles: rightsOfficers,
  operationId: 'recordRightsRequest',
  says: 'A month begins on the day the request was received, or their identity was confirmed if that was later. It is recorded in the same way whether or not anybody of that description is held.',
  fields: [
    { name: 'reference', label: 'Your reference', hint: 'Your own, to the letter; no names', kind: 'text' },
    { name: 'receivedOn', label: 'Received on', kind: 'day', hint: 'For example, 2 11 2026' },
    { name: 'identityConfirmedOn', label: 'Identity confirmed on', kind: 'day' },
    {
      name: 'offenderId',
      label: 'The person’s id',
      hint: 'Left empty where nobody of that description was found',
      kind: 'text',
      optional: true,
    },
  ],
  button: 'Record the request',
  request: (form) => ({
    body: given({
      reference: form.text('reference'),
      receivedOn: dayIn(form, 'receivedOn'),
      identityConfirmedOn: dayIn(form, 'identityConfirmedOn'),
      offenderId: form.text('offenderId'),
    }),
  }),
  done: ({ body }) => `The request is recorded. It is to be answered by ${dayWords(body['dueOn'])}.`,
  back: { href: '/console/rights', text: 'What people ask about themselves' },
})
