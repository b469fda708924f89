import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Ask } from '../../../core/snapshot.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../commit/change.ts'
import { decideEnquiry, type EnquiryMaterial } from '../../enquiry/decide-enquiry.ts'
import { draftEnquiry } from '../../enquiry/draft-enquiry.ts'
import { foreseeConsent, ifPoliceMove } from './foresee-consent.ts'
import { type Said, saidIn } from './said.ts'
import { weighConsent, type Weighed } from './weigh-consent.ts'

export interface PreviewConsentUses {
  readonly commitChange: CommitChange
  readonly newId: () => string
  readonly material: Omit<EnquiryMaterial, 'replies'>
}

type Reasons = Partial<Pick<Ask, 'purpose' | 'legalGateway'>> & { readonly bestInterestsNote?: string }

/**
 * Operation `previewConsent`: what would come of it, were this recorded, by the rules that decide it when it is. Strand and lead are told
 * as an enquiry about them would tell them, and kept back where that would be refused.
 */
export const previewConsent =
  (uses: PreviewConsentUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = (request.params.offenderId ?? '').toLowerCase()
    const said = saidIn(request.body)
    const { purpose = null, legalGateway = null, bestInterestsNote } = request.body as Reasons
    const note = bestInterestsNote === undefined ? {} : { bestInterestsNote }
    const ask: Ask = {
      ...{ offenderId, purpose, legalGateway, justification: said.justification },
      categories: [{ id: 'cohort-status', ...note }],
    }
    return uses.commitChange(caller, {
      operation: 'previewConsent',
      event: 'consultation',
      offenderId,
      ...{ locks: [{ class: 'subject', id: offenderId }], lockMode: 'shared', readsOnly: true },
      detail: { kind: said.kind, scope: said.scope, purpose, legalGateway, justification: said.justification },
      run: (context) => preview(uses, context, { ask, said }),
    })
  }

const preview = async (
  uses: PreviewConsentUses,
  context: ChangeContext,
  { ask, said }: { readonly ask: Ask; readonly said: Said },
): Promise<ChangeOutcome<object>> => {
  const { offenderId } = ask
  const weighed = await weighConsent(context, { offenderId, eventId: uses.newId(), said })
  if ('allowed' in weighed) return weighed
  const foreseen = await foreseeConsent(context, weighed)
  const known = caseKnown(uses, context, { ask, weighed })
  const asksPolice = foreseen.asks?.asks === 'police-strand-decision'
  const moved = known.shown && asksPolice ? await ifPoliceMove(context, offenderId) : null
  return {
    ...{ allowed: true, status: 200 },
    body: { offenderId, ...foreseen, case: known.case, ifPoliceMove: moved },
    detail: { closes: foreseen.closes.length, opens: foreseen.opens.length, asks: foreseen.asks?.asks ?? null, caseShown: known.shown },
    ...(known.shown ? { release: known.release, validUntil: known.validUntil } : {}),
  }
}

/** Strand and lead as they stand, if this person is given them at all. */
const caseKnown = (uses: PreviewConsentUses, context: ChangeContext, about: { readonly ask: Ask; readonly weighed: Weighed }) => {
  const { ask, weighed } = about
  const reading = { ...context, subject: weighed.subject }
  const outcome = decideEnquiry('release', reading, ask, { ...uses.material, replies: new Map() })
  const [status] = outcome.categories
  if (status?.kind !== 'record' || status.items.length === 0) return { shown: false, case: null } as const
  const { strand = null, leadAgency = null } = status.items[0]!.fields
  const { entry, disclosures, validUntil } = draftEnquiry({ reading, outcome, ask, preview: false })
  return { shown: true, case: { strand, leadAgencyId: leadAgency }, release: { entry, disclosures }, validUntil } as const
}
