import { errorsIn, type Field, type FormError } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { Page, PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { emptyReading, readingFields, readingIn } from '../../log/reading.ts'
import { publishers } from '../policies.ts'
import { backToProposal, hashOf } from '../proposal.ts'
import { type Came, exactly } from '../tests/expected.ts'

const fields: readonly Field[] = [
  { name: 'readEntryId', label: 'Which entry?', hint: 'Its id stands on every page and in every answer.', kind: 'text' },
  ...readingFields,
]

const says = 'An entry of the access log is weighed by the rules in force and by those proposed, each check in its order.'

/** One question that was asked, weighed stage by stage by both bundles. */
export const tryPolicy: Page = {
  path: '/console/policies/:hash/try',
  title: 'Try one question',
  section: 'policies',
  roles: publishers,
  open: ({ params }) => Promise.resolve(trialForm(params, {}, [])),
  submit: async ({ form, ask, params }) => {
    const told = await ask('tryPolicy', { params: hashOf(params), body: { ...readingIn(form), readEntryId: form.text('readEntryId') } })
    const empty = emptyReading(told, form)
    const errors = empty.length > 0 ? empty : errorsIn(told, fields)
    if (errors.length > 0) return trialForm(params, form.values, errors)
    if (told.status !== 200) return refused(told)
    const about = { readEntryId: form.text('readEntryId'), ...readingIn(form) }
    const lines = (told.body['lines'] as readonly Line[]).map((line) => ({ ...sideBySide(line), kept: { ...about, ...kept(line) } }))
    const data = { trial: told.body, lines, back: backToProposal(params) }
    return {
      view: 'policies/trials/trial.njk',
      title: 'One question under both rules',
      data: { ...data, entryId: told.entryId, marking: 'official-sensitive' },
    }
  },
}

interface Stage {
  readonly stage: string
  readonly title: string
  readonly outcome: string
  readonly rules: readonly { readonly ruleId: string; readonly cites: string }[]
}
interface Weighed {
  readonly permitted: boolean
  readonly fields: readonly string[]
  readonly stages: readonly Stage[]
}
interface Line {
  readonly category: string
  readonly supplier: string | null
  readonly inForce: Weighed
  readonly proposed: Weighed
}

/** What a saved test of this line would be of, and how it came out. */
const kept = ({ category, supplier, inForce, proposed }: Line) => ({
  ...{ category, supplierAgencyId: supplier ?? '' },
  ...{ inForce: exactly(cameOf(inForce)), proposed: exactly(cameOf(proposed)) },
})

/** Of a refusal the first stage that refuses is the one that is told. */
const cameOf = ({ permitted, fields, stages }: Weighed): Came => {
  const first = stages.find(({ outcome }) => outcome === 'refused')?.rules[0]
  return { outcome: permitted ? 'released' : 'refused', fields, ruleIds: first === undefined ? [] : [first.ruleId] }
}

/** Both in one order: a stage that only one of them has stands where that one has it. */
const sideBySide = (line: Line) => {
  const keyOf = ({ stage, title }: Stage): string => `${stage} ${title}`
  const keys = [...new Set([...line.proposed.stages, ...line.inForce.stages].map(keyOf))]
  const stages = keys.map((key) => {
    const sides = [line.inForce, line.proposed].map((side) => {
      const found = side.stages.find((one) => keyOf(one) === key) ?? null
      // What only permits is not come to where something else refused.
      return found?.outcome === 'passed' && found.rules.length === 0 && !side.permitted ? { ...found, outcome: 'not-reached' } : found
    })
    const [inForce, proposed] = [sides[0] ?? null, sides[1] ?? null]
    const { stage, title } = (proposed ?? inForce)!
    const weighed = sides.every((side) => side?.outcome !== 'not-reached')
    return { stage, title, inForce, proposed, differs: weighed && inForce?.outcome !== proposed?.outcome }
  })
  return { ...line, stages }
}

const trialForm = (params: PageRequest['params'], values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'policies/trials/ask-why.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { says, button: 'Try it', fields, values, errors, back: backToProposal(params) },
})
