import { consentFor, type ConsentQuestion } from '../case/consent.ts'
import type { Facts } from '../facts.ts'
import type { Subject } from '../snapshot.ts'

/**
 * "Formal consent of the individual" (Scrutiny Board 1.25), "given for that councillor" (R24): what stands is a consent that names this
 * recipient and says on what evidence it rests. One to whomever it may concern is none.
 */
export const formalConsentOf = (
  subject: Subject | null,
  question: Omit<ConsentQuestion, 'offenderId' | 'bornOn'>,
): Facts['formalConsent'] => {
  if (subject === null) return 'unknown'
  const { offenderId, bornOn, consentEvents } = subject
  const answer = consentFor(consentEvents, { ...question, offenderId, bornOn })
  const given = (answer.state === 'given' || answer.state === 'given-limited') && answer.scope === 'covers'
  const event = consentEvents.find(({ id }) => id === answer.eventId)
  return given && event !== undefined && event.scope.recipients.includes(question.recipient) && event.evidence !== null ? 'given' : 'none'
}
