import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { prosecutionReadingFailing } from '../../core/casework/prosecution.ts'
import type { ProsecutionRules } from '../../core/casework/system-rules.ts'
import { Fault } from '../../core/fault.ts'
import { londonDay, startOfLondonDay, dayAfter } from '../../core/london.ts'
import { earliest } from '../../core/earliest.ts'
import type { LegalGateway } from '../../core/vocabulary.ts'
import { closeTask } from '../../db/casework/tasks.ts'
import type { Db } from '../../db/db.ts'
import { readFacts } from '../../db/facts.ts'
import { findProsecutionRelease, type ProsecutionRelease } from '../../db/systems/prosecution-releases.ts'
import { refusedBy } from '../casework/strand/case-change.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import { prosecutionAgreement } from './prosecution-agreement.ts'

export interface RetrieveUses {
  readonly commitChange: CommitChange
  readonly database: Db
  readonly newId: () => string
  /** Null: what does not open for its own place. */
  readonly open: (sealed: Uint8Array, place: { readonly table: string; readonly id: string; readonly column: string }) => string | null
}

interface Asked {
  readonly purpose: string | null
  readonly legalGateway: LegalGateway | null
  readonly justification: string | null
}

/**
 * Operation `retrieveProsecutionRelease`: the lawyer named in it reads it, until the day of sentence is over. Everybody else, their own
 * colleagues included, is told what is told of one that was never made.
 */
export const retrieveProsecutionRelease =
  (uses: RetrieveUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const releaseId = (request.params.releaseId ?? '').toLowerCase()
    const { purpose = null, legalGateway = null, justification = null } = request.body as Partial<Asked>
    // Looked up only for the lock; what is decided on is read again behind it. Nobody's is locked where there is none, all the same.
    const first = await findProsecutionRelease(uses.database, releaseId)
    const offenderId = first?.offenderId ?? uses.newId()
    return uses.commitChange(caller, {
      operation: 'retrieveProsecutionRelease',
      event: 'consultation',
      ...(first === null ? {} : { offenderId }),
      locks: [{ class: 'subject', id: offenderId }],
      lockMode: 'shared',
      detail: { releaseId, purpose, legalGateway, justification },
      run: (context) => read(uses, context, { releaseId, purpose, legalGateway, justification }),
    })
  }

const nothing = (): Fault => new Fault('not-found', 'There is no such release for you.')

const read = async (
  uses: RetrieveUses,
  context: ChangeContext,
  asked: Asked & { readonly releaseId: string },
): Promise<ChangeOutcome<object>> => {
  const { tx, caller, at, standing, policies } = context
  const release = await findProsecutionRelease(tx, asked.releaseId)
  if (release?.lawyer.agencyId !== caller.agencyId || release.lawyer.personSub !== caller.personSub) throw nothing()
  const { subjects } = await readFacts(tx, { offenderIds: [release.offenderId], agencyIds: [], categories: [] })
  const subject = subjects.get(release.offenderId)
  const rules = policies.bundle.change?.systems?.prosecution
  // Out of the cohort its purposes have ended, and with them what was let out for one of them.
  if (subject?.basis !== 'cohort' || rules === undefined) throw nothing()
  const { legalGateway, justification } = asked
  const parties = { subject, supplierId: release.byAgency, recipientId: caller.agencyId, legalGateway, rules, at }
  const agreement = await prosecutionAgreement(tx, parties)
  const failing = prosecutionReadingFailing(
    { sentenceOn: release.sentenceOn, legalGateway, justification: asked.purpose === null ? null : justification },
    { vetted: standing.person?.intelligenceVetted === true, today: londonDay(at), agreement, rules },
  )
  if (failing !== null) return refusedBy(failing)
  const sealed = uses.open(release.sealed, { table: 'prosecution_release', id: release.id, column: 'sealed' })
  if (sealed === null) throw new Error(`the text of release ${release.id} does not open`)
  await closeTask(tx, { kind: 'prosecution-intelligence', subjectKey: release.id, outcome: 'read', at })
  return answer(context, { release, rules, product: JSON.parse(sealed) as Product, agreement, asked })
}

/** What was sealed: the prosecutor's own reference for the case tells the lawyer whose it is; no name travels. */
interface Product {
  readonly caseReference: string
  readonly text: string
}

interface Found {
  readonly release: ProsecutionRelease
  readonly rules: ProsecutionRules
  readonly product: Product
  readonly agreement: Awaited<ReturnType<typeof prosecutionAgreement>>
  readonly asked: Asked
}

const obligations = ['mark', 'store-restricted', 'no-onward', 'no-copy', 'named-recipient', 'not-to-subject', 'opinion-flag']

const answer = ({ caller, at }: ChangeContext, found: Found): ChangeOutcome<object> => {
  const { release, rules, product, agreement } = found
  const version = agreement.version!
  const fields = ['text']
  const shared = { releaseId: release.id, grade: release.grade, fields, outbound: 'share', obligations, marking: 'official-sensitive' }
  const content = {
    ...shared,
    legalGateway: found.asked.legalGateway,
    agreement: { agreementId: version.agreementId, version: version.version },
  }
  const line = {
    ...{ position: 0, offenderId: release.offenderId, category: rules.category, fields, items: 1 },
    ...{ supplierAgencyId: release.byAgency, recipientAgencyId: caller.agencyId, recipientPersonSub: caller.personSub! },
    ...{ purpose: rules.purpose, outbound: 'share' as const, agreementId: version.agreementId, agreementVersion: version.version },
  }
  const common = { event: 'disclosure', effect: 'permit', reason: null, offenderId: release.offenderId, purpose: rules.purpose } as const
  return {
    allowed: true,
    status: 200,
    validUntil: earliest([startOfLondonDay(dayAfter(release.sentenceOn)), agreement.lapsesAt]),
    body: {
      ...{ releaseId: release.id, ...product, grade: release.grade, sentenceOn: release.sentenceOn, releasedBy: release.byAgency },
      ...{ marking: 'official-sensitive', obligations, readAt: at.toISOString() },
    },
    lines: [{ entry: { ...common, content }, disclosures: [line] }],
  }
}
