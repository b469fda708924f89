import type { PolicyBundle } from '../../../core/decision/bundle.ts'
import { canonical } from '../policy-files.ts'

/** One part of a bundle that is not what it was; null where it was not there, or is not any more. */
export interface PartChanged {
  readonly part: 'rule' | 'stage' | 'category' | 'reason' | 'section'
  readonly id: string
  /** Of a rule: the stage it stands in, and the paragraph it cites. */
  readonly stage: string | null
  readonly cites: string | null
  readonly before: string | null
  readonly after: string | null
}

type Parts = ReadonlyMap<string, Omit<PartChanged, 'before' | 'after'> & { readonly value: unknown }>

/** What a second officer has to read before publishing: every rule, category, reason and section that differs, as it was and as it would be. */
export const bundleDifference = (before: PolicyBundle, after: PolicyBundle): readonly PartChanged[] => {
  const [old, now] = [idsOf(before), idsOf(after)]
  const both = new Set([...old].filter((id) => now.has(id)))
  const [was, is] = [partsOf(before, both), partsOf(after, both)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [first, second] = [was.get(key), is.get(key)]
    if (first !== undefined && second !== undefined && canonical(first.value) === canonical(second.value)) return []
    const { part, id, stage, cites } = (second ?? first)!
    return [{ part, id, stage, cites, before: textOf(first), after: textOf(second) }]
  })
}

const idsOf = ({ stages, disclose }: PolicyBundle): ReadonlySet<string> =>
  new Set([...stages, ...(disclose ?? [])].flatMap(({ rules }) => rules.map(({ id }) => id)))

const textOf = (part: { readonly value: unknown } | undefined): string | null =>
  part === undefined ? null : JSON.stringify(JSON.parse(canonical(part.value)), null, 2)

const partsOf = ({ stages, categories, reasons, change, disclose, misuse }: PolicyBundle, inBoth: ReadonlySet<string>): Parts => {
  const parts = new Map<string, Omit<PartChanged, 'before' | 'after'> & { readonly value: unknown }>()
  const add = (part: PartChanged['part'], id: string, value: unknown, rule?: { stage: string; cites: string }): void => {
    if (value !== undefined) parts.set(`${part} ${id}`, { part, id, value, stage: rule?.stage ?? null, cites: rule?.cites ?? null })
  }
  for (const [index, { rules, ...stage }] of [...stages, ...(disclose ?? [])].entries()) {
    // Where a stage stands, and its rules within it, is part of what is decided: the first that refuses is told. A rule that is new, or
    // gone, is a part of its own.
    const order = rules.map(({ id }) => id).filter((id) => inBoth.has(id))
    add('stage', `${stage.stage} ${stage.title}`, { ...stage, index, order })
    for (const rule of rules) add('rule', rule.id, rule, { stage: stage.stage, cites: rule.cites })
  }
  for (const category of categories) add('category', category.id, category)
  for (const [code, words] of Object.entries(reasons)) add('reason', code, words)
  for (const [name, section] of Object.entries(change ?? {})) add('section', name, section)
  add('section', 'misuse', misuse)
  return parts
}
