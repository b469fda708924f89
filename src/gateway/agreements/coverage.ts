import { coverageOf } from '../../core/agreements/agreement-coverage.ts'
import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { AgreementUses } from './agreement-uses.ts'

/** What the caller's agency may receive, category by purpose: from whom, under which agreement, until when; and the gaps. */
export const agreementCoverage =
  (uses: Pick<AgreementUses, 'commitChange'>) =>
  (caller: Caller, _request: OperationRequest): Promise<Answer> =>
    uses.commitChange(caller, {
      operation: 'agreementCoverage',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      run: ({ standing, at }) => {
        const { covered, gaps } = coverageOf(standing.agreements, standing.agency.id, at)
        const rows = covered.map(({ until, ...row }) => ({ ...row, until: until?.toISOString() ?? null }))
        return Promise.resolve({ allowed: true, status: 200, body: { agencyId: standing.agency.id, covered: rows, gaps } })
      },
    })
