import { randomBytes } from './random-bytes.ts'

/** A UUIDv7 that carries the instant given: for entries, when their request came in and not how long it took. */
export const newIdAt = (at: Date | undefined): string => idOf(at?.getTime() ?? Date.now())

/** A UUIDv7 (RFC 9562 section 5.7): milliseconds, then randomness; ids made in one process sort by the time they were made. */
export const newId = (): string => idOf(Date.now())

const idOf = (milliseconds: number): string => {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(milliseconds, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
