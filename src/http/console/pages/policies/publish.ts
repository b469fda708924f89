import { makeAct, type Prepared } from '../../act/make-act.ts'
import type { PageAnswer, PageRequest } from '../../page.ts'
import { refused } from '../../refused.ts'
import { instantWords } from '../../view/words.ts'
import { publishers } from './policies.ts'
import { backToProposal, hashOf } from './proposal.ts'

/** What would change is read once more, above the button. */
const prepare = async ({ ask, params }: PageRequest): Promise<Prepared | PageAnswer> => {
  const told = await ask('comparePolicy', { params: hashOf(params) })
  return told.status === 200 ? { fields: [], data: { difference: told.body } } : refused(told)
}

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
  request: (_form, params) => ({ params: hashOf(params) }),
  answers: (_form, { data }) => {
    const { hash, changes } = data?.['difference'] as { readonly hash: string; readonly changes: readonly unknown[] }
    return [
      { label: 'Bundle', text: hash },
      { label: 'Parts that differ', text: String(changes.length) },
    ]
  },
  done: ({ body }) => `The rules are in force since ${instantWords(body['activeSince'])}.`,
  back: (params) => ({ ...backToProposal(params), href: '/console/policies', text: 'Rules of release' }),
})
