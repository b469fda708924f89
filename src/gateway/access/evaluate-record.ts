import { earliest } from '../../core/earliest.ts'
import { type CategoryOutcome, decideEnquiry } from '../enquiry/decide-enquiry.ts'
import { draftEnquiry } from '../enquiry/draft-enquiry.ts'
import type { EnquireUses } from '../enquiry/enquire.ts'
import { firstReason, obligationsOf, verdictOf } from '../enquiry/enquiry-answer.ts'
import { draftNoStanding, refusedAtTheDoor } from '../enquiry/no-standing.ts'
import type { Draft, Reading, Work } from '../commit/logged-work.ts'
import { refusal } from '../commit/refusal.ts'
import { type AccessQuestion, deniedAnswer, draftNotOneself, permittedAnswer, unsaidAnswer } from './evaluation.ts'

/** Records about one person: the decision of a preview, asked for one category; nothing is fetched and nothing released. */
export const recordWork = (uses: EnquireUses, question: AccessQuestion): Work => {
  const { ask, operation, caller, aboutOneself } = question
  return {
    ...{ caller, operation, offenderId: aboutOneself ? ask.offenderId : null },
    categories: ask.categories.map(({ id }) => id),
    decide: (reading) => draftRecord(uses, reading, question),
  }
}

const draftRecord = (uses: EnquireUses, reading: Reading, question: AccessQuestion): Draft => {
  const { ask, caller, aboutOneself } = question
  const { standing } = reading
  if (standing === null) return draftNoStanding(reading, { ask })
  const door = refusedAtTheDoor(standing, caller)
  if (!aboutOneself && door === null) return draftNotOneself(reading, question)
  const known = { ...reading, standing }
  const { sources, directory, partnershipId, openHosted } = uses
  const outcome = decideEnquiry('fetch', known, ask, { sources, directory, partnershipId, openHosted, replies: new Map() })
  const draft = draftEnquiry({ reading: known, outcome, ask, preview: true })
  const { categories } = outcome
  // Whoever may not ask at all gets no evaluation, as from every other operation.
  if (door !== null) return { ...draft, answer: ({ entryId }) => refusal(reading.policies, door, { status: 403, entryId }) }
  const verdict = verdictOf(categories)
  if (verdict === 'shielded') return { ...draft, answer: unsaidAnswer }
  if (verdict !== 'answered') return { ...draft, answer: (committed) => deniedAnswer(reading, firstReason(categories)!, committed) }
  const told = { policy: reading.policyHash, ...permittedOf(categories) }
  return { ...draft, answer: (committed) => permittedAnswer(committed, told) }
}

/** What may be read and how it has to be handled; where nobody holds it, that it is permitted and not held. */
const permittedOf = (outcomes: readonly CategoryOutcome[]) => {
  const records = outcomes.filter((one) => one.kind === 'record')
  const validUntil = earliest(records.map(({ decision }) => decision.validUntil))
  return {
    held: records.length > 0,
    fields: [...new Set(records.flatMap(({ decision }) => decision.fields))],
    obligations: [...new Set(records.flatMap(obligationsOf))],
    marking: records[0]?.definition.marking ?? null,
    valid_until: validUntil?.toISOString() ?? null,
  }
}
