import { makeAct, type Prepared } from '../../../act/make-act.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { publishers } from '../policies.ts'
import { backToTests, inWords, type SavedTest } from './tests.ts'

const fields = [
  { name: 'justification', label: 'Why is it not needed any more?', hint: 'It is shown to whoever publishes rules.', kind: 'long' },
] as const

const prepare = async ({ ask, params }: PageRequest): Promise<Prepared | PageAnswer> => {
  const told = await ask('listPolicyTests')
  if (told.status !== 200) return refused(told)
  const isIt = ({ testId }: { readonly testId: string }): boolean => testId === params['testId']
  const test = (told.body['tests'] as readonly SavedTest[]).find(isIt)
  const retired = (told.body['retired'] as readonly SavedTest[]).some(isIt)
  return {
    fields,
    data: { test: test === undefined ? null : inWords(test) },
    changed: retired ? ['This test has been retired already.'] : [],
  }
}

export const retireTest = makeAct({
  path: '/console/policies/tests/:testId/retire',
  title: 'Retire a saved test',
  section: 'policies',
  roles: publishers,
  operationId: 'retirePolicyTest',
  says: 'Rules are no longer held to it. Whoever publishes rules that were proposed before sees that it was retired, and why.',
  fields: prepare,
  view: 'policies/tests/retire.njk',
  button: 'Retire the test',
  request: (form, params) => ({ params: { testId: params['testId'] ?? '' }, body: { justification: form.text('justification') } }),
  done: ({ body }) => `The test “${String(body['name'])}” is retired.`,
  back: backToTests,
})
