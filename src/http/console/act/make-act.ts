import { randomUUID } from 'node:crypto'
import { Fault } from '../../../core/fault.ts'
import type { Form } from '../doors/read-form.ts'
import type { Asked, Page, PageAnswer, PageRequest, Told } from '../page.ts'
import { refused } from '../refused.ts'
import { answersIn, errorsIn, type Field, type FormError } from './fields.ts'

/** What a form is made of once it was looked up: its questions, what stands in them at first, and what is said beside them. */
export interface Prepared {
  readonly fields: readonly Field[]
  readonly values?: Form['values']
  readonly data?: Readonly<Record<string, unknown>>
  /** What happened since the page was opened, each in a sentence. */
  readonly changed?: readonly string[]
  /** What is typed anew when the page was stale: the version that has been seen now. */
  readonly renewed?: Form['values']
}

/** Something that is changed by a form: asked, read back, and only then done. */
export interface Act extends Pick<Page, 'path' | 'title' | 'section' | 'roles' | 'offers'> {
  readonly operationId: string
  /** What it will do, said before it does it. */
  readonly says: string
  /** Where they depend on what an operation answers, its refusal is the page. */
  readonly fields: readonly Field[] | ((request: PageRequest) => Promise<readonly Field[] | Prepared | PageAnswer>)
  /** A template that extends form.njk, where something has to be read beside the questions. */
  readonly view?: string
  readonly button: string
  readonly request: (form: Form, params: PageRequest['params'], prepared: Prepared) => Asked
  /** What is wrong with the answers that the contract alone would not say before it is too late to change them. */
  readonly faults?: (form: Form, prepared: Prepared) => readonly FormError[]
  /** What is read back, where it is not simply what was typed. */
  readonly answers?: (form: Form, prepared: Prepared) => readonly Answered[]
  /** What would come of it, asked of the gateway when the answers are read back; the view extends check.njk and has it as `foreseen`, null when it cannot be told now. */
  readonly foresees?: {
    readonly operationId: string
    readonly view: string
    readonly request: (form: Form, params: PageRequest['params'], prepared: Prepared) => Asked
  }
  /** What has been done, in one sentence. */
  readonly done: (told: Told, form: Form) => string
  readonly next?: (told: Told, form: Form, prepared: Prepared) => readonly string[]
  /** What one usually does next, a press away. */
  readonly onward?: (form: Form) => Link | null
  /** The page instead of "Done", where the answer is something to read. */
  readonly finish?: (told: Told) => PageAnswer
  readonly back: Link | ((params: PageRequest['params']) => Link)
  /** False: nothing is bound by it, so nobody has to prove themselves again. */
  readonly binds?: boolean
  /** Opened by a form of another page, so that no address names anybody; whoever comes without one is led there. */
  readonly openedFrom?: string
}

/** One line of what is read back before it is done. */
export interface Answered {
  readonly label: string
  readonly text: string
}

interface Link {
  readonly href: string
  readonly text: string
}

/** The page of an act: form, check answers, done. A form that is sent twice acts once, because it carries its own key. */
export const makeAct = (act: Act): Page => ({
  path: act.path,
  title: act.title,
  section: act.section,
  roles: act.roles,
  offers: act.offers,
  binds: act.binds ?? true,
  operationId: act.operationId,
  open: async (request) => {
    if (act.openedFrom !== undefined) return { to: act.openedFrom }
    const prepared = await prepare(act, request)
    if (!('fields' in prepared)) return prepared
    return formView({ act, request, prepared }, { ...prepared.values, ...Object.fromEntries(request.query) }, [])
  },
  submit: async (request) => {
    const prepared = await prepare(act, request)
    if (!('fields' in prepared)) return keepTyped(prepared, wordsIn(request.form))
    const about: Filled = { act, request, prepared }
    const { form } = request
    const step = form.text('_step')
    // `more`: the same form with room for another of what it asks for.
    if (step === 'change' || step === 'more') return formView(about, form.values, [])
    if (step === 'open') return formView(about, { ...prepared.values, ...form.values }, [])
    return step === 'confirm' ? confirmed(about) : checked(about)
  },
})

interface Filled {
  readonly act: Act
  readonly request: PageRequest & { readonly form: Form }
  readonly prepared: Prepared
}

const prepare = async (act: Act, request: PageRequest): Promise<Prepared | PageAnswer> => {
  const made = typeof act.fields === 'function' ? await act.fields(request) : act.fields
  return Array.isArray(made) ? { fields: made as readonly Field[] } : (made as Prepared | PageAnswer)
}

const backOf = ({ back }: Act, { params }: PageRequest): Link => (typeof back === 'function' ? back(params) : back)

