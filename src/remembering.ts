const KEEP_MS = 1_000
const MOST = 1_000

/**
 * Remembers what was found for a second, and asks once for many at the same time. What was not found is not remembered: a
 * newly registered system is known at once. Only for doors: whatever releases reads again under its lock.
 */
export const remembering = <Found>(
  find: (key: string) => Promise<Found | null>,
  monotonic: () => number,
): ((key: string) => Promise<Found | null>) => {
  const known = new Map<string, { readonly until: number; readonly found: Promise<Found | null> }>()
  return (key) => {
    const remembered = known.get(key)
    if (remembered !== undefined && monotonic() < remembered.until) return remembered.found
    if (known.size >= MOST) known.clear()
    const found = find(key)
    known.set(key, { until: monotonic() + KEEP_MS, found })
    const forget = (): void => {
      known.delete(key)
    }
    found.then((value) => (value === null ? forget() : undefined), forget)
    return found
  }
}
