import type { Reason } from '../../core/decision/decision.ts'
import type { Ask } from '../../core/snapshot.ts'
import type { Draft, Reading } from '../commit/logged-work.ts'
import { refusal } from '../commit/refusal.ts'

/** The agency left the register after its token was checked: refused, and recorded like any other refusal. */
export const draftNoStanding = (reading: Reading, enquiry: { readonly ask: Ask }): Draft => ({
  entry: {
    event: 'access-denied',
    effect: 'deny',
    reason: noStanding.code,
    offenderId: enquiry.ask.offenderId,
    purpose: enquiry.ask.purpose,
    content: { justification: enquiry.ask.justification, legalGateway: enquiry.ask.legalGateway },
  },
  receipt: {},
  disclosures: [],
  validUntil: null,
  answer: (committed) => refusal(reading.policies, noStanding, { status: 403, entryId: committed.entryId }),
})

export const noStanding: Reason = {
  code: 'agency-inactive',
  stage: 'R3',
  ruleId: 'r3-agency-registered',
  cites: 'MPA report 2011, para 23; R3',
}
