import { createHash } from 'node:crypto'
import { Fault } from '../../../core/fault.ts'
import type { IndexPlace, IndexQuestion } from '../../../db/log/search/log-search.ts'
import { canonicalJson } from '../../../ledger/canonical-json.ts'
import { supplierTerm, termOf, type TermName } from './index-terms.ts'

/** What is looked for; all that is given must be true of an entry. */
export interface LogFilter {
  readonly subject?: string
  readonly person?: { readonly agencyId: string; readonly sub: string }
  readonly agencyId?: string
  readonly supplierAgencyId?: string
  readonly clientId?: string
  readonly category?: string
  readonly purpose?: string
  readonly event?: string
  readonly operation?: string
  readonly outcome?: string
  readonly reason?: string
  readonly ruleId?: string
  readonly agreementId?: string
  readonly permissionId?: string
  readonly from?: string
  readonly until?: string
  readonly words?: string
}

const termNames = {
  supplierAgencyId: 'supplier',
  clientId: 'system',
  category: 'category',
  purpose: 'purpose',
  event: 'event',
  operation: 'operation',
  outcome: 'outcome',
  reason: 'reason',
  ruleId: 'rule',
  agreementId: 'agreement',
  permissionId: 'permission',
} as const satisfies Partial<Record<keyof LogFilter, TermName>>

export const questionOf = (filter: LogFilter, reader: IndexQuestion['reader'], upTo: number): IndexQuestion => {
  const asked = Object.entries(termNames).flatMap(([key, name]) => {
    const value = filter[key as keyof typeof termNames]
    return value === undefined ? [] : [{ name, value: name === 'agreement' || name === 'permission' ? value.toLowerCase() : value }]
  })
  const refusedOnly = filter.outcome === 'refused'
  return {
    reader,
    upTo,
    offenderId: filter.subject?.toLowerCase() ?? null,
    person: filter.person ?? null,
    agencyId: filter.agencyId ?? null,
    from: instantIn(filter.from, '/filter/from'),
    until: instantIn(filter.until, '/filter/until'),
    refusedOnly,
    words: filter.words ?? null,
    terms: asked.filter(({ name }) => !(name === 'outcome' && refusedOnly)).map(({ name, value }) => termOf(name, value)),
    ownTerms: [
      supplierTerm(reader.agencyId),
      // Who else supplied something is not theirs to know.
      ...asked.map(({ name, value }) => (name === 'supplier' ? ownSupplier(value, reader.agencyId) : termOf(name, value, reader.agencyId))),
    ],
  }
}

const ownSupplier = (value: string, agencyId: string): string => (value === agencyId ? supplierTerm(agencyId) : 'nobody=')

const instantIn = (text: string | undefined, path: string): Date | null => {
  if (text === undefined) return null
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new Fault('invalid', 'A time is not one.', { details: [{ path, message: 'is not an instant' }] })
  return at
}

export interface LogCursor {
  readonly upTo: number
  readonly place: IndexPlace
}

/** Belongs to one filter: with another it would page through a question that was never asked. */
const markOf = (filter: LogFilter): string => createHash('sha256').update(canonicalJson(filter)).digest('base64url').slice(0, 16)

export const writeCursor = ({ upTo, place }: LogCursor, filter: LogFilter): string =>
  Buffer.from(JSON.stringify([upTo, place.at, place.leafIndex, markOf(filter)])).toString('base64url')

const instant = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/

/** @throws Fault `invalid` for anything that was not handed out for this filter */
export const readCursor = (cursor: string | null, filter: LogFilter): LogCursor | null => {
  if (cursor === null) return null
  const read = parsed(cursor)
  const [upTo, at, leafIndex, mark] = Array.isArray(read) ? (read as unknown[]) : []
  const whole = [upTo, leafIndex].every((value) => Number.isSafeInteger(value) && (value as number) >= 0)
  if (!whole || typeof at !== 'string' || !instant.test(at) || mark !== markOf(filter)) throw notHandedOut()
  return { upTo: upTo as number, place: { at, leafIndex: leafIndex as number } }
}

const notHandedOut = (): Fault =>
  new Fault('invalid', 'The cursor is not one that was handed out for this filter.', {
    details: [{ path: '/cursor', message: 'was not handed out for this filter' }],
  })

const parsed = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
