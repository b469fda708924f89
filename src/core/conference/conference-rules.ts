import { schemes } from '../decision/category.ts'
import { foiLabels, type FoiLabel } from '../vocabulary.ts'
import {
  article8Grounds,
  type Article8Ground,
  conferenceKinds,
  type ConferenceKind,
  delegatedActs,
  type DelegatedAct,
} from '../case-vocabulary.ts'

/** What the partners agreed about closed meetings (policies/change/conference.yaml). */
export interface ConferenceRules {
  readonly title: string
  readonly cites: string
  readonly article8: { readonly selectable: readonly Article8Ground[]; readonly cites: string }
  /** Meetings that belong to a scheme; the others belong to none. */
  readonly schemes: { readonly [Kind in ConferenceKind]?: (typeof schemes)[number] }
  readonly foi: { readonly labels: readonly FoiLabel[]; readonly fromAnotherPerson: readonly FoiLabel[]; readonly cites: string }
  /** What accepting the appointment of a deputy carries. */
  readonly delegation: { readonly standing: readonly DelegatedAct[]; readonly cites: string }
}

type Json = Readonly<Record<string, unknown>>
const sectionOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

/** Everything wrong with the rules; empty when meetings may be held under them. */
export const conferenceRuleProblems = (given: unknown): readonly { readonly path: readonly string[]; readonly message: string }[] => {
  const rules = sectionOf(given)
  const lists = [
    ['article8', 'selectable', article8Grounds],
    ['foi', 'labels', foiLabels],
    ['foi', 'fromAnotherPerson', foiLabels],
    ['delegation', 'standing', delegatedActs],
  ] as const
  const wrongLists = lists.flatMap(([section, name, of]) => {
    const values = sectionOf(rules[section])[name]
    if (!Array.isArray(values) || values.length === 0) return [{ path: [section, name], message: `${section}.${name} must be a list` }]
    const strange = (values as unknown[]).filter((value) => !(of as readonly unknown[]).includes(value))
    return strange.map((value) => ({ path: [section, name], message: `there is no ${section} ${String(value)}` }))
  })
  const silent = ['article8', 'foi', 'delegation'].filter((section) => !saysSource(sectionOf(rules[section])))
  return [...wrongLists, ...silent.map((section) => ({ path: [section], message: `${section} cites nothing` })), ...schemeProblems(rules)]
}

const saysSource = (section: Json): boolean => typeof section['cites'] === 'string' && section['cites'].trim() !== ''

const schemeProblems = (rules: Json) =>
  Object.entries(sectionOf(rules['schemes'])).flatMap(([kind, scheme]) => [
    ...((conferenceKinds as readonly string[]).includes(kind) ? [] : [{ path: ['schemes', kind], message: `there is no meeting ${kind}` }]),
    ...((schemes as readonly unknown[]).includes(scheme)
      ? []
      : [{ path: ['schemes', kind], message: `there is no scheme ${String(scheme)}` }]),
  ])
