import { createHash } from 'node:crypto'
import type { Database } from '../../../db/db.ts'
import { countSearch, type Quota } from '../../../db/doors/search-quota.ts'
import type { LogWriter } from '../../commit/log-writer.ts'
import type { NotDelivered } from '../../commit/settle.ts'
import type { DisclosureUses } from '../known-request.ts'
import { noteDelivery, noteLostPackages } from './note-delivery.ts'
import { type Opened, type OpenPackage, openPackage } from './open-package.ts'

/** What the page of sealed packages needs from the house. */
export interface PackageDoor {
  readonly open: OpenPackage
  /** The answer has left whole, or its connection ended first. */
  left(opened: Extract<Opened, { outcome: 'opened' }>, whole: boolean): void
  /** Counts a try of an address, over all instances; throws when it cannot count. */
  limit(address: string): Promise<Quota>
  /** Looks for what was opened and never seen to leave; called once a minute. */
  noteLost(): Promise<number>
}

interface Uses extends Pick<DisclosureUses, 'commitChange' | 'policies' | 'newId' | 'records'> {
  readonly database: Database
  readonly log: LogWriter
  readonly notDelivered: NotDelivered
  readonly sealer: {
    seal(plain: Uint8Array, place: Parameters<DisclosureUses['seal']>[1]): Uint8Array
    open(sealed: Uint8Array, place: Parameters<DisclosureUses['open']>[1]): Uint8Array | null
  }
  readonly limit: { readonly most: number; readonly windowSeconds: number } | undefined
  readonly warn: (message: string, cause: unknown) => void
}

/** Enough for somebody who types badly, on every instance together. */
const usualLimit = { most: 10, windowSeconds: 60 }

export const makePackageDoor = (uses: Uses): PackageDoor => {
  const { sealer } = uses
  const note = noteDelivery(uses)
  return {
    open: openPackage({
      ...uses,
      seal: (text, place) => sealer.seal(Buffer.from(text), place),
      open: (sealed, place) => {
        const plain = sealer.open(sealed, place)
        return plain === null ? null : Buffer.from(plain).toString('utf8')
      },
    }),
    left: (opened, whole) => {
      note(opened, whole).catch((cause: unknown) => uses.warn('whether a sealed package was delivered could not be noted', cause))
    },
    // An address is kept for the length of a window, and as a hash.
    limit: (address) =>
      countSearch(uses.database, `package ${createHash('sha256').update(address).digest('base64url')}`, uses.limit ?? usualLimit),
    noteLost: () => noteLostPackages(uses),
  }
}
