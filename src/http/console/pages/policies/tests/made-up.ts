import { factNames, factVocabulary } from '../../../../../core/facts.ts'
import { categories } from '../../../../../core/vocabulary.ts'
import { type Field, given, type Option, options } from '../../../act/fields.ts'
import { makeAct, type Prepared } from '../../../act/make-act.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { PageRequest } from '../../../page.ts'
import { words } from '../../../view/words.ts'
import { publishers } from '../policies.ts'
import { expectedField, expectedIn, nameField } from './expected.ts'
import { backToTests } from './tests.ts'

/** As many facts as one case may vary here. */
const MOST_FACTS = 12

/** Every value that a fact may have, each a choice of its own: two lists of which the second hangs on the first would need a script. */
const factOptions: readonly Option[] = factNames
  .filter((name) => name !== 'category')
  .flatMap((name) =>
    factVocabulary[name].map((value) => ({ value: `${name} ${value}`, text: `${words(name)}: ${words(value).toLowerCase()}` })),
  )

const nameAt = (place: number): string => (place === 0 ? 'fact' : `fact-${place + 1}`)
const places = Array.from({ length: MOST_FACTS }, (_, place) => place)
const chosenIn = (form: Form): readonly string[] => places.map((place) => form.text(nameAt(place))).filter((value) => value !== '')

const factFields = (form: Form | null): readonly Field[] => {
  const last = form === null ? -1 : places.findLast((place) => form.text(nameAt(place)) !== '')
  const shown = Math.min(MOST_FACTS, Math.max(2, (last ?? -1) + 1 + (form?.text('_step') === 'more' ? 1 : 0)))
  return places.slice(0, shown).map((place) => ({
    ...{ name: nameAt(place), kind: 'select', options: factOptions, optional: true, pointer: place === 0 ? '/facts' : [] },
    label: place === 0 ? 'What is different from a request with nothing wrong with it?' : `What else is different? (${place + 1})`,
  }))
}

const factsIn = (form: Form): Readonly<Record<string, string>> =>
  Object.fromEntries(chosenIn(form).map((one) => one.split(' ', 2) as [string, string]))

const prepare = async ({ form, rules }: PageRequest): Promise<Prepared> => {
  const known = (await rules()).map(({ ruleId, cites }) => ({ value: ruleId, text: `${ruleId}: ${cites}` }))
  const facts = factFields(form)
  return {
    fields: [
      nameField,
      { name: 'category', label: 'Which information?', kind: 'select', options: options(categories, words) },
      ...facts,
      expectedField(),
      { name: 'ruleId', label: 'By which rule is it refused?', kind: 'select', options: known, optional: true, pointer: '/expects/ruleId' },
    ],
    data: { another: facts.length < MOST_FACTS },
  }
}

/** The same fact twice would be one of the two unseen. */
const twice = (form: Form) => {
  const names = chosenIn(form).map((one) => one.split(' ')[0]!)
  const found = names.find((name, place) => names.indexOf(name) !== place)
  return found === undefined ? [] : [{ name: nameAt(0), href: `#${nameAt(0)}`, text: `${words(found)} is given twice` }]
}

const ruleOfRelease = (form: Form) =>
  form.text('ruleId') === '' || form.text('expected') !== 'released'
    ? []
    : [{ name: 'ruleId', href: '#ruleId', text: 'A rule is named where something is refused' }]

/** A case that nobody asked: what differs from a request with nothing wrong with it, and what should be decided. */
export const saveMadeUp = makeAct({
  path: '/console/policies/tests/new',
  title: 'Save a made-up case',
  section: 'policies',
  roles: publishers,
  operationId: 'savePolicyTest',
  says: 'Rules that are proposed will be held to this case before they are published. It is about nobody.',
  fields: prepare,
  view: 'policies/tests/made-up.njk',
  button: 'Save the test',
  binds: false,
  faults: (form) => [...twice(form), ...ruleOfRelease(form)],
  request: (form) => ({
    body: { ...given({ name: form.text('name'), category: form.text('category') }), facts: factsIn(form), expects: expectedIn(form) },
  }),
  done: (_told, form) => `The test “${form.text('name')}” is saved.`,
  back: backToTests,
})
