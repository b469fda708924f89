import type { Page } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { publishers } from '../policies.ts'
import { type Expected, saidExpected } from './expected.ts'

export interface SavedTest {
  readonly testId: string
  readonly name: string
  readonly category: string
  readonly expects: Expected
}

export const backToTests = { href: '/console/policies/tests', text: 'Saved tests' }

/** A test with what it expects in words. */
export const inWords = <Test extends SavedTest>(test: Test) => ({ ...test, expected: saidExpected(test.expects) })

/** The cases that rules are held to before they are published. */
export const savedTests: Page = {
  path: '/console/policies/tests',
  title: 'Saved tests',
  section: 'policies',
  roles: publishers,
  open: async ({ ask }) => {
    const told = await ask('listPolicyTests')
    if (told.status !== 200) return refused(told)
    const tests = (told.body['tests'] as readonly SavedTest[]).map(inWords)
    return { view: 'policies/tests/tests.njk', data: { tests, retired: told.body['retired'], entryId: told.entryId } }
  },
}
