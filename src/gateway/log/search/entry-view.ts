import type { Standing } from '../../../core/snapshot.ts'
import { holdsRole, isPartnershipOfficer } from '../../roles.ts'

/** An entry's canonical JSON, parsed. */
export type Content = Readonly<Record<string, unknown>>

/** Bytes that are no JSON object say nothing: that they were altered is for the proofs to find, and no reason to stop reading. */
export const contentOf = (canonical: Uint8Array): Content => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(canonical).toString('utf8'))
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Content) : {}
  } catch {
    return {}
  }
}

/** For whom the log is opened: the partnership's appointed officer, or one agency's own. */
export interface LogReader {
  readonly everything: boolean
  readonly agencyId: string
}

/** Null for whoever is not appointed to review accesses (R42). */
export const logReaderOf = (standing: Standing, at: Date): LogReader | null => {
  const agencyId = standing.agency.id
  if (isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at)) return { everything: true, agencyId }
  return standing.agency.kind !== 'governance-body' && holdsRole(standing, ['ig-officer', 'dpo'], at)
    ? { everything: false, agencyId }
    : null
}

export const masked = 'masked: another agency’s words'

export const linesOf = (content: Content): readonly Content[] =>
  Array.isArray(content.categories) ? content.categories.filter((line): line is Content => typeof line === 'object' && line !== null) : []

/** Who asked, as the entry has it; null for what nobody identified did. */
export const callerIn = (
  content: Content,
): { readonly agencyId: string; readonly clientId: string; readonly personSub: string | null } | null =>
  (content.caller as { agencyId: string; clientId: string; personSub: string | null } | null | undefined) ?? null

/** The agencies that an entry is about besides the one that asked: who supplied a line, or whose own statement was decided on. */
export const suppliersIn = (content: Content): readonly string[] => {
  const named = [content.supplier, content.originator, content.originatorAgencyId, ...linesOf(content).map((line) => line.supplier)]
  return [...new Set(named.filter((name): name is string => typeof name === 'string'))]
}

export type View = 'whole' | 'lines'

/** How much of an entry its reader is shown; null: nothing, as if it were not there. */
export const viewOf = (reader: LogReader, content: Content): View | null => {
  if (reader.everything || callerIn(content)?.agencyId === reader.agencyId) return 'whole'
  return suppliersIn(content).includes(reader.agencyId) ? 'lines' : null
}

/** The entry as its reader may see it: other agencies' words masked, and to a supplier nothing but what it supplied. */
export const shownTo = (reader: LogReader, content: Content, view: View): Content => {
  if (view === 'lines') return ownLines(reader.agencyId, content)
  const own = callerIn(content)?.agencyId === reader.agencyId
  const words = freeWords.filter((name) => typeof content[name] === 'string')
  return own || words.length === 0 ? content : { ...content, ...Object.fromEntries(words.map((name) => [name, masked])) }
}

/** What somebody wrote in their own words to say why. */
const freeWords = ['justification', 'why'] as const

const frame = [
  'entryId',
  'at',
  'operation',
  'event',
  'caller',
  'offenderId',
  'purpose',
  'legalGateway',
  'policy',
  'engine',
  'format',
] as const

const ownLines = (agencyId: string, content: Content): Content => {
  const mine = linesOf(content).filter((line) => line.supplier === agencyId)
  const common = content.facts ?? {}
  const items = content.itemFacts ?? {}
  return {
    ...Object.fromEntries(frame.flatMap((name) => (content[name] === undefined ? [] : [[name, content[name]]]))),
    ...outcomeOf(mine, content),
    ...(typeof content.justification === 'string' ? { justification: masked } : {}),
    // Facts that the lines share were written once: each line of one's own gets them back, and nobody else's are left.
    categories: mine.map((line) => ({ ...line, facts: { ...common, ...(line.facts as object) }, commonItemFacts: items })),
  }
}

/** What became of these lines alone: that another agency's were refused or given is not told by what stands above them. */
const outcomeOf = (lines: readonly Content[], content: Content): { readonly effect: unknown; readonly reason: unknown } => {
  if (lines.length === 0) return { effect: content.effect, reason: content.reason }
  const refusals = lines.flatMap((line) => reasonsIn(line).slice(0, 1))
  if (lines.some((line) => line.outcome !== 'withheld')) return { effect: 'permit', reason: refusals[0]?.code ?? null }
  return { effect: lines.every((line) => line.effect === 'deny-ncnd') ? 'deny-ncnd' : 'deny', reason: refusals[0]?.code ?? null }
}

export interface StoredReason {
  readonly code: string
  /** Absent where only the rule was kept: its stage stands in the bundle. */
  readonly stage?: string
  readonly ruleId: string
}

/** Everything that was refused in a line: the category, its fields, its items. */
export const reasonsIn = (line: Content): readonly StoredReason[] =>
  ['reasons', 'withheldItems', 'withheldFields'].flatMap((name) => (Array.isArray(line[name]) ? (line[name] as StoredReason[]) : []))
