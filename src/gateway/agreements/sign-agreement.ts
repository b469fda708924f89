import { agreementState } from '../../core/agreements/agreement.ts'
import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { startOfLondonDay } from '../../core/london.ts'
import { findSignatoryKeys, insertSignature, markReplaced } from '../../db/registry/agreements.ts'
import type { RegisteredVersion } from '../../db/registry/agreements.ts'
import type { ChangeContext } from '../commit/change.ts'
import { agreementIdIn, findPartiesToLock, getLockedAgreement, textIn } from './agreement-uses.ts'
import type { AgreementUses } from './agreement-uses.ts'
import { holdsRole } from '../roles.ts'
import { agencyLocks, alreadyTerminated, dutiesNotSeparate, isParty, notAuthorised } from './authority.ts'
import type { Refusal } from './authority.ts'
import { termsHash } from './terms-hash.ts'

export interface SigningUses extends AgreementUses {
  /** The payload of a compact JWS that this key signed; null when it did not. */
  readonly verifySignature: (jws: string, jwk: unknown) => Promise<string | null>
}

/**
 * Records one party's signature: by its own signatory, over the hash of exactly this version, with a key its agency registered.
 * When it is the last that was missing, older versions end where this one begins.
 */
export const signAgreement =
  (uses: SigningUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agreementId = agreementIdIn(request.params)
    const locked = await findPartiesToLock(uses.db, agreementId)
    const number = versionIn(request.body)
    const jws = textIn(request.body, 'jws') ?? ''
    return uses.commitChange(caller, {
      operation: 'signAgreement',
      event: 'isa-changed',
      locks: agencyLocks(locked),
      idempotencyKey: request.idempotencyKey,
      detail: { agreementId, version: number },
      async run(context) {
        const agreement = await getLockedAgreement(context.tx, agreementId, locked)
        const version = agreement.versions.find((one) => one.version === number)
        if (version === undefined) throw new Fault('not-found', 'The agreement has no version of that number.')
        const refusal = refusalToSign(context, version)
        if (refusal !== null) return refusal
        if (termsHash(version.terms) !== version.hash) throw new Fault('conflict', 'The stored terms are not those of the version’s hash.')
        if (version.signedBy.includes(caller.agencyId)) return signed(context, version)
        if (!(await isOwnSignature(uses, context, { jws, hash: version.hash }))) return notSigned
        const signature = { agreementId: agreement.agreementId, version: version.version, agencyId: caller.agencyId }
        await insertSignature(context.tx, { ...signature, personSub: caller.personSub!, jws, at: context.at })
        const now = { ...version, signedBy: [...version.signedBy, caller.agencyId].sort() }
        if (waitingFor(now).length === 0) {
          const begins = startOfLondonDay(version.terms.inForceFrom)
          await markReplaced(context.tx, { ...signature, replacedAt: begins > context.at ? begins : context.at })
        }
        return signed(context, now)
      },
    })
  }

const versionIn = (body: unknown): number | null => {
  const value: unknown = typeof body === 'object' && body !== null ? (body as { version?: unknown }).version : null
  return Number.isSafeInteger(value) ? (value as number) : null
}

const refusalToSign = (context: ChangeContext, version: RegisteredVersion): Refusal | null => {
  if (!isParty(context, version.terms.parties) || !holdsRole(context.standing, ['isa-signatory'], context.at))
    return notAuthorised('signed-by-own-signatory')
  const state = agreementState(version, context.at)
  if (state === 'terminated' || state === 'replaced') return alreadyTerminated
  const { personSub, agencyId } = context.caller
  const drafted = version.draftedByPerson === personSub
  const elsewhere = version.signatures.some((signature) => signature.personSub === personSub && signature.agencyId !== agencyId)
  return drafted && elsewhere ? dutiesNotSeparate('drafter-signs-for-one-party') : null
}

const notSigned: Refusal = {
  allowed: false,
  status: 422,
  reason: {
    code: 'isa-party-unsigned',
    stage: 'R10',
    ruleId: 'signature-over-this-version',
    cites: 'MPA report 2011, para 43; R10: signed by both parties; R42: by their own signatories',
  },
}

const isOwnSignature = async (
  uses: SigningUses,
  { tx, caller, at }: ChangeContext,
  given: { readonly jws: string; readonly hash: string },
): Promise<boolean> => {
  for (const jwk of await findSignatoryKeys(tx, { agencyId: caller.agencyId, personSub: caller.personSub!, at })) {
    if ((await uses.verifySignature(given.jws, jwk)) === given.hash) return true
  }
  return false
}

const waitingFor = (version: RegisteredVersion): string[] => version.terms.parties.filter((party) => !version.signedBy.includes(party))

const signed = (context: ChangeContext, version: RegisteredVersion) => {
  const { agreementId, signedBy } = version
  const state = agreementState({ ...version }, context.at)
  const body = { agreementId, version: version.version, state, signedBy, waitingFor: waitingFor(version) }
  return { allowed: true, status: 201, body, detail: { hash: version.hash, state } } as const
}
