import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { leadFactsOf } from '../../../core/casework/lead/case-state.ts'
import { leadAgency } from '../../../core/casework/lead/lead-agency.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Ask } from '../../../core/snapshot.ts'
import { type CaseRead, findCase } from '../../../db/casework/case-facts.ts'
import { listEvidence } from '../../../db/casework/evidence.ts'
import { readFacts } from '../../../db/facts.ts'
import { findTrackerStatus } from '../../../db/systems/tracker-statuses.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../commit/change.ts'
import { decideEnquiry, type EnquiryMaterial, type EnquiryOutcome } from '../../enquiry/decide-enquiry.ts'
import { draftEnquiry } from '../../enquiry/draft-enquiry.ts'
import { verdictOf } from '../../enquiry/enquiry-answer.ts'
import { etagOf, offenderIdIn } from './case-change.ts'

export interface ReadCaseUses {
  readonly commitChange: CommitChange
  readonly material: Omit<EnquiryMaterial, 'replies'>
}

/**
 * Operation `readCase`: what somebody needs to record a change: strand and lead as an enquiry about cohort status would give them
 * (and refused where it would be refused), the row of the table that speaks for the case, what waits, and the ETag.
 */
export const readCase =
  (uses: ReadCaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Partial<Pick<Ask, 'purpose' | 'legalGateway' | 'justification'>>
    const { purpose = null, legalGateway = null, justification = null } = body
    const offenderId = offenderIdIn(request)
    const ask: Ask = { offenderId, categories: [{ id: 'cohort-status' }], purpose, legalGateway, justification }
    return uses.commitChange(caller, {
      operation: 'readCase',
      event: 'consultation',
      offenderId,
      locks: [{ class: 'subject', id: offenderId }],
      lockMode: 'shared',
      detail: { purpose, legalGateway, justification },
      run: (context) => read(uses, context, ask),
    })
  }

const read = async (uses: ReadCaseUses, context: ChangeContext, ask: Ask): Promise<ChangeOutcome<object>> => {
  const { tx, at } = context
  const facts = await readFacts(tx, { offenderIds: [ask.offenderId], agencyIds: [], categories: [] })
  const reading = { ...context, subject: facts.subjects.get(ask.offenderId) ?? null }
  const outcome = decideEnquiry('release', reading, ask, { ...uses.material, replies: new Map() })
  const [status] = outcome.categories
  if (status?.kind !== 'record' || status.items.length === 0) return refusedRead(outcome)
  const known = (await findCase(tx, { offenderId: ask.offenderId }))!
  const evidence = await listEvidence(tx, ask.offenderId)
  const draft = draftEnquiry({ reading, outcome, ask, preview: false })
  const { strand = null, leadAgency: leadAgencyId = null } = status.items[0]!.fields
  const rules = context.policies.bundle.change
  const row = rules === undefined ? null : leadAgency(leadFactsOf(known, known.strand, at), rules.leadAgency)
  return {
    allowed: true,
    status: 200,
    headers: { etag: etagOf(known.version) },
    body: {
      offenderId: ask.offenderId,
      strand,
      leadAgencyId,
      row: row?.found === true ? row.row : null,
      ...waitingOn(known, context.standing.agency),
      ...(await trackerShown(context, ask.offenderId)),
      evidence: evidence
        .filter((one) => isLead(known, context) || one.originatorAgencyId === context.standing.agency.id)
        .map(({ id, supersedes, ...rest }) => ({ evidenceId: id, corrects: supersedes, ...rest })),
    },
    detail: { version: known.version, evidence: evidence.length },
    lines: [{ entry: draft.entry, disclosures: draft.disclosures }],
    validUntil: draft.validUntil,
  }
}

const noCase = { code: 'ncnd', stage: 'R5', ruleId: 'case-route', cites: 'FOIA 2000 s.40(5B); R5' } as const

const refusedRead = ({ categories }: EnquiryOutcome): ChangeOutcome<never> => {
  const withheld = categories.find((one) => one.kind === 'withheld')
  const verdict = withheld === undefined ? 'shielded' : verdictOf(categories)
  const status = { shielded: 404, incomplete: 422, refused: 403, answered: 403 } as const
  return { allowed: false, reason: withheld?.reason ?? noCase, shielded: verdict === 'shielded', status: status[verdict] }
}

/** The police's own tracker, for the police: it came in, and goes to nobody else. */
const trackerShown = async ({ tx, standing, policies }: ChangeContext, offenderId: string) => {
  if (policies.bundle.change?.systems?.tracker.seenBy.includes(standing.agency.kind) !== true) return {}
  const tracker = await findTrackerStatus(tx, offenderId)
  return tracker === null ? {} : { tracker }
}

const isLead = (known: CaseRead, { standing }: ChangeContext): boolean => known.leadAgencyId === standing.agency.id

/** That consent was refused is for those who have to answer it: the lead and the police. Evidence is its originator's and the lead's. */
const waitingOn = ({ pendingChangeId, questions, leadAgencyId }: CaseRead, agency: { readonly id: string; readonly kind: string }) => ({
  pendingChangeId,
  questions: agency.id === leadAgencyId || agency.kind === 'police' ? questions.map(({ kind, state }) => ({ kind, state })) : [],
})
