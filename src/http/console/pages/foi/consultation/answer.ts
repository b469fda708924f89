import { given } from '../../../act/fields.ts'
import { type Act, makeAct, type Prepared } from '../../../act/make-act.ts'
import type { Page, PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { words } from '../../../view/words.ts'
import { answerFields } from './answer-fields.ts'
import { type Consultation, readAsked } from './read-asked.ts'

/** Comes from the task, which names the paragraph: nobody types an id. */
const prepare = async ({ form, query, params, ask }: PageRequest): Promise<Prepared | PageAnswer> => {
  const paragraphId = form?.text('paragraphId') ?? query.get('paragraphId') ?? ''
  if (paragraphId === '') return { to: '/console' }
  const told = await ask('readFoiConsultation', { params: { requestId: params['requestId'] ?? '', paragraphId } })
  if (told.status !== 200) return refused(told)
  const consultation = told.body as unknown as Consultation
  return {
    values: { paragraphId },
    fields: answerFields,
    data: { consultation },
    changed: consultation.view === null ? [] : ['Your agency has answered this.'],
  }
}

const act: Act = {
  path: '/console/foi/:requestId/consultation',
  title: 'Say what your agency thinks of a disclosure',
  section: 'foi',
  roles: [],
  operationId: 'answerFoiConsultation',
  says: 'A paragraph came from your agency, and another authority was asked for it under the Freedom of Information Act. You say once what your agency thinks; the authority decides.',
  fields: prepare,
  view: 'foi/consultation/answer.njk',
  button: 'Send the answer',
  request: (form, params) => ({
    params: { requestId: params['requestId'] ?? '' },
    body: given({ paragraphId: form.text('paragraphId'), view: form.text('view'), reasons: form.text('reasons') }),
  }),
  done: (_told, form) => `Your agency’s answer is recorded: ${words(form.text('view')).toLowerCase()}.`,
  back: { href: '/console', text: 'What is waiting for you' },
}

const page = makeAct(act)

/** Whom a paragraph came from is asked once, when the authority first decides on it, and answers here; first it may be read here. */
export const answerConsultation: Page = {
  ...page,
  submit: async (request) => {
    const step = request.form.text('_step')
    if (step !== 'why' && step !== 'read') return page.submit!(request)
    const prepared = await prepare(request)
    if (!('fields' in prepared)) return prepared
    return readAsked(request, prepared.data?.['consultation'] as Consultation)
  },
}
