import { valueFits, type CategoryDefinition } from './category.ts'
import type { Decision, Reason } from './decision.ts'

export interface Redacted {
  readonly fields: Readonly<Record<string, unknown>>
  readonly withheldFields: Decision['withheldFields']
}

const misfit: Reason = {
  code: 'default',
  stage: 'R26',
  ruleId: 'r26-value-does-not-fit',
  cites: 'DPA 2018 s.38(4): data that are inaccurate or incomplete are not transmitted',
}

/**
 * What may leave of one item: exactly the fields the decision names, each of its declared type. A field that the decision does not
 * name is dropped whether or not anybody knew it, and a field the item does not have is left out rather than filled in.
 */
export const redact = (
  item: { readonly fields: Readonly<Record<string, unknown>> },
  decision: Pick<Decision, 'fields' | 'withheldFields'>,
  category: CategoryDefinition,
): Redacted => {
  const fields: Record<string, unknown> = {}
  const misfits: { field: string; reason: Reason }[] = []
  for (const name of decision.fields) {
    if (!Object.hasOwn(item.fields, name) || item.fields[name] === null || item.fields[name] === undefined) continue
    const definition = Object.hasOwn(category.fields, name) ? category.fields[name] : undefined
    if (definition !== undefined && valueFits(definition, item.fields[name])) fields[name] = item.fields[name]
    else misfits.push({ field: name, reason: misfit })
  }
  return { fields, withheldFields: misfits.length === 0 ? decision.withheldFields : [...decision.withheldFields, ...misfits] }
}
