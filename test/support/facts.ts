import { join } from 'node:path'
import { plainCase } from '../../src/core/decision/plain-case.ts'
import { factVocabulary, type FactName, type Facts } from '../../src/core/facts.ts'
import { compilePolicies, type Policies } from '../../src/core/decision/policy.ts'
import type { Category } from '../../src/core/vocabulary.ts'
import { readPolicyFiles } from '../../src/gateway/policies/policy-files.ts'

export const policyDirectory = join(import.meta.dirname, '../../policies')
export const shipped = readPolicyFiles(policyDirectory)
export const shippedPolicies: Policies = compilePolicies(shipped.bundle)

/** A request with nothing wrong with it, for an item about to leave: what every table row varies. */
export const goodFacts = (category: Category, changed: Partial<Facts> = {}): Facts =>
  plainCase(shippedPolicies.category(category)!, changed)

/** A fact's value as written in a table; throws for a value outside the vocabulary, so that a misspelt row cannot pass. */
export const asFact = (name: string, value: string): Partial<Facts> => {
  const values: readonly string[] | undefined = factVocabulary[name as FactName]
  if (values === undefined) throw new Error(`no fact ${name}`)
  if (!values.includes(value)) throw new Error(`no value ${value} of ${name}`)
  return { [name]: value } as Partial<Facts>
}
