import type { PageRequest, Told } from '../../../../page.ts'
import type { Came } from '../expected.ts'
import { inWords, type SavedTest } from '../tests.ts'

type Checked = Came & { readonly result: 'passed' | 'failed' | 'gone' }
export interface RanTest extends SavedTest {
  readonly inForce: Checked
  readonly proposed: Checked
  readonly changes: boolean
}

/** Every saved test under the proposed rules, as pages show them; or the refusal. */
export const runTests = async ({ ask, params }: Pick<PageRequest, 'ask' | 'params'>) => {
  const told = await ask('runPolicyTests', { params: { hash: params['hash'] ?? '' } })
  return told.status === 200 ? { told, ran: ranIn(told) } : { told, ran: null }
}

const ranIn = ({ body }: Told) => {
  const results = (body['results'] as readonly RanTest[]).map(inWords)
  // What fails is read first, then what comes out otherwise than before.
  const weight = ({ proposed, changes }: RanTest): number => (proposed.result === 'passed' ? 0 : 2) + (changes ? 1 : 0)
  return {
    results: results.toSorted((one, other) => weight(other) - weight(one)),
    failing: results.filter(({ proposed }) => proposed.result !== 'passed'),
    changed: body['changed'],
    retiredSince: body['retiredSince'] as readonly unknown[],
  }
}