const confirmed = async ({ act, request, prepared }: Filled): Promise<PageAnswer> => {
  const { form } = request
  const told = await request.ask(act.operationId, { ...act.request(form, request.params, prepared), key: form.text('_key') })
  const overtaken = told.status === 412 || (told.status === 409 && (prepared.changed ?? []).length > 0)
  if (overtaken) return stale({ act, request, prepared }, told)
  const errors = errorsIn(told, prepared.fields)
  if (errors.length > 0) return formView({ act, request, prepared }, form.values, errors)
  if (told.status >= 400) return keepTyped(refused(told), answersIn(prepared.fields, form))
  if (act.finish !== undefined) return act.finish(told)
  return {
    view: 'done.njk',
    title: `Done: ${act.title.toLowerCase()}`,
    data: {
      ...{ sentence: act.done(told, form), next: act.next?.(told, form, prepared), onward: act.onward?.(form) ?? null },
      ...{ entryId: told.entryId, back: backOf(act, request) },
    },
  }
}

/** What somebody wrote is not lost because it cannot be done any more. */
const keepTyped = (answer: PageAnswer, typed: readonly Answered[]): PageAnswer =>
  'view' in answer ? { ...answer, data: { ...answer.data, typed: typed.filter(({ text }) => text !== '') } } : answer

/** What was written in words, where nobody says any more which questions it answers. */
const wordsIn = ({ values }: Form): readonly Answered[] =>
  Object.entries(values)
    .filter(([name, value]) => !name.startsWith('_') && /\s/.test([value].flat().join('')))
    .map(([, value]) => ({ label: 'You wrote', text: [value].flat().join(', ') }))

/** Somebody else was quicker: what was typed is kept, and what changed meanwhile is said. */
const stale = async ({ act, request }: Filled, told: Told | null): Promise<PageAnswer> => {
  const prepared = await prepare(act, request)
  if (!('fields' in prepared)) return keepTyped(prepared, wordsIn(request.form))
  const changed = prepared.changed ?? []
  const errors =
    changed.length > 0 ? changed : told === null ? [] : [(told.body as { detail?: string }).detail ?? 'This changed meanwhile.']
  const typed = { ...request.form.values, ...prepared.renewed }
  const said = errors.map((text) => ({ text, href: '#main-content', name: '' }))
  return formView({ act, request, prepared }, typed, said)
}

const checked = async (about: Filled): Promise<PageAnswer> => {
  const { act, request, prepared } = about
  if ((prepared.changed ?? []).length > 0) return stale(about, null)
  const faults = act.faults?.(request.form, prepared) ?? []
  const errors =
    faults.length > 0
      ? faults
      : errorsIn(request.check(act.operationId, act.request(request.form, request.params, prepared)), prepared.fields)
  if (errors.length > 0) return formView(about, request.form.values, errors)
  return act.foresees === undefined ? checkView(about, 'check.njk', {}) : foreseen(about, act.foresees)
}

const foreseen = async (about: Filled, { operationId, view, request: asks }: NonNullable<Act['foresees']>): Promise<PageAnswer> => {
  const { request, prepared } = about
  const told = await askIfAble(() => request.ask(operationId, asks(request.form, request.params, prepared)))
  if (told === null) return checkView(about, view, { foreseen: null })
  const wrong = errorsIn(told, prepared.fields)
  if (wrong.length > 0) return formView(about, request.form.values, wrong)
  if (told.status >= 400) return keepTyped(refused(told), answersIn(prepared.fields, request.form))
  return checkView(about, view, { foreseen: told.body, entryId: told.entryId })
}

/** That nothing can be foretold now is no reason to keep anybody from what they came to do: the page says so. */
const askIfAble = async (ask: () => Promise<Told>): Promise<Told | null> => {
  try {
    return await ask()
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'unavailable') return null
    throw thrown
  }
}

const checkView = ({ act, request, prepared }: Filled, view: string, more: PageData): PageAnswer => {
  const { _token, _step, ...typed } = request.form.values
  const values = { ...typed, _key: request.form.text('_key') || randomUUID() }
  const answers = act.answers?.(request.form, prepared) ?? answersIn(prepared.fields, request.form)
  const title = `Check your answers: ${act.title.toLowerCase()}`
  return { view, title, data: { ...prepared.data, ...more, act, answers, values } }
}

type PageData = Readonly<Record<string, unknown>>

type Opened = Omit<Filled, 'request'> & { readonly request: PageRequest }

const formView = ({ act, request, prepared }: Opened, typed: Form['values'], errors: readonly FormError[]): PageAnswer => {
  const about = { ...act, back: backOf(act, request) }
  return {
    view: act.view ?? 'form.njk',
    status: errors.length > 0 ? 422 : 200,
    data: { ...prepared.data, act: about, fields: prepared.fields, values: typed, errors, key: randomUUID() },
  }
}
