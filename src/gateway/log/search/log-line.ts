import type { FoundEntry } from '../../../db/log/search/log-search.ts'
import { callerIn, type Content, contentOf, linesOf, type LogReader, reasonsIn, shownTo, type View, viewOf } from './entry-view.ts'

/** One found entry as its reader may see it. */
export interface ShownEntry {
  readonly found: FoundEntry
  readonly view: View
  readonly content: Content
  /** Nothing is masked or left out. */
  readonly asWritten: boolean
}

/** An entry that the index finds and the reader may not see would be a fault of the index: it is left out, never shown. */
export const showEntries = (reader: LogReader, found: readonly FoundEntry[]): readonly ShownEntry[] =>
  found.flatMap((one) => {
    const content = contentOf(one.canonical)
    const view = viewOf(reader, content)
    if (view === null) return []
    const shown = shownTo(reader, content, view)
    return [{ found: one, view, content: shown, asWritten: shown === content }]
  })

/** A line of a search's answer: enough to choose what to read in full. */
export const logLine = ({ found, view, content }: ShownEntry) => ({
  entryId: found.entryId,
  leafIndex: found.leafIndex,
  at: textOf(content.at),
  operation: textOf(content.operation),
  event: textOf(content.event),
  effect: textOf(content.effect),
  reason: textOf(content.reason),
  caller: callerOf(content),
  offenderId: textOf(content.offenderId),
  purpose: textOf(content.purpose) ?? textOf(content.logPurpose),
  legalGateway: textOf(content.legalGateway),
  justification: textOf(content.justification),
  view,
  categories: linesOf(content).map(categoryLine),
})

export type LogLine = ReturnType<typeof logLine>

const callerOf = (content: Content) => {
  const caller = callerIn(content)
  return caller === null ? null : { agencyId: caller.agencyId, clientId: caller.clientId, personSub: caller.personSub }
}

const categoryLine = (line: Content) => {
  const agreement = line.agreement as { agreementId?: unknown; version?: unknown } | null | undefined
  return {
    category: textOf(line.category),
    outcome: textOf(line.outcome),
    supplier: textOf(line.supplier),
    effect: textOf(line.effect),
    agreementId: textOf(agreement?.agreementId),
    fields: Array.isArray(line.fields) ? line.fields.map(String) : [],
    rules: [
      ...new Set([
        ...reasonsIn(line).map(({ ruleId }) => ruleId),
        ...(Array.isArray(line.permittedBy) ? line.permittedBy.map(String) : []),
      ]),
    ],
    reasons: [...new Set(reasonsIn(line).map(({ code }) => code))],
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
