import { makeAct, type Prepared } from '../../act/make-act.ts'
import type { PageAnswer, PageRequest } from '../../page.ts'
import { refused } from '../../refused.ts'
import { instantWords } from '../../view/words.ts'
import { publishers } from './policies.ts'
import { backToProposal, hashOf } from './proposal.ts'

/** What would change is read once more, above the button. */
const prepare = async ({ ask, params, form }: PageRequest): Promise<Prepared | PageAnswer> => {
  const told = await ask('comparePolicy', { params: hashOf(params) })
  if (told.status !== 200) return refused(told)
  const against = String(told.body['against'])
  const seen = form?.text('against') ?? ''
  return {
    fields: [{ name: 'against', label: 'Compared with', kind: 'hidden' }],
    values: { against },
    data: { difference: told.body },
    renewed: { against },
    changed: seen === '' || seen === against ? [] : [comparedAnew],
  }
}

const comparedAnew = 'Other rules were published since you opened this page. Nothing has been published by you; read what differs now.'

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
  request: (form, params) => ({ params: hashOf(params), ifMatch: `"${form.text('against')}"` }),
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
