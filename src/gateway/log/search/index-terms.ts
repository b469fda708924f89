import { callerIn, type Content, linesOf, reasonsIn, shownTo, suppliersIn } from './entry-view.ts'

/** What one entry is found by. */
export interface IndexedEntry {
  readonly refused: boolean
  readonly agencyId: string | null
  readonly personSub: string | null
  readonly offenderId: string | null
  readonly terms: readonly string[]
  readonly words: string | null
}

/** The filters that are terms: a closed list, so that a question and the index spell each of them the same way. */
export type TermName =
  'agreement' | 'category' | 'event' | 'operation' | 'outcome' | 'permission' | 'purpose' | 'reason' | 'rule' | 'supplier' | 'system'

export const termOf = (name: TermName, value: string, agencyId: string | null = null): string =>
  `${agencyId === null ? '' : supplierTerm(agencyId)}${name}=${value}`

/** Stands alone in every entry in which the agency supplied something and another one asked. */
export const supplierTerm = (agencyId: string): string => `${agencyId}|`

/** Reads an entry for the index; whatever in it is not as it is usually written is passed over, never a reason to leave the entry out. */
export const indexTermsOf = (content: Content): IndexedEntry => {
  const caller = callerIn(content)
  const others = suppliersIn(content).filter((agencyId) => agencyId !== caller?.agencyId)
  const whole = [...termsIn(content), ...suppliersIn(content).map((agencyId) => termOf('supplier', agencyId))]
  const parts = others.flatMap((agencyId) => [
    supplierTerm(agencyId),
    ...termsIn(shownTo({ everything: false, agencyId }, content, 'lines')).map((term) => supplierTerm(agencyId) + term),
  ])
  return {
    refused: isRefusal(content.effect),
    agencyId: textIn(caller?.agencyId),
    personSub: textIn(caller?.personSub),
    offenderId: uuidIn(content.offenderId),
    terms: [...new Set([...whole, ...parts])],
    words: textIn(content.justification),
  }
}

const isRefusal = (effect: unknown): boolean => typeof effect === 'string' && effect.startsWith('deny')

const termsIn = (content: Content): readonly string[] => {
  const lines = linesOf(content)
  const found: readonly (readonly [TermName, unknown])[] = [
    ['event', content.event],
    ['operation', content.operation],
    ...outcomesOf(content.effect).map((outcome): [TermName, unknown] => ['outcome', outcome]),
    ['purpose', content.purpose ?? content.logPurpose],
    ['system', callerIn(content)?.clientId],
    ['reason', content.reason],
    ['rule', content.ruleId],
    ['category', content.category],
    ...permissionsIn(content),
    ['agreement', content.agreementId],
    ...lines.flatMap(lineTerms),
  ]
  return found.flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [termOf(name, value)] : []))
}

const lineTerms = (line: Content): readonly (readonly [TermName, unknown])[] => [
  ['category', line.category],
  ['agreement', (line.agreement as { agreementId?: unknown } | null | undefined)?.agreementId],
  ...permissionsIn(line),
  ...reasonsIn(line).flatMap((reason): [TermName, unknown][] => [
    ['reason', reason.code],
    ['rule', reason.ruleId],
  ]),
  ...(Array.isArray(line.permittedBy) ? line.permittedBy : []).map((rule): [TermName, unknown] => ['rule', rule]),
]

/** A chair's permission is named by its id, wherever in an entry it was relied on. */
const permissionsIn = (part: Content): readonly (readonly [TermName, unknown])[] => [
  ['permission', part.permissionId],
  ['permission', typeof part.permission === 'object' ? (part.permission as { id?: unknown } | null)?.id : part.permission],
]

export const outcomes = ['permitted', 'refused', 'shielded', 'repeated'] as const
export type LogOutcome = (typeof outcomes)[number]

/** What is shielded is refused as well. */
const outcomesOf = (effect: unknown): readonly LogOutcome[] => {
  if (effect === 'deny-ncnd') return ['refused', 'shielded']
  return isRefusal(effect) ? ['refused'] : effect === 'repeated' ? ['repeated'] : ['permitted']
}

const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const uuidIn = (value: unknown): string | null => (typeof value === 'string' && uuid.test(value) ? value.toLowerCase() : null)
