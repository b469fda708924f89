import type { Page, PageRequest } from '../../page.ts'
import { refused } from '../../refused.ts'
import { publishers } from './policies.ts'
import { runTests } from './tests/run/ran.ts'

export const hashOf = (params: PageRequest['params']) => ({ hash: params['hash'] ?? '' })
export const backToProposal = (params: PageRequest['params']) => ({
  href: `/console/policies/${encodeURIComponent(params['hash'] ?? '')}`,
  text: 'The proposed rules',
})

/** A proposal beside the rules in force: what a second officer reads before publishing. */
export const proposal: Page = {
  path: '/console/policies/:hash',
  title: 'Proposed rules',
  section: 'policies',
  roles: publishers,
  open: async (request) => {
    const { ask, params } = request
    const told = await ask('comparePolicy', { params: hashOf(params) })
    if (told.status !== 200) return refused(told)
    const { told: run, ran } = await runTests(request)
    if (ran === null) return refused(run)
    const data = { difference: told.body, ran, at: backToProposal(params).href, entryId: told.entryId }
    return { view: 'policies/proposal.njk', data }
  },
}
