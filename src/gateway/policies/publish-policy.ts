import type { Answer, OperationRequest } from '../../core/answer.ts'
import { type PolicyBundle, bundleProblems } from '../../core/decision/bundle.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { compilePolicies, engineVersion } from '../../core/decision/policy.ts'
import {
  activatePolicy,
  approveProposal,
  findActivePolicyHash,
  findOpenProposal,
  findPolicyBundle,
  insertProposal,
  listPublications,
  storePolicyBundle,
} from '../../db/registry/policies.ts'
import type { CommitChange } from '../commit/change.ts'
import { newId } from '../new-id.ts'
import { isPartnershipOfficer, notAppointed } from '../roles.ts'
import { type Acceptance, holdToTests } from './simulate/tests/accept-failing.ts'

interface Uses {
  readonly commitChange: CommitChange
  readonly bundleHash: (bundle: PolicyBundle) => string
}

/** Officers of the partnership who propose rules and approve each other's. */
export const mayPublish = ['ig-officer', 'isa-registrar'] as const

/** Operation `listPolicies`: which rules are in force, and who put them there. */
export const listPolicies =
  (uses: Uses) =>
  (caller: Caller): Promise<Answer> =>
    uses.commitChange(caller, {
      operation: 'listPolicies',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      run: async ({ tx }) => {
        const active = await findActivePolicyHash(tx)
        const publications = await listPublications(tx)
        const known = publications.map((one) => ({
          hash: one.hash,
          active: one.hash === active,
          state: one.approvedAt === null ? 'proposed' : one.hash === active ? 'active' : 'replaced',
          proposedAt: one.proposedAt.toISOString(),
          proposedByAgencyId: one.proposedByAgency,
          approvedAt: one.approvedAt?.toISOString() ?? null,
        }))
        // The bundle shipped with the gateway was published by nobody: it has no proposal.
        const shipped = active === null || known.some((one) => one.active) ? [] : [{ hash: active, active: true, state: 'active' }]
        return { allowed: true, status: 200, body: { policies: [...shipped, ...known], nextCursor: null } }
      },
    })

/** Operation `proposePolicy`: a whole bundle, checked rule by rule; nothing changes until another officer approves it. */
export const proposePolicy =
  (uses: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { bundle, justification } = request.body as { bundle: PolicyBundle; justification?: string | null }
    return uses.commitChange(caller, {
      operation: 'proposePolicy',
      event: 'policy-changed',
      locks: [],
      idempotencyKey: request.idempotencyKey,
      ...(justification == null ? {} : { detail: { justification } }),
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, mayPublish, at)) return { allowed: false, reason: notAppointed }
        const problems = problemsOf(bundle)
        if (problems.length > 0) throw new Fault('invalid', 'This bundle cannot be used.', { details: problems })
        const hash = uses.bundleHash(bundle)
        await storePolicyBundle(tx, { hash, engine: engineVersion, content: bundle })
        await insertProposal(tx, { id: newId(), hash, agencyId: caller.agencyId, personSub: caller.personSub! })
        return { allowed: true, status: 201, body: { hash }, detail: { hash } }
      },
    })
  }

const problemsOf = (bundle: PolicyBundle): Fault['details'] => {
  try {
    const found = bundleProblems(bundle).map(({ path, message }) => ({ path: `/bundle/${path.join('/')}`, message }))
    if (found.length === 0) compilePolicies(bundle)
    return found.slice(0, 50)
  } catch {
    return [{ path: '/bundle', message: 'is not a policy bundle: it needs stages, categories and reasons' }]
  }
}

/** Operation `approvePolicy`, by a second officer (R42): from the answer on, every instance decides by the new bundle. */
export const approvePolicy =
  (uses: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const hash = request.params.hash!
    const acceptance = (request.body ?? {}) as Acceptance
    const { justification } = acceptance
    return uses.commitChange(caller, {
      operation: 'approvePolicy',
      event: 'policy-changed',
      locks: [{ class: 'policy' }],
      idempotencyKey: request.idempotencyKey,
      detail: { hash, ...(justification == null ? {} : { justification }) },
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, mayPublish, at)) return { allowed: false, reason: notAppointed }
        const proposal = await findOpenProposal(tx, hash)
        const bundle = await findPolicyBundle(tx, hash)
        if (proposal === null || bundle === null) throw new Fault('not-found', 'There is no open proposal of this bundle.')
        if (proposal.proposedByPerson === caller.personSub && proposal.proposedByAgency === caller.agencyId) {
          return { allowed: false, reason: twoOfficers }
        }
        const proposed = compilePolicies(bundle)
        const before = await findActivePolicyHash(tx)
        // What was compared is what is replaced: rules published since are not undone unseen.
        if (request.ifMatch !== null && request.ifMatch !== `"${before}"`)
          throw new Fault('precondition-failed', 'Other rules were published since you compared these. Compare them again.')
        const held = await holdToTests(tx, proposed, acceptance)
        if ('refused' in held) return held.refused
        await approveProposal(tx, { id: proposal.id, agencyId: caller.agencyId, personSub: caller.personSub! })
        await activatePolicy(tx, hash)
        return { allowed: true, status: 200, body: { hash, activeSince: at.toISOString() }, detail: { before, ...held } }
      },
    })
  }

const twoOfficers = {
  code: 'self-approval',
  stage: 'R42',
  ruleId: 'policy-two-officers',
  cites: 'R41, R42: whoever proposes does not approve',
} as const
