/** Wrong codes that close a package for ever; the database holds the same number. */
export const MOST_WRONG_CODES = 5

export type PackageState = 'open' | 'opened' | 'closed' | 'replaced' | 'expired'

/** What happened to a sealed package so far. */
export interface PackageHistory {
  readonly expiresAt: Date
  readonly wrongCodes: number
  readonly openedAt: Date | null
  /** A later package of the same permission takes the place of this one. */
  readonly replaced: boolean
}

/** How a package stands at an instant. Whether the permission behind it holds is decided when it is opened, like everything else. */
export const packageState = (history: PackageHistory, at: Date): PackageState => {
  if (history.openedAt !== null) return 'opened'
  if (history.wrongCodes >= MOST_WRONG_CODES) return 'closed'
  if (history.replaced) return 'replaced'
  return at >= history.expiresAt ? 'expired' : 'open'
}
