import { makeAct, type Prepared } from '../../act/make-act.ts'
import { given } from '../../act/fields.ts'
import type { Page, PageAnswer, PageRequest } from '../../page.ts'
import { refused } from '../../refused.ts'

const recalls: Page = {
  path: '/console/recalls',
  title: 'Copies asked back',
  section: 'permissions',
  roles: ['chair', 'spoc', 'ig-officer', 'dpo'],
  offers: 'What was to be returned or destroyed, who has answered, and who is late.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listCopyRecalls', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    return {
      view: 'copies/recalls.njk',
      data: { recalls: told.body['recalls'], nextCursor: told.body['nextCursor'], entryId: told.entryId },
    }
  },
}

const recall: Page = {
  path: '/console/recalls/:recallId',
  title: 'How far it has come',
  section: 'permissions',
  roles: ['chair', 'spoc', 'ig-officer', 'dpo'],
  open: async ({ ask, params }) => {
    const told = await ask('readCopyRecall', { params: { recallId: params['recallId'] ?? '' } })
    if (told.status !== 200) return refused(told)
    return { view: 'copies/recall.njk', data: { recall: told.body, entryId: told.entryId } }
  },
}

const noticeOf = (params: PageRequest['params']) => ({ noticeId: params['noticeId'] ?? '' })

/** What is asked back, read above the questions; once it has been answered there is nothing left to ask. */
const prepareNotice = async ({ ask, params, session }: PageRequest): Promise<Prepared | PageAnswer> => {
  const told = await ask('readReturnNotice', { params: noticeOf(params) })
  if (told.status !== 200) return refused(told)
  const answered = told.body['acknowledgement'] !== null
  const outside = told.body['outside'] === true && told.body['holderSub'] !== session.personSub
  const data = { notice: told.body, entryId: told.entryId, outside, answered }
  const outcome = {
    name: 'outcome',
    label: 'What became of the copies?',
    kind: 'radios',
    options: [
      { value: 'returned', text: 'Returned' },
      { value: 'destroyed', text: 'Destroyed' },
    ],
  } as const
  const word = {
    name: 'onTheirWord',
    label: 'Whose word is it?',
    kind: 'checkboxes',
    options: [{ value: 'yes', text: 'I write down what the holder told me' }],
  } as const
  return { fields: outside ? [outcome, word] : [outcome], data }
}

const answerNotice: Page = makeAct({
  path: '/console/return-notices/:noticeId',
  title: 'Copies to be returned or destroyed',
  section: 'permissions',
  roles: [],
  operationId: 'acknowledgeReturnNotice',
  says: 'You say that the copies named here were returned or destroyed. Whoever chairs the conference sees your answer.',
  view: 'copies/notice.njk',
  fields: prepareNotice,
  button: 'Say that it is done',
  request: (form, params) => ({
    params: noticeOf(params),
    body: given({ outcome: form.text('outcome'), onTheirWord: form.all('onTheirWord').includes('yes') ? true : undefined }),
  }),
  done: (_told, form) => `Your answer is recorded: the copies were ${form.text('outcome')}.`,
  back: { href: '/console', text: 'What is waiting for you' },
})

/** What was given out and is asked back: for the holder, and for whoever watches over it. */
export const copyPages: readonly Page[] = [recalls, recall, answerNotice]
