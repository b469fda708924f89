import { createHmac } from 'node:crypto'

/** HMAC-SHA256 of one spelt part under the partnership's staff key: what the staff register and the register of people are compared by. */
export const partHash = (key: Uint8Array, part: string): Buffer => createHmac('sha256', key).update(part).digest()
