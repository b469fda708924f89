import type { Role } from '../../core/vocabulary.ts'

export interface HeldAppointment {
  readonly role: Role
  readonly areaId: string | null
}

/** A person at work in the console: who is looking, as their own agency said at sign-in. */
export interface Session {
  readonly agencyId: string
  readonly agencyName: string
  readonly clientId: string
  readonly personSub: string
  readonly displayName: string
  /** What was held when last read: it chooses the pages that are offered, never what is allowed. */
  readonly appointments: readonly HeldAppointment[]
  readonly formToken: string
  readonly authenticatedAt: Date
  /** By the database's clock. */
  readonly at: Date
  readonly expiresAt: Date
}

export interface SignInProvider {
  readonly agencyId: string
  readonly agencyName: string
  readonly clientId: string
  readonly issuer: string
  readonly discoveryUri: string
}

export interface PendingSignIn {
  readonly agencyId: string
  readonly clientId: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly toPath: string
  readonly afterAt: Date | null
}

/** What the console keeps between requests; every hash is SHA-256 of what the browser holds. */
export interface ConsoleStores {
  listProviders(): Promise<readonly SignInProvider[]>
  startSignIn(handleHash: Uint8Array, pending: PendingSignIn): Promise<void>
  /** Once only; null when it is over. */
  takeSignIn(handleHash: Uint8Array): Promise<PendingSignIn | null>
  startSession(tokenHash: Uint8Array, session: Omit<Session, 'agencyName' | 'at' | 'expiresAt'>): Promise<void>
  /** Counts as being seen; null when the session is over. */
  touchSession(tokenHash: Uint8Array): Promise<Session | null>
  endSession(tokenHash: Uint8Array): Promise<void>
  /** Names by id, of every agency that takes part. */
  agencyNames(): Promise<ReadonlyMap<string, string>>
}

/** The words of a refusal, as the policy in force has them. */
export interface ReasonWords {
  readonly code: string
  readonly says: string
  readonly nextStep: string
}

export interface ConsoleUses {
  readonly stores: ConsoleStores
  reasons(): Promise<readonly ReasonWords[]>
  /** Every rule of the policy in force, with the paragraph that it rests on. */
  rules(): Promise<readonly { readonly ruleId: string; readonly cites: string }[]>
  /** True in the sandbox only, whose providers are on this machine without TLS. */
  readonly insecureProviders: boolean
}
