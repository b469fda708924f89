import { formOf, type Form } from '../../../doors/read-form.ts'
import { type Act, makeAct } from '../../../act/make-act.ts'
import type { Page } from '../../../page.ts'
import { publishers } from '../policies.ts'
import { gather, type Gathered } from './gathered.ts'

/** A folder of rules with its tests, or one text as a browser sends it along to be read back. */
const MOST_BYTES = 1536 * 1024

const back = { href: '/console/policies', text: 'Rules of release' }

const actOn = (gathered: Gathered | null): Act => ({
  path: '/console/policies/propose',
  title: 'Propose rules',
  section: 'policies',
  roles: publishers,
  operationId: 'proposePolicy',
  says: 'Nothing is decided by them until another officer publishes them; until then they are compared, tried and held to the saved tests.',
  fields: [
    {
      name: 'justification',
      label: 'Why are they proposed?',
      hint: 'In your own words. It is kept in the access log.',
      kind: 'long',
      optional: true,
    },
    {
      name: 'bundle',
      label: 'The rules as one text',
      hint: 'YAML or JSON, with stages, categories and reasons.',
      kind: 'long',
      optional: true,
    },
  ],
  view: 'policies/propose/propose.njk',
  button: 'Propose them',
  faults: () => (gathered !== null && 'errors' in gathered ? gathered.errors : []),
  request: (form) => ({
    body: {
      bundle: gathered !== null && 'bundle' in gathered ? gathered.bundle : {},
      ...(form.text('justification') === '' ? {} : { justification: form.text('justification') }),
    },
  }),
  answers: (form) => [
    ...(gathered !== null && 'bundle' in gathered ? counted(gathered) : []),
    { label: 'Why they are proposed', text: form.text('justification') },
  ],
  done: ({ body }) => `The rules are proposed as bundle ${String(body['hash'])}. Another officer publishes them.`,
  onward: () =>
    gathered !== null && 'hash' in gathered
      ? { href: `/console/policies/${encodeURIComponent(gathered.hash)}`, text: 'See what differs from the rules in force' }
      : null,
  back,
})

const counted = ({ bundle, hash }: Extract<Gathered, { bundle: object }>) => {
  const stages = [...bundle.stages, ...(bundle.disclose ?? [])]
  const rules = stages.reduce((sum, stage) => sum + stage.rules.length, 0)
  return [
    { label: 'Bundle', text: hash },
    { label: 'What is in it', text: `${stages.length} stages with ${rules} rules, ${bundle.categories.length} categories` },
  ]
}

/** From then on it is the one text, whichever way it came. */
const asText = (form: Form, gathered: Gathered): Form => {
  const typed = Object.entries(form.values).filter(([name]) => name !== 'bundle')
  const sent = new URLSearchParams(typed.flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])))
  sent.set('bundle', gathered.text)
  // What cannot be proposed is shown again with what is wrong, whichever button sent it.
  if ('errors' in gathered && sent.get('_step') === 'confirm') sent.delete('_step')
  return { ...formOf(sent), spoiled: form.spoiled }
}

/** Rules brought by hand: read, checked line by line, and only then proposed; nothing that is wrong is kept. */
export const proposePolicy: Page = {
  ...makeAct(actOn(null)),
  takesBytes: MOST_BYTES,
  submit: (request) => {
    const gathered = gather(request.form)
    return makeAct(actOn(gathered)).submit!({ ...request, form: asText(request.form, gathered) })
  },
}
