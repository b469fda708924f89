import type { CommittedEntry } from '../../../../db/log/search/log-search.ts'
import { type LogLine, logLine, type ShownEntry } from '../log-line.ts'
import { auditEvent } from './audit-event.ts'
import { csvText } from './csv.ts'

export const exportFormats = ['csv', 'json-lines', 'hmpps-audit'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportedEntry {
  readonly shown: ShownEntry
  readonly committed: CommittedEntry
}

const column =
  (pick: (line: LogLine) => readonly (string | null)[]) =>
  (line: LogLine): string =>
    [...new Set(pick(line).filter((value) => value !== null))].join(' ')

const columns: readonly (readonly [string, (line: LogLine) => string])[] = [
  ['entryId', (line) => line.entryId],
  ['leafIndex', (line) => String(line.leafIndex)],
  ['at', column((line) => [line.at])],
  ['operation', column((line) => [line.operation])],
  ['event', column((line) => [line.event])],
  ['effect', column((line) => [line.effect])],
  ['reason', column((line) => [line.reason])],
  ['agencyId', column((line) => [line.caller?.agencyId ?? null])],
  ['clientId', column((line) => [line.caller?.clientId ?? null])],
  ['personSub', (line) => line.caller?.personSub ?? ''],
  ['offenderId', column((line) => [line.offenderId])],
  ['purpose', column((line) => [line.purpose])],
  ['legalGateway', column((line) => [line.legalGateway])],
  ['justification', (line) => line.justification ?? ''],
  ['categories', column((line) => line.categories.map((one) => one.category))],
  ['outcomes', (line) => line.categories.map((one) => `${one.category ?? '?'}:${one.outcome ?? '?'}`).join(' ')],
  ['suppliers', column((line) => line.categories.map((one) => one.supplier))],
  ['agreements', column((line) => line.categories.map((one) => one.agreementId))],
  ['rules', column((line) => line.categories.flatMap((one) => one.rules))],
  ['reasons', column((line) => line.categories.flatMap((one) => one.reasons))],
]

/** What an outsider's copy can go without, and in which columns it stands. */
const leftOutColumns = { justification: ['justification'], staff: ['personSub'], person: ['offenderId'] } as const
export type LeftOut = keyof typeof leftOutColumns

/** Stands where something was left out, so that nobody takes the cell for one that was empty. */
export const leftOutMark = '[left out]'

const jsonLine = ({ shown, committed }: ExportedEntry): object => {
  const { found, view, content, asWritten } = shown
  const { leafHash, salt, receiptDigest } = committed
  return {
    entryId: found.entryId,
    leafIndex: found.leafIndex,
    leafHash: leafHash.toString('hex'),
    view,
    entry: content,
    // Bytes are given only with nothing in them masked: with the salt they are what the leaf was made from.
    committed: asWritten
      ? { salt: salt.toString('hex'), receiptDigest: receiptDigest?.toString('hex') ?? null, canonical: found.canonical.toString('utf8') }
      : null,
  }
}

const lines = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('')

const requestIdIn = ({ content }: ShownEntry): string | null => {
  const id = (content.caller as { requestId?: unknown } | null | undefined)?.requestId
  return typeof id === 'string' ? id : null
}

const csvOf = (entries: readonly ExportedEntry[], leaveOut: readonly LeftOut[]): string => {
  const hidden = new Set<string>(leaveOut.flatMap((one) => leftOutColumns[one]))
  return csvText([
    columns.map(([name]) => name),
    ...entries.map(({ shown }) => {
      const line = logLine(shown)
      return columns.map(([name, cell]) => {
        const value = cell(line)
        return value !== '' && hidden.has(name) ? leftOutMark : value
      })
    }),
  ])
}

const writers: Readonly<Record<ExportFormat, (entries: readonly ExportedEntry[], leaveOut: readonly LeftOut[]) => string>> = {
  csv: csvOf,
  'json-lines': (entries) => lines(entries.map(jsonLine)),
  'hmpps-audit': (entries) => lines(entries.map(({ shown }) => auditEvent(logLine(shown), requestIdIn(shown)))),
}

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  'json-lines': 'application/jsonl',
  'hmpps-audit': 'application/jsonl',
}

export const exportText = (format: ExportFormat, entries: readonly ExportedEntry[], leaveOut: readonly LeftOut[] = []) => ({
  mediaType: mediaTypes[format],
  content: writers[format](entries, leaveOut),
})
