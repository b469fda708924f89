import type { Logger } from 'pino'
import type { Answer, OperationRequest } from '../core/answer.ts'
import type { Caller } from '../core/caller.ts'
import type { Fault, FaultCode } from '../core/fault.ts'
import type { PackageDoor } from '../gateway/disclosure/package/package-door.ts'
import type { DoorRequest } from '../identity/identity-uses.ts'
import type { ConsoleUses } from './console/console-uses.ts'
import type { PublishedTree } from './routes/log-tiles.ts'
import type { Metrics } from './routes/metrics.ts'

/** One use case for each operationId of the contract. */
export type Operations = Readonly<Record<string, (caller: Caller, request: OperationRequest) => Promise<Answer>>>

/** A known caller's request that cannot be carried out: it is a decision, and it is logged as one. No values that were sent. */
export interface InvalidRequest {
  readonly operationId: string
  readonly method: string
  /** The path template, never the path. */
  readonly path: string
  /** `failure`: a bug of ours; what was asked of it is recorded all the same. */
  readonly code: FaultCode | 'failure'
  readonly details: Fault['details']
}

export interface SearchLimit {
  readonly allowed: boolean
  readonly remaining: number
  readonly resetSeconds: number
}

/** What the doors need from the house. */
export interface AppUses {
  readonly operations: Operations
  /** Throws the Fault `unauthenticated`. */
  authenticate(request: DoorRequest): Promise<Caller>
  /** The `WWW-Authenticate` value of that Fault. */
  challengeFor(fault: Fault): string | null
  /** Only the entry id of the answer is used; the problem is built here. */
  logInvalid(caller: Caller, invalid: InvalidRequest): Promise<Answer>
  logUnauthenticated(failure: { readonly reason: string; readonly sourceAddress: string }): Promise<void>
  /** The shared, stricter limit on searches; it throws when it cannot count. */
  limitSearch(key: string): Promise<SearchLimit>
  /** `alarms`: what must be looked into though the gateway serves. */
  readiness(): Promise<{ readonly ready: boolean; readonly why: readonly string[]; readonly alarms?: readonly string[] }>
  readonly info: Readonly<Record<string, unknown>>
  /** The console for people; absent where it is not served. */
  readonly console?: ConsoleUses
  /** Sealed packages for people outside any agency; absent where none are opened. */
  readonly packages?: PackageDoor
  /** The log's published tree; absent where it is not served. */
  readonly tree?: PublishedTree
  readonly log: Logger
  readonly metrics: Metrics
  readonly options?: Partial<DoorOptions>
}

export interface DoorOptions {
  /** Scheme and host as clients address the gateway, e.g. `https://gateway.example`; null takes it from the Host header. */
  readonly publicUrl: string | null
  readonly requestsPerWindow: number
  readonly windowSeconds: number
  /** Above this many requests at once the gateway answers 503 at the door. */
  readonly maxInFlight: number
}

export const defaultOptions: DoorOptions = { publicUrl: null, requestsPerWindow: 600, windowSeconds: 10, maxInFlight: 1000 }
