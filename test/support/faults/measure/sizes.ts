import { inject } from 'vitest'

export interface Sizes {
  readonly withdrawals: number
  readonly readers: number
  /** Withdrawals at once. */
  readonly parallel: number
  /** Of every other kind of change. */
  readonly rounds: number
  /** Of the races that have to be lost. */
  readonly controlWithdrawals: number
  readonly unlockedWithdrawals: number
  readonly gatewayKills: number
  readonly databaseKills: number
  readonly requestsPerSecond: number
  /** Answers of each kind that are timed against each other; nought: only their bytes are compared. */
  readonly timings: number
  readonly federated: number
  /** Walks of the models over meetings and over cases. */
  readonly meetings: number
  readonly cases: number
  /** Random sequences of what happens to permissions. */
  readonly sequences: number
  readonly limitMs: number
}

export type Size = 'short' | 'long'

/** The short form is part of every test run; the long form is what the figures are taken from. */
export const sizes: Readonly<Record<Size, Sizes>> = {
  short: {
    withdrawals: 40,
    readers: 4,
    parallel: 4,
    rounds: 5,
    controlWithdrawals: 8,
    unlockedWithdrawals: 0,
    gatewayKills: 3,
    databaseKills: 1,
    requestsPerSecond: 100,
    timings: 0,
    federated: 20,
    meetings: 10,
    cases: 15,
    sequences: 6,
    limitMs: 180_000,
  },
  long: {
    withdrawals: 1_000,
    readers: 10,
    parallel: 6,
    rounds: 50,
    controlWithdrawals: 200,
    unlockedWithdrawals: 1_000,
    gatewayKills: 50,
    databaseKills: 10,
    requestsPerSecond: 200,
    timings: 10_000,
    federated: 500,
    meetings: 100,
    cases: 60,
    sequences: 400,
    limitMs: 1_800_000,
  },
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where nobody asked for the long form. */
    faults?: { readonly size: Size; readonly report: string }
  }
}

export const currentSizes = (): Sizes => sizes[inject('faults')?.size ?? 'short']
