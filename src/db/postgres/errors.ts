import pg from 'pg'
import { Fault } from '../../core/fault.ts'

/** The cause of a fault after which nobody can tell whether the transaction was committed: read back, or treat it as either. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('The connection was lost before PostgreSQL said whether the transaction was committed.', { cause })
    this.name = 'CommitUnknown'
  }
}

/**
 * SQLSTATE classes and codes after which the same request may succeed later (PostgreSQL, appendix A), with seconds to wait. A
 * database that somebody has to put right first is one that cannot answer now.
 */
const passing: Readonly<Record<string, number>> = {
  '08': 2, // connection
  '28': 5, // this role may not connect
  '3D000': 5, // no such database
  '42501': 5, // a right was taken away, that of writing the log among them
  '42P01': 5, // a table is not there
  '55000': 5, // the database takes no connections
  '53': 5, // too many connections, disk full, out of memory
  '57': 2, // shutdown, crash, cancelled by a time limit
  '58': 5, // input or output failed
  '25006': 5, // read-only: a standby, or a disk that went read-only
  '25P03': 1, // idle too long inside a transaction
  '55P03': 1, // lock not available in time
  '40001': 1, // serialisation
  '40P01': 1, // deadlock
}

const socketErrors: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
])

/** pg gives these errors no code. */
const lostConnection =
  /timeout exceeded when trying to connect|timeout expired|Connection terminated|Query read timeout|not queryable|pool after calling end|Client was closed/

/** Turns what PostgreSQL or the way to it cannot do now into a `Fault`; anything else comes back as it was. */
export function toFault(error: unknown): unknown {
  if (error instanceof Fault) return error
  const seconds = secondsToWait(error)
  if (seconds === null) return error
  return new Fault('unavailable', 'The database cannot answer at the moment.', { retryAfterSeconds: seconds, cause: error })
}

function secondsToWait(error: unknown): number | null {
  if (error instanceof CommitUnknown) return 2
  if (!(error instanceof Error)) return null
  if (error instanceof pg.DatabaseError) return passing[error.code ?? ''] ?? passing[(error.code ?? '').slice(0, 2)] ?? null
  if (error instanceof AggregateError) return error.errors.map(secondsToWait).find((seconds) => seconds !== null) ?? null
  const { code } = error as NodeJS.ErrnoException
  return socketErrors.has(code ?? '') || lostConnection.test(error.message) ? 2 : null
}
