import { agreementState } from '../../core/agreements/agreement.ts'
import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { AgreementVersion } from '../../core/snapshot.ts'
import { findAgreement, listAgreements as listFromRegistry } from '../../db/registry/agreements.ts'
import type { RegisteredVersion } from '../../db/registry/agreements.ts'
import type { ChangeContext } from '../commit/change.ts'
import { agreementIdIn, partiesOf } from './agreement-uses.ts'
import type { AgreementUses } from './agreement-uses.ts'
import { isParty, notAuthorised } from './authority.ts'
import { etagOfAgreement } from './draft-version.ts'

type ReadingUses = Pick<AgreementUses, 'commitChange'>

/** A page of the newest versions, newest agreement first: those the caller's agency is a party to; all, for a governance body. */
export const listAgreements =
  (uses: ReadingUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const limit = pageSize(request.query.limit)
    return uses.commitChange(caller, {
      operation: 'listAgreements',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      async run(context) {
        const before = request.query.cursor === undefined ? null : agreementIdIn({ agreementId: request.query.cursor })
        if (request.query.cursor !== undefined && before === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
        const partyAgencyId = seesAll(context) ? null : caller.agencyId
        const rows = await listFromRegistry(context.tx, { partyAgencyId, before, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? (page.at(-1)?.agreementId ?? null) : null
        return { allowed: true, status: 200, body: { agreements: page.map((row) => summaryOf(row, context.at)), nextCursor } }
      },
    })
  }

/** One agreement with every version and its terms, for its parties and the governance body. */
export const getAgreement =
  (uses: ReadingUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agreementId = agreementIdIn(request.params)
    return uses.commitChange(caller, {
      operation: 'getAgreement',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      detail: { agreementId },
      async run(context) {
        const agreement = agreementId === null ? null : await findAgreement(context.tx, agreementId)
        if (agreement === null) throw new Fault('not-found', 'The registry has no agreement of that id.')
        if (!seesAll(context) && !isParty(context, partiesOf(agreement))) return notAuthorised('read-by-party')
        const { reference, suspendedAt, terminatedAt, versions } = agreement
        const body = {
          agreementId: agreement.agreementId,
          reference,
          suspendedAt: text(suspendedAt),
          terminatedAt: text(terminatedAt),
          versions: versions.map((version) => versionOf(version, context.at)),
        }
        return { allowed: true, status: 200, body, headers: { etag: etagOfAgreement(agreement) } }
      },
    })
  }

const seesAll = ({ standing }: ChangeContext): boolean => standing.agency.kind === 'governance-body'

const pageSize = (asked: string | undefined): number => {
  const limit = Number(asked ?? 50)
  return Number.isSafeInteger(limit) && limit >= 1 && limit <= 100 ? limit : 50
}

const text = (at: Date | null): string | null => at?.toISOString() ?? null

const summaryOf = (version: AgreementVersion, at: Date) => {
  const { agreementId, hash, terms, signedBy } = version
  const { reference, title, kind, parties, inForceFrom, inForceTo, reviewOn } = terms
  const state = agreementState(version, at)
  return { agreementId, reference, title, kind, version: version.version, hash, state, parties, signedBy, inForceFrom, inForceTo, reviewOn }
}

const versionOf = (version: RegisteredVersion, at: Date) => {
  const { hash, terms, signedBy, replacedAt } = version
  return { version: version.version, hash, state: agreementState(version, at), terms, signedBy, replacedAt: text(replacedAt) }
}
