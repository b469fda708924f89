import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { AgreementTerms } from '../../core/snapshot.ts'
import { findAgreementIdByReference, findRegisteredAgencies, insertAgreement, insertVersion } from '../../db/registry/agreements.ts'
import type { Db } from '../../db/db.ts'
import type { AgreementUses } from './agreement-uses.ts'
import { textIn } from './agreement-uses.ts'
import { agencyLocks, mayDraft, notAuthorised } from './authority.ts'
import { parseTerms } from './parse-terms.ts'
import type { ParsedTerms } from './parse-terms.ts'
import { termsHash } from './terms-hash.ts'

/** Registers the first version of an agreement, unsigned: it gives no authority until every party has signed it. */
export const draftAgreement =
  (uses: AgreementUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const parsed = parseTerms(termsIn(request.body))
    return uses.commitChange(caller, {
      operation: 'draftAgreement',
      event: 'isa-changed',
      locks: agencyLocks(partiesIn(parsed)),
      idempotencyKey: request.idempotencyKey,
      detail: { ...termsDetail(parsed), justification: textIn(request.body, 'justification') },
      async run(context) {
        const terms = await acceptTerms(context.tx, parsed)
        if (!mayDraft(context, terms.parties)) return notAuthorised('draft-by-registrar-or-signatory')
        if ((await findAgreementIdByReference(context.tx, terms.reference)) !== null) {
          throw new Fault('conflict', `The registry already has an agreement ${terms.reference}. Draft a new version of it instead.`)
        }
        const agreementId = uses.newId()
        const draft = { agreementId, version: 1, hash: termsHash(terms) }
        await insertAgreement(context.tx, { id: agreementId, reference: terms.reference })
        await insertVersion(context.tx, { ...draft, terms, draftedBy: { agencyId: caller.agencyId, personSub: caller.personSub! } })
        return { allowed: true, status: 201, body: { ...draft, reference: terms.reference, state: 'draft' }, detail: draft }
      },
    })
  }

export const termsIn = (body: unknown): unknown =>
  typeof body === 'object' && body !== null ? (body as { terms?: unknown }).terms : undefined

export const partiesIn = (parsed: ParsedTerms): readonly string[] => ('terms' in parsed ? parsed.terms.parties : [])

/** What the log keeps of a draft: enough to find the exact terms again. */
export const termsDetail = (parsed: ParsedTerms): Readonly<Record<string, unknown>> =>
  'terms' in parsed ? { reference: parsed.terms.reference, hash: termsHash(parsed.terms), parties: parsed.terms.parties } : {}

/** @throws Fault `invalid` with every problem of the terms, agencies that are not registered among them */
export const acceptTerms = async (db: Db, parsed: ParsedTerms): Promise<AgreementTerms> => {
  if ('problems' in parsed) throw new Fault('invalid', 'The terms cannot be put to the parties.', { details: inBody(parsed.problems) })
  const { owner, parties } = parsed.terms
  const known = await findRegisteredAgencies(db, [owner, ...parties])
  const unknown = [...(known.has(owner) ? [] : [{ path: '/owner', agency: owner }]), ...unregistered(parties, known)]
  if (unknown.length > 0) {
    const problems = unknown.map(({ path, agency }) => ({ path, message: `no agency is registered as ${agency}` }))
    throw new Fault('invalid', 'The terms name an agency that does not take part.', { details: inBody(problems) })
  }
  return parsed.terms
}

const unregistered = (parties: readonly string[], known: ReadonlySet<string>) =>
  parties.flatMap((agency, index) => (known.has(agency) ? [] : [{ path: `/parties/${index}`, agency }]))

const inBody = (problems: readonly { path: string; message: string }[]) => problems.map((one) => ({ ...one, path: `/terms${one.path}` }))
