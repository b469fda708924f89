import { randomUUID } from 'node:crypto'
import type { Form } from '../doors/read-form.ts'
import type { Asked, Page, PageAnswer, PageRequest, Told } from '../page.ts'
import { refused } from '../refused.ts'
import { answersIn, errorsIn, type Field, type FormError } from './fields.ts'

/** Something that is changed by a form: asked, read back, and only then done. */
export interface Act extends Pick<Page, 'path' | 'title' | 'section' | 'roles' | 'offers'> {
  readonly operationId: string
  /** What it will do, said before it does it. */
  readonly says: string
  readonly fields: readonly Field[] | ((request: PageRequest) => Promise<readonly Field[]>)
  readonly button: string
  readonly request: (form: Form, params: PageRequest['params']) => Asked
  /** What has been done, in one sentence. */
  readonly done: (told: Told, form: Form) => string
  readonly back: { readonly href: string; readonly text: string }
}

/** The page of an act: form, check answers, done. A form that is sent twice acts once, because it carries its own key. */
export const makeAct = (act: Act): Page => ({
  path: act.path,
  title: act.title,
  section: act.section,
  roles: act.roles,
  offers: act.offers,
  binds: true,
  open: async (request) => formView(act, await fieldsOf(act, request), Object.fromEntries(request.query), []),
  submit: async (request) => {
    const { form } = request
    const fields = await fieldsOf(act, request)
    const step = form.text('_step')
    if (step === 'change') return formView(act, fields, form.values, [])
    const asked = act.request(form, request.params)
    if (step !== 'confirm') return checked(act, { request, fields, asked })
    const told = await request.ask(act.operationId, { ...asked, key: form.text('_key') })
    const errors = errorsIn(told, fields)
    if (errors.length > 0) return formView(act, fields, form.values, errors)
    if (told.status >= 400) return refused(told)
    return {
      view: 'done.njk',
      title: `Done: ${act.title.toLowerCase()}`,
      data: { sentence: act.done(told, form), entryId: told.entryId, back: act.back },
    }
  },
})

const fieldsOf = (act: Act, request: PageRequest): Promise<readonly Field[]> =>
  typeof act.fields === 'function' ? act.fields(request) : Promise.resolve(act.fields)

interface Checked {
  readonly request: PageRequest & { readonly form: Form }
  readonly fields: readonly Field[]
  readonly asked: Asked
}

const checked = (act: Act, { request, fields, asked }: Checked): PageAnswer => {
  const errors = errorsIn(request.check(act.operationId, asked), fields)
  if (errors.length > 0) return formView(act, fields, request.form.values, errors)
  const { _token, _step, ...typed } = request.form.values
  const values = { ...typed, _key: request.form.text('_key') || randomUUID() }
  return {
    view: 'check.njk',
    title: `Check your answers: ${act.title.toLowerCase()}`,
    data: { act, answers: answersIn(fields, request.form), values },
  }
}

const formView = (act: Act, fields: readonly Field[], typed: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'form.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { act, fields, values: typed, errors, key: randomUUID() },
})
