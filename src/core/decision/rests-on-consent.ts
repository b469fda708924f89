import type { Facts } from '../facts.ts'
import { decide } from './decide.ts'
import type { Policies } from './policy.ts'

/** Would these fields, or some of them, have been refused had the person taken back what they said? */
export const restsOnConsent = (policies: Policies, facts: Facts, fields: readonly string[]): boolean => {
  const released = (consent: Facts['consent']): number =>
    decide(policies, 'release', { ...facts, consent }, { fields, lapses: [] }).fields.length
  return released('withdrawn') < released(facts.consent)
}
