import { agreementStanding, usable } from '../core/agreements/agreement.ts'
import type { Answer } from '../core/answer.ts'
import type { Caller } from '../core/caller.ts'
import type { Policies } from '../core/decision/policy.ts'
import { holdsAt } from '../core/case/relationship.ts'
import type { Standing } from '../core/snapshot.ts'
import { categories, type Category, type Purpose, purposes } from '../core/vocabulary.ts'
import { type ReasonCode } from '../core/decision-vocabulary.ts'
import type { CommitChange } from './commit/change.ts'

/**
 * Operation `myAccess`: what may my agency get, from whom, for which purpose, and if not, why not. It weighs the agreements
 * only; the person, the case and the consent are weighed at each enquiry (or at a preview).
 */
export const myAccess =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller): Promise<Answer> =>
    commitChange(caller, {
      operation: 'myAccess',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      run: ({ standing, at, policies }) =>
        Promise.resolve({
          allowed: true,
          status: 200,
          body: {
            agencyId: standing.agency.id,
            clientId: caller.clientId,
            sub: caller.personSub,
            appointments: standing.appointments
              .filter((one) => holdsAt(one, at))
              .map(({ role, areaId, fromAt, toAt }) => ({ role, areaId, fromAt: fromAt.toISOString(), toAt: toAt?.toISOString() ?? null })),
            categories: categories.flatMap((category) =>
              named(standing, category).map((purpose) => row(standing, { category, purpose, at, policies })),
            ),
          },
        }),
    })

/** Purposes that some version names for this agency and category; the rest is silence, which is a refusal. */
const named = (standing: Standing, category: Category): readonly Purpose[] =>
  purposes.filter((purpose) =>
    standing.agreements.some((version) =>
      version.terms.grants.some(
        (grant) =>
          grant.recipients.includes(standing.agency.id) &&
          grant.purposes.includes(purpose) &&
          grant.categories.some((entry) => entry.id === category),
      ),
    ),
  )

const codes: Partial<Record<string, ReasonCode>> = {
  'not-started': 'isa-not-started',
  lapsed: 'isa-lapsed',
  suspended: 'isa-suspended',
  'party-unsigned': 'isa-party-unsigned',
  terminated: 'isa-terminated',
  'review-overdue': 'isa-review',
  category: 'isa-category',
  purpose: 'isa-purpose',
}

const row = (
  standing: Standing,
  ask: { readonly category: Category; readonly purpose: Purpose; readonly at: Date; readonly policies: Policies },
) => {
  const { category, purpose, at } = ask
  const answer = agreementStanding(standing.agreements, { recipient: standing.agency.id, category, purpose, at })
  if (usable(answer.standing)) {
    const providers = (answer.grant?.providers ?? []).filter((agencyId) => agencyId !== standing.agency.id)
    return { category, purpose, may: true, providers, because: answer.version?.terms.reference ?? '' }
  }
  const code = codes[answer.standing] ?? 'isa-none'
  const words = ask.policies.bundle.reasons[code]
  return { category, purpose, may: false, providers: [], code, because: words.says, nextStep: words.nextStep }
}
