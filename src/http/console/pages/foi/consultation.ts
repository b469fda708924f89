import { makeAct, type Prepared } from '../../act/make-act.ts'
import { given } from '../../act/fields.ts'
import type { PageAnswer, PageRequest } from '../../page.ts'
import { words } from '../../view/words.ts'

/** Comes from the task, which names the paragraph: nobody types an id. */
const prepare = ({ form, query }: PageRequest): Promise<Prepared | PageAnswer> => {
  const paragraphId = form?.text('paragraphId') ?? query.get('paragraphId') ?? ''
  if (paragraphId === '') return Promise.resolve({ to: '/console' })
  return Promise.resolve({
    values: { paragraphId },
    fields: [
      { name: 'paragraphId', label: 'Paragraph', kind: 'hidden' },
      {
        ...{ name: 'view', label: 'What does your agency think of its disclosure?', kind: 'radios' },
        options: [
          { value: 'objects', text: 'It objects' },
          { value: 'no-objection', text: 'It has no objection' },
        ],
      },
      { name: 'reasons', label: 'Why?', hint: 'For the authority’s file and the Commissioner. Sealed; part of no notice.', kind: 'long' },
    ],
  })
}

/** Whom a paragraph came from is asked once, when the authority first decides on it, and answers here. */
export const answerConsultation = makeAct({
  path: '/console/foi/:requestId/consultation',
  title: 'Say what your agency thinks of a disclosure',
  section: 'foi',
  roles: [],
  operationId: 'answerFoiConsultation',
  says: 'A paragraph came from your agency, and another authority was asked for it under the Freedom of Information Act. You say once what your agency thinks; the authority decides.',
  fields: prepare,
  button: 'Send the answer',
  request: (form, params) => ({
    params: { requestId: params['requestId'] ?? '' },
    body: given({ paragraphId: form.text('paragraphId'), view: form.text('view'), reasons: form.text('reasons') }),
  }),
  done: (_told, form) => `Your agency’s answer is recorded: ${words(form.text('view')).toLowerCase()}.`,
  back: { href: '/console', text: 'What is waiting for you' },
})
