import type { Decision } from '../../src/core/decision/decision.ts'
import type { Facts } from '../../src/core/facts.ts'
import type { Ask, Item, Standing } from '../../src/core/snapshot.ts'
import type { EntryDraft } from '../../src/gateway/commit/logged-work.ts'
import { type CategoryOutcome, isRefusal } from '../../src/gateway/enquiry/decide-enquiry.ts'
import { draftEnquiry } from '../../src/gateway/enquiry/draft-enquiry.ts'
import { shippedPolicies } from './facts.ts'

const item: Item = {
  fields: {},
  originator: 'ridings-police',
  recordedOn: null,
  nature: 'fact',
  subjectType: 'convicted',
  marking: 'official-sensitive',
  restricted: false,
  collectedOnConsent: false,
  grade: null,
  conditions: [],
  reviewBy: null,
}

const standing: Standing = {
  agency: { id: 'ridings-probation', kind: 'probation', active: true, clearance: 'official-sensitive' },
  clientActive: true,
  person: null,
  appointments: [],
  namedOn: [],
  schemes: [],
} as unknown as Standing

/** What the log would say of one category decided on these facts, with one item where it is released. */
export const entryOfDecision = (facts: Facts, decision: Decision): EntryDraft => {
  const definition = shippedPolicies.category(facts.category as Parameters<typeof shippedPolicies.category>[0])!
  const about = {
    facts,
    supplier: { agencyId: 'ridings-police', kind: 'police', via: 'hosted' },
    agreement: { standing: 'in-force', version: null, grant: null, lapsesAt: null },
    consentEventId: null,
    agreementFields: null,
    lapses: [],
  } as unknown as CategoryOutcome['about']
  const outcome: CategoryOutcome = isRefusal(decision)
    ? { kind: 'withheld', about, decision, reason: decision.reasons[0]!, refusedItems: [] }
    : {
        kind: 'record',
        about,
        definition,
        decision,
        items: [{ item, fields: Object.fromEntries(decision.fields.map((field) => [field, 'x'])), decision }],
        withheldFields: decision.withheldFields,
        refusedItems: [],
      }
  const ask = { offenderId: '019a0000-0000-7000-8000-000000000000', categories: [{ id: facts.category }] } as unknown as Ask
  const reading = { at: new Date(0), standing, subject: null, policies: shippedPolicies, policyHash: 'h' }
  return draftEnquiry({ reading, outcome: { caseFacts: {} as never, categories: [outcome] }, ask, preview: false }).entry
}
