import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { AgreementTerms } from '../../core/snapshot.ts'
import { insertVersion } from '../../db/registry/agreements.ts'
import type { RegisteredAgreement } from '../../db/registry/agreements.ts'
import { agreementIdIn, findPartiesToLock, getLockedAgreement, partiesOf, textIn } from './agreement-uses.ts'
import type { AgreementUses } from './agreement-uses.ts'
import { agencyLocks, alreadyTerminated, mayDraft, notAuthorised } from './authority.ts'
import { acceptTerms, partiesIn, termsDetail, termsIn } from './draft-agreement.ts'
import { parseTerms } from './parse-terms.ts'
import { termsHash } from './terms-hash.ts'

/** Adds a version to an agreement, unsigned. The version in force stays in force until every party has signed the new one. */
export const draftAgreementVersion =
  (uses: AgreementUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agreementId = agreementIdIn(request.params)
    const parsed = parseTerms(termsIn(request.body))
    const locked = [...(await findPartiesToLock(uses.db, agreementId)), ...partiesIn(parsed)]
    return uses.commitChange(caller, {
      operation: 'draftAgreementVersion',
      event: 'isa-changed',
      locks: agencyLocks(locked),
      idempotencyKey: request.idempotencyKey,
      detail: { agreementId, ...termsDetail(parsed), justification: textIn(request.body, 'justification') },
      async run(context) {
        const agreement = await getLockedAgreement(context.tx, agreementId, locked)
        // Whoever may only be a party by the new terms has no say in an agreement of others.
        if (!mayDraft(context, partiesOf(agreement))) return notAuthorised('draft-by-registrar-or-signatory')
        if (agreement.terminatedAt !== null) return alreadyTerminated
        requireNewest(request.ifMatch, agreement)
        const terms = await acceptTerms(context.tx, parsed)
        const draft = { agreementId: agreement.agreementId, version: nextVersion(agreement), hash: newHash(agreement, terms) }
        await insertVersion(context.tx, { ...draft, terms, draftedBy: { agencyId: caller.agencyId, personSub: caller.personSub! } })
        return { allowed: true, status: 201, body: { ...draft, reference: terms.reference, state: 'draft' }, detail: draft }
      },
    })
  }

const newestOf = ({ versions }: Pick<RegisteredAgreement, 'versions'>): number => Math.max(...versions.map(({ version }) => version))
export const nextVersion = (agreement: RegisteredAgreement): number => newestOf(agreement) + 1

/** Names the newest version of an agreement. */
export const etagOfAgreement = (agreement: Pick<RegisteredAgreement, 'versions'>): string => `"${newestOf(agreement)}"`

/** A draft rests on the version before it: whoever names the one they read does not draft over another's unseen. */
const requireNewest = (ifMatch: string | null, agreement: RegisteredAgreement): void => {
  if (ifMatch !== null && ifMatch !== etagOfAgreement(agreement))
    throw new Fault('precondition-failed', `Version ${newestOf(agreement)} was drafted since you read the agreement. Read it again.`)
}

const newHash = ({ reference, versions }: RegisteredAgreement, terms: AgreementTerms): string => {
  if (terms.reference !== reference) {
    const details = [{ path: '/terms/reference', message: `must stay ${reference}` }]
    throw new Fault('invalid', 'A version keeps the reference of its agreement.', { details })
  }
  const hash = termsHash(terms)
  const same = versions.find((version) => version.hash === hash)
  if (same !== undefined) throw new Fault('conflict', `Version ${same.version} has exactly these terms.`)
  return hash
}
