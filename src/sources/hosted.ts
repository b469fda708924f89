import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { HostedRecord, Item } from '../core/snapshot.ts'
import { type CategoryTerms, type ItemDefaults, itemDefaults, completeItem, type GivenItem, toItem } from './item.ts'
import type { SourceReply } from './source.ts'

/** Where a sealed value stands; it opens nowhere else. */
export interface Place {
  readonly table: string
  readonly id: string
  readonly column: string
}

export interface SealingKey {
  /** At most 64 characters; stands in clear in front of what it sealed. */
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

export interface Sealer {
  readonly seal: (plain: Uint8Array, place: Place) => Uint8Array
  /** The plain bytes; null when they do not authenticate for this place, whatever the cause: unknown key, another row's value, a changed bit. */
  readonly open: (sealed: Uint8Array, place: Place) => Uint8Array | null
  /** The same value under the current key, its content untouched; null when it does not open. */
  readonly rewrap: (sealed: Uint8Array, place: Place) => Uint8Array | null
}

/** Sizes of AES-256-GCM as NIST SP 800-38D recommends them: a 96-bit nonce and a full tag. */
const version = 1
const [keyBytes, nonceBytes, tagBytes] = [32, 12, 16]
const wrappedBytes = nonceBytes + keyBytes + tagBytes

/**
 * Seals values with a key of their own, which is wrapped by the current key: version, key id, wrapped key, content.
 * A key that wraps may be used for 2^32 values (SP 800-38D section 8.3), then it is due for replacement.
 * @throws Error at start when a key is not 32 bytes or an id is used twice
 */
export function makeSealer(keys: { readonly current: SealingKey; readonly older: readonly SealingKey[] }): Sealer {
  const current = toKey(keys.current)
  const known = new Map([...keys.older.map((older) => [older.id, toKey(older)] as const), [keys.current.id, current] as const])
  if (known.size !== keys.older.length + 1) throw new Error('two sealing keys have the same id')
  const header = Buffer.concat([Buffer.from([version, Buffer.byteLength(keys.current.id)]), Buffer.from(keys.current.id)])
  const wrap = (dataKey: Buffer, place: Buffer) => Buffer.concat([header, encrypt(current, dataKey, Buffer.concat([header, place]))])
  const unwrap = (sealed: Uint8Array, place: Buffer): Unwrapped | null => {
    const at = 2 + (sealed[1] ?? 0)
    if (sealed[0] !== version || sealed.length < at + wrappedBytes) return null
    const key = known.get(Buffer.from(sealed.subarray(2, at)).toString())
    const dataKey = key && decrypt(key, sealed.subarray(at, at + wrappedBytes), Buffer.concat([sealed.subarray(0, at), place]))
    return dataKey ? { dataKey, content: sealed.subarray(at + wrappedBytes) } : null
  }
  return {
    seal: (plain, place) => {
      const [dataKey, bound] = [randomBytes(keyBytes), placeBytes(place)]
      return Buffer.concat([wrap(dataKey, bound), encrypt(createSecretKey(dataKey), plain, bound)])
    },
    open: (sealed, place) => {
      const bound = placeBytes(place)
      const found = unwrap(sealed, bound)
      return found && decrypt(createSecretKey(found.dataKey), found.content, bound)
    },
    rewrap: (sealed, place) => {
      const bound = placeBytes(place)
      const found = unwrap(sealed, bound)
      if (!found || !decrypt(createSecretKey(found.dataKey), found.content, bound)) return null
      return Buffer.concat([wrap(found.dataKey, bound), found.content])
    },
  }
}

interface Unwrapped {
  readonly dataKey: Buffer
  readonly content: Uint8Array
}

/** A `KeyObject`, because a cipher made from raw bytes takes four times as long. */
function toKey({ id, key }: SealingKey): KeyObject {
  if (!/^[\w.:-]{1,64}$/.test(id)) throw new Error('a sealing key id is 1 to 64 letters, digits and . : _ -')
  if (key.length !== keyBytes) throw new Error(`sealing key ${id} is ${key.length} bytes long, expected ${keyBytes}`)
  return createSecretKey(key)
}

/** JSON, so that no two places run together into the same bytes. */
const placeBytes = ({ table, id, column }: Place): Buffer => Buffer.from(JSON.stringify([table, id, column]))

function encrypt(key: KeyObject, plain: Uint8Array, bound: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(bound)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: KeyObject, sealed: Uint8Array, bound: Uint8Array): Buffer | null {
  if (sealed.length < nonceBytes + tagBytes) return null
  const end = sealed.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(bound).setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(nonceBytes, end))
  try {
    // In this mode the end brings no bytes, only the verdict on those before it.
    decipher.final()
    return plain
  } catch {
    return null
  }
}

const recordPlace = (id: string): Place => ({ table: 'hosted_record', id, column: 'sealed' })

/** The sealed form of a hosted record's items, as `hosted_record.sealed` keeps it; bound to the row's id. */
export function sealItems(items: readonly Partial<Item>[], recordId: string, sealer: Sealer): Uint8Array {
  // Checked before it is sealed: what opens later is taken as it was written.
  if (!items.every((item) => toItem(item, itemDefaults('', undefined)) !== null))
    throw new TypeError('a hosted record holds items, each with fields')
  return sealer.seal(Buffer.from(JSON.stringify(items)), recordPlace(recordId))
}

/**
 * The items of a hosted record (unrestricted where the contribution did not say otherwise, as the contract has it), as a source's reply. A value that does not open (another row's, tampered with, its key gone)
 * or holds no items is `unavailable`: `failed` when it does not open, `invalid-reply` when it opens to something else.
 */
export function openItems(record: HostedRecord, sealer: Sealer, terms: CategoryTerms | undefined): SourceReply {
  const { category, agencyId } = record
  const plain = sealer.open(record.sealed, recordPlace(record.id))
  if (!plain) return { category, outcome: 'unavailable', because: 'failed' }
  const items = parseItems(plain, { ...itemDefaults(agencyId, terms), restricted: false })
  return items ? { category, outcome: 'items', items } : { category, outcome: 'unavailable', because: 'invalid-reply' }
}

/** Authenticated, so the gateway checked and wrote it itself; what is not a list of items is refused all the same. */
function parseItems(plain: Uint8Array, defaults: ItemDefaults): readonly Item[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(plain.buffer, plain.byteOffset, plain.length).toString())
    return Array.isArray(value) && value.every(hasFields) ? value.map((one) => completeItem(one, defaults)) : null
  } catch {
    return null
  }
}

const hasFields = (value: unknown): value is GivenItem => {
  const fields = typeof value === 'object' && value !== null ? (value as { fields?: unknown }).fields : null
  if (typeof fields !== 'object' || fields === null) return false
  return Object.values(fields).every((field) => typeof field !== 'object' || field === null || Array.isArray(field))
}
