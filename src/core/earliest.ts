/** The first of the instants that are known; null when none is. */
export const earliest = (instants: readonly (Date | null)[]): Date | null => {
  let first: Date | null = null
  for (const instant of instants) if (instant !== null && (first === null || instant < first)) first = instant
  return first
}
