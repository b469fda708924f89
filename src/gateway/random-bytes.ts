import { randomBytes as drawBytes } from 'node:crypto'

const AT_ONCE = 8_192

let drawn = Buffer.alloc(0)
let used = 0

/** Random bytes of the system's generator, drawn many at once: each draw costs as much as thousands of bytes. Nothing is handed out twice. */
export const randomBytes = (count: number): Buffer => {
  if (count > drawn.length - used) {
    // A new buffer and not the same filled again: what was handed out is a view of it.
    drawn = drawBytes(Math.max(count, AT_ONCE))
    used = 0
  }
  used += count
  return drawn.subarray(used - count, used)
}
