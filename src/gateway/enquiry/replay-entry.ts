import { decide } from '../../core/decision/decide.ts'
import { emergencyPolicies } from '../../core/decision/emergency.ts'
import { disclosurePolicies } from '../../core/disclosure/disclosure-policies.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { Facts } from '../../core/facts.ts'

/** Where a stored decision and the same decision made again part ways; there must be none. */
export interface Difference {
  readonly entryId: string
  readonly category: string
  readonly stored: string
  readonly again: string
}

export type Line = Readonly<Record<string, unknown>>

/**
 * Decides the categories of one stored entry again from the facts it holds, with the bundle it names (invariant I7).
 * @param content the entry's canonical JSON, parsed
 * @returns how many decisions were made again, and where they differ
 */
export const replayEntry = (
  content: Line,
  policies: Policies,
): { readonly decisions: number; readonly differences: readonly Difference[] } => {
  const differences: Difference[] = []
  let decisions = 0
  const used = policiesOf(content, policies)
  for (const line of linesOf(content)) {
    const allowed = new Set<string>()
    const differs = (stored: string, again: string): void => {
      differences.push({ entryId: String(content.entryId), category: String(line.category), stored, again })
    }
    for (const check of checksOf(content, line)) {
      decisions += 1
      const { outcome, fields } = decideAgain(used, check)
      if (outcome !== check.stored) differs(check.stored, outcome)
      if (check.action === 'release') for (const field of fields) allowed.add(field)
    }
    const released = Array.isArray(line.fields) ? line.fields.map(String) : []
    const tooMany = released.filter((field) => !allowed.has(field))
    if (tooMany.length > 0) differs(`released ${tooMany.join(' ')}`, 'withheld')
  }
  return { decisions, differences }
}

/** The rules as they stand for an entry: in an emergency, under a permission of the chair, or as they are. */
export const policiesOf = (content: Line, policies: Policies): Policies => {
  const changed =
    content.emergency !== undefined ? emergencyPolicies(policies) : 'permissionId' in content ? disclosurePolicies(policies) : null
  return changed ?? policies
}

/** One question that an entry holds the answer to: the category as a whole, or an item of it. */
export interface Check {
  readonly action: 'fetch' | 'release'
  readonly facts: Facts
  readonly fields: readonly string[] | undefined
  readonly agreementFields: readonly string[] | null
  /** `permit` with the rules that permit where the entry has them, or the rules that refused, in the order in which they were told. */
  readonly stored: string
}

const linesOf = (content: Line): readonly Line[] => (Array.isArray(content.categories) ? (content.categories as Line[]) : [])
const partsOf = (line: Line, name: string): readonly Line[] => (Array.isArray(line[name]) ? (line[name] as Line[]) : [])

/** What a line of an entry was decided on; the category as a whole stands first. */
export const checksOf = (content: Line, line: Line): readonly Check[] => {
  const category = { ...(content.facts as object), ...(line.facts as object) }
  const item = { ...category, ...(content.itemFacts as object) }
  const asked = {
    fields: line.fieldsAsked as readonly string[] | undefined,
    agreementFields: (line.agreementFields as readonly string[] | undefined) ?? null,
  }
  const refusals = partsOf(line, 'reasons').map((reason) => String(reason.ruleId))
  const whole: Check = {
    ...asked,
    action: 'fetch',
    facts: category as Facts,
    stored: refusals.length === 0 ? permitted(line.permittedBy) : refusals.join(' '),
  }
  const released = partsOf(line, 'itemFacts').map((one): Check => ({
    ...asked,
    action: 'release',
    facts: factsOf(item, one),
    stored: 'permit',
  }))
  const withheld = partsOf(line, 'withheldItems').map((one): Check => ({
    ...asked,
    action: 'release',
    facts: factsOf(item, one),
    stored: String(one.ruleId),
  }))
  return [whole, ...released, ...withheld]
}

const factsOf = (item: object, one: Line): Facts => ({ ...item, ...(one.facts as object) }) as Facts

const permitted = (by: unknown): string => (Array.isArray(by) && by.length > 0 ? `permit by ${by.join(' ')}` : 'permit')

const decideAgain = (policies: Policies, check: Check): { readonly outcome: string; readonly fields: readonly string[] } => {
  const decision = decide(policies, check.action, check.facts, { fields: check.fields, agreementFields: check.agreementFields, lapses: [] })
  if (decision.effect.startsWith('permit'))
    return { outcome: check.action === 'fetch' ? permitted(decision.permittedBy) : 'permit', fields: decision.fields }
  const rules = decision.reasons.map((reason) => reason.ruleId)
  // Of an item only the rule that was told is kept.
  return { outcome: check.action === 'release' ? (rules[0] ?? '') : rules.join(' '), fields: [] }
}
