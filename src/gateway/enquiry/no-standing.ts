import type { Reason } from '../../core/decision/decision.ts'
import type { Caller } from '../../core/caller.ts'
import type { Ask, Standing } from '../../core/snapshot.ts'
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

/** R2 and R3 for whatever is not an enquiry: a known, active agency, system and person. Null when they are. */
export const refusedAtTheDoor = (standing: Standing | null, caller: Pick<Caller, 'personSub'>, systemMay = false): Reason | null => {
  if (standing === null || !standing.agency.active || !standing.clientActive) return noStanding
  if (caller.personSub === null) {
    return systemMay ? null : { code: 'auth', stage: 'R2', ruleId: 'r2-named-person', cites: 'DPA 2018 s.62(2)(b); R2' }
  }
  return standing.person?.active === true
    ? null
    : { code: 'user-inactive', stage: 'R3', ruleId: 'r3-person-active', cites: 'MPA report 2011, para 23; R3' }
}
