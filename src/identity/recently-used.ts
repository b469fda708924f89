/** A bounded memory: when it is full, what was used longest ago is forgotten. */
export interface RecentlyUsed<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

export function makeRecentlyUsed<Value>(capacity: number): RecentlyUsed<Value> {
  // A Map keeps insertion order, so that its first key is the one used longest ago.
  const values = new Map<string, Value>()
  return {
    get(key) {
      const value = values.get(key)
      if (value === undefined) return undefined
      values.delete(key)
      values.set(key, value)
      return value
    },
    set(key, value) {
      values.delete(key)
      values.set(key, value)
      const oldest = values.keys().next()
      if (values.size > capacity && !oldest.done) values.delete(oldest.value)
    },
    delete(key) {
      values.delete(key)
    },
  }
}
