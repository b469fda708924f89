/** A small seeded generator (mulberry32): the sandbox must be the same every time, so nothing here draws on the system's randomness. */
export interface Random {
  /** From 0 (included) to 1 (not). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(values: readonly T[]): T
  chance(probability: number): boolean
}

export const seededBy = (text: string): Random => {
  let state = hash32(text)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(values: readonly T[]): T => {
    const value = values[between(0, values.length - 1)]
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }
  return { next, between, pick, chance: (probability) => next() < probability }
}

const hexDigits = '0123456789abcdef'
const sandboxEpochMs = Date.UTC(2026, 0, 5, 9)

/** A UUIDv7 that depends on its name alone: `position` seconds after a fixed instant, the rest from the seed. */
export const fixedId = (name: string, position = 0): string => {
  const random = seededBy(name)
  const time = (sandboxEpochMs + position * 1000).toString(16).padStart(12, '0')
  const hex = (digits: number) => {
    let drawn = ''
    while (drawn.length < digits) drawn += hexDigits[random.between(0, 15)]!
    return drawn
  }
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`
}

/** A UUIDv7 of that instant, so that what came later sorts later. */
export const idAt = (name: string, at: string): string => fixedId(name, Math.floor((Date.parse(at) - sandboxEpochMs) / 1000))

/** FNV-1a, 32 bits. */
const hash32 = (text: string): number => {
  let hash = 0x811c9dc5
  for (const unit of text) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}
