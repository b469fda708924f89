import type { Page } from '../../../../page.ts'
import { refused } from '../../../../refused.ts'
import { publishers } from '../../policies.ts'
import { backToProposal } from '../../proposal.ts'
import { runTests } from './ran.ts'

/** Every saved test under the rules in force and under the proposed ones. */
export const testResults: Page = {
  path: '/console/policies/:hash/tests',
  title: 'Saved tests under the proposed rules',
  section: 'policies',
  roles: publishers,
  open: async (request) => {
    const { told, ran } = await runTests(request)
    if (ran === null) return refused(told)
    const back = backToProposal(request.params)
    return { view: 'policies/tests/run/results.njk', data: { ran, back, at: back.href, entryId: told.entryId } }
  },
}
