import type { Answer, OperationRequest } from '../../core/answer.ts'
import { relationshipTo } from '../../core/case/relationship.ts'
import type { Caller } from '../../core/caller.ts'
import type { Subject } from '../../core/snapshot.ts'
import type { LegalGateway, Purpose } from '../../core/vocabulary.ts'
import { type Copy, hasSupplied, listCopies as readCopies, listHolders } from '../../db/copies/copy-graph.ts'
import { readFacts } from '../../db/facts.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import { holdsRole } from '../roles.ts'
import { areasHeld, lineAt, lineCursor, watchesAll } from './watching.ts'

interface CopiesBody {
  readonly purpose?: Purpose | null
  readonly legalGateway?: LegalGateway | null
  readonly justification?: string | null
  readonly cursor?: string | null
  readonly limit?: number
}

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const shielded: Refusal = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'copies-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
}

const needToKnow: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R13', ruleId: 'copies-by-chair-officer-supplier', cites: 'DPA 2018 s.37 and s.48(9); R45' },
}

const incomplete: Refusal = {
  allowed: false,
  status: 422,
  reason: { code: 'request-incomplete', stage: 'R4', ruleId: 'copies-complete', cites: 'DPA 2018 ss.36-37; R4' },
}

const otherPurpose: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'purpose-incompatible', stage: 'R9', ruleId: 'copies-purpose', cites: 'DPA 2018 s.36, s.45(2)(c) and s.48(9); R45' },
}

/** Operation `listCopies`: who holds what about a person, from which release and through whose hands, and what was asked back (R45). */
export const listCopies =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = (request.params.offenderId ?? '').toLowerCase()
    const body = request.body as CopiesBody
    const { purpose = null, legalGateway = null, justification = null } = body
    return commitChange(caller, {
      operation: 'listCopies',
      event: 'consultation',
      offenderId,
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { purpose, legalGateway, justification },
      run: (context) => list(context, offenderId, body),
    })
  }

const list = async (context: ChangeContext, offenderId: string, body: CopiesBody): Promise<ChangeOutcome<object>> => {
  const { tx, policies } = context
  const { subjects } = await readFacts(tx, { offenderIds: [offenderId], agencyIds: [], categories: [] })
  const view = await viewOf(context, offenderId, subjects.get(offenderId) ?? null)
  if ('allowed' in view) return view
  const refused = unfounded(body, policies.bundle.change?.disclosure?.recall?.purposes ?? [])
  if (refused !== null) return refused
  const { limit = 100 } = body
  const rows = await readCopies(tx, { offenderId, ...view, after: lineAt(body.cursor), limit: limit + 1 })
  const page = rows.slice(0, limit)
  const holders = await listHolders(tx, { offenderId, ...view })
  const nextCursor = rows.length > limit ? lineCursor(page.at(-1)!) : null
  const suppliedBy = view.supplierAgencyId
  return {
    ...{ allowed: true, status: 200, detail: { suppliedBy, told: page.length } },
    body: {
      ...{ offenderId, suppliedBy, holders, copies: page.map(shown), nextCursor },
      releases: holders.reduce((sum, { releases }) => sum + releases, 0),
    },
  }
}

/** The chair and the partnership's officers see every copy; an agency's own officers see what it supplied, and what became of it. */
const viewOf = async (
  { tx, standing, at }: ChangeContext,
  offenderId: string,
  subject: Subject | null,
): Promise<{ readonly supplierAgencyId: string | null } | Refusal> => {
  if (subject === null) return shielded
  const inCohort = subject.basis === 'cohort'
  const chairs = inCohort && areasHeld(standing, ['chair'], at).includes(subject.areaId)
  if (watchesAll(standing, at) || chairs) return { supplierAgencyId: null }
  const own = standing.agency.id
  if (holdsRole(standing, ['ig-officer', 'dpo', 'spoc'], at) && (await hasSupplied(tx, { offenderId, agencyId: own })))
    return { supplierAgencyId: own }
  return inCohort && relationshipTo(standing, subject, at).relationship !== 'none' ? needToKnow : shielded
}

const unfounded = (body: CopiesBody, purposes: readonly Purpose[]): Refusal | null => {
  const { purpose = null, legalGateway = null, justification = null } = body
  if (purpose === null || legalGateway === null || (justification ?? '').trim() === '') return incomplete
  return purposes.includes(purpose) ? null : otherPurpose
}

const shown = ({ releasedAt, noticeId, returned, ...copy }: Copy) => ({
  ...copy,
  releasedAt: releasedAt.toISOString(),
  ...{ noticeId, state: noticeId === null ? 'held' : (returned ?? 'asked-back') },
})
