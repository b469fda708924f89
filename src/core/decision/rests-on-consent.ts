import type { Facts } from '../facts.ts'
import { decide } from './decide.ts'
import type { Policies } from './policy.ts'

/**
 * Would some of these fields have been refused had the person taken back what they said?
 * @param fields that were released on these facts
 */
export const restsOnConsent = (policies: Policies, facts: Facts, fields: readonly string[]): boolean => {
  const withdrawn: Facts = { ...facts, consent: 'withdrawn' }
  const rules = policies.program('release', facts.category)?.onConsent ?? []
  // Nearly always nothing that reads consent answers otherwise, and then neither does the whole.
  if (rules.every((rule) => rule.matches(withdrawn) === rule.matches(facts))) return false
  return decide(policies, 'release', withdrawn, { fields, lapses: [] }).fields.length < fields.length
}
