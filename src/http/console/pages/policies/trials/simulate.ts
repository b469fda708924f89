import { errorsIn, type Field, type FormError } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { Page, PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { emptyReading, readingFields, readingIn } from '../../log/reading.ts'
import { publishers } from '../policies.ts'
import { backToProposal, hashOf } from '../proposal.ts'

const daysField: Field = {
  name: 'days',
  label: 'How many days back?',
  hint: 'From 1 to 366. At most the newest 50,000 entries are looked at.',
  kind: 'text',
}
const fields = [...readingFields, daysField]

interface MovedRow {
  readonly movement: 'loses' | 'gains' | 'less' | 'more'
}

const says = 'What was asked is decided again by the rules in force and by those proposed, on the facts that the access log holds.'

/** Who would gain and who would lose by the proposed rules, found by deciding again what was asked of late. */
export const simulatePolicy: Page = {
  path: '/console/policies/:hash/simulate',
  title: 'Who would gain and who would lose',
  section: 'policies',
  roles: publishers,
  open: ({ params }) => Promise.resolve(simulationForm(params, { days: '30' }, [])),
  submit: async ({ form, ask, params }) => {
    const days = form.text('days')
    const asked = { ...readingIn(form), ...(days === '' ? {} : { days: /^\d{1,4}$/.test(days) ? Number(days) : days }) }
    const told = await ask('simulatePolicy', { params: hashOf(params), body: asked })
    const empty = emptyReading(told, form)
    const errors = empty.length > 0 ? empty : errorsIn(told, fields)
    if (errors.length > 0) return simulationForm(params, form.values, errors)
    if (told.status !== 200) return refused(told)
    const rows = told.body['rows'] as readonly MovedRow[]
    const only = (...movements: readonly MovedRow['movement'][]) => rows.filter(({ movement }) => movements.includes(movement))
    return {
      view: 'policies/trials/simulation.njk',
      data: {
        ...{ simulation: told.body, losses: only('loses', 'less'), gains: only('gains', 'more'), reading: readingIn(form) },
        ...{ at: backToProposal(params).href, back: backToProposal(params), entryId: told.entryId },
      },
    }
  },
}

const simulationForm = (params: PageRequest['params'], values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'policies/trials/ask-why.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { says, button: 'Simulate', fields, values, errors, back: backToProposal(params) },
})
