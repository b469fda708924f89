import type { Field, FormError } from '../../act/fields.ts'
import { given } from '../../act/fields.ts'
import { makeAct, type Prepared } from '../../act/make-act.ts'
import type { Form } from '../../doors/read-form.ts'
import type { PageAnswer, PageRequest } from '../../page.ts'
import { refused } from '../../refused.ts'
import { instantWords } from '../../view/words.ts'
import { publishers } from './policies.ts'
import { backToProposal, hashOf } from './proposal.ts'
import { runTests } from './tests/run/ran.ts'
import type { SavedTest } from './tests/tests.ts'

const carried: readonly Field[] = [
  { name: 'against', label: 'Compared with', kind: 'hidden' },
  { name: 'acceptedTestIds', label: 'Tests that fail', kind: 'hidden' },
]
const why: Field = {
  ...{ name: 'justification', label: 'Why are these rules published although saved tests fail under them?', kind: 'long' },
  hint: 'In your own words. It is kept in the access log, with which tests fail.',
}

/** What would change is read once more, above the button, and how the saved tests come out. */
const prepare = async (request: PageRequest): Promise<Prepared | PageAnswer> => {
  const { ask, params, form } = request
  const told = await ask('comparePolicy', { params: hashOf(params) })
  if (told.status !== 200) return refused(told)
  const { told: run, ran } = await runTests(request)
  if (ran === null) return refused(run)
  const against = String(told.body['against'])
  const acceptedTestIds = ran.failing.map(({ testId }) => testId)
  return {
    fields: ran.failing.length === 0 ? carried : [...carried, why],
    values: { against, acceptedTestIds },
    data: { difference: told.body, ran },
    renewed: { against, acceptedTestIds },
    changed: form === null ? [] : changedSince(form, { against, acceptedTestIds }),
  }
}

const changedSince = (form: Form, now: { readonly against: string; readonly acceptedTestIds: readonly string[] }): readonly string[] => {
  const seen = form.text('against')
  if (seen === '') return []
  if (seen !== now.against) return [comparedAnew]
  const read = new Set(form.all('acceptedTestIds'))
  return now.acceptedTestIds.every((id) => read.has(id)) ? [] : [othersFail]
}

const comparedAnew = 'Other rules were published since you opened this page. Nothing has been published by you; read what differs now.'
const othersFail = 'Other saved tests fail than when you opened this page. Nothing has been published; read which.'

const failingIn = ({ data }: Prepared): readonly SavedTest[] => (data?.['ran'] as { readonly failing: readonly SavedTest[] }).failing

const unexplained = (form: Form, prepared: Prepared): readonly FormError[] =>
  failingIn(prepared).length === 0 || form.text('justification') !== ''
    ? []
    : [{ name: why.name, href: `#${why.name}`, text: `Enter an answer: ${why.label}` }]

export const publishPolicy = makeAct({
  path: '/console/policies/:hash/publish',
  title: 'Publish the proposed rules',
  section: 'policies',
  roles: publishers,
  operationId: 'approvePolicy',
  says: 'From then on every decision, on every instance, is made by these rules. Whoever proposed them may not publish them.',
  fields: prepare,
  view: 'policies/publish.njk',
  button: 'Publish',
  faults: unexplained,
  request: (form, params) => ({
    ...{ params: hashOf(params), ifMatch: `"${form.text('against')}"` },
    body: {
      ...given({ justification: form.text('justification') }),
      ...(form.all('acceptedTestIds').some((id) => id !== '') ? { acceptedTestIds: form.all('acceptedTestIds') } : {}),
    },
  }),
  answers: (form, prepared) => {
    const { hash, changes } = prepared.data?.['difference'] as { readonly hash: string; readonly changes: readonly unknown[] }
    const failing = failingIn(prepared)
    return [
      { label: 'Bundle', text: hash },
      { label: 'Parts that differ', text: String(changes.length) },
      { label: 'Saved tests that fail', text: failing.length === 0 ? 'None' : failing.map(({ name }) => name).join(', ') },
      ...(failing.length === 0 ? [] : [{ label: why.label, text: form.text('justification') }]),
    ]
  },
  done: ({ body }) => `The rules are in force since ${instantWords(body['activeSince'])}.`,
  back: (params) => ({ ...backToProposal(params), href: '/console/policies', text: 'Rules of release' }),
})
