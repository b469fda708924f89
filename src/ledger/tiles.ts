import { TILE_WIDTH } from './frontier.ts'
import type { ReadSubtrees } from './proof.ts'
import { rootOf } from './tree.ts'

/** A tile of hashes (C2SP tlog-tiles): `width` is 256 for a full tile, less for the last one of its level. */
export interface TileAddress {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** Hashes of a tile's level in a tree of `size` leaves. */
export const widthOfLevel = (size: number, level: number): number => Math.floor(size / TILE_WIDTH ** level)

/** `tile/<L>/<N>[.p/<W>]`: N in groups of three digits, all but the last beginning with x. */
export const tilePath = ({ level, index, width }: TileAddress): string => {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/.{3}/g)!
  const path = groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/')
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

const shape = /^tile\/(\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

/** The address that a path names; null for any other spelling of it, so that each tile has one address. */
export const parseTilePath = (path: string): TileAddress | null => {
  const match = shape.exec(path)
  if (match === null) return null
  const [, level, groups, width] = match
  const address = {
    level: Number(level),
    index: Number(groups!.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  return tilePath(address) === path ? address : null
}

/** Reads a tile's hashes, 32 bytes each; the tile must be covered by the tree. */
export type ReadTile = (address: TileAddress) => Promise<Uint8Array>

/** Finds complete subtrees inside the tiles of a tree of `size` leaves: at most one tile of a level for a proof, and each read once. */
export const subtreesFromTiles = (size: number, readTile: ReadTile): ReadSubtrees => {
  const read = new Map<string, Promise<Uint8Array>>()
  const tileAt = (level: number, index: number): Promise<Uint8Array> => {
    const width = Math.min(TILE_WIDTH, widthOfLevel(size, level) - index * TILE_WIDTH)
    const path = tilePath({ level, index, width })
    const known = read.get(path) ?? readTile({ level, index, width })
    read.set(path, known)
    return known
  }
  return (subtrees) =>
    Promise.all(
      subtrees.map(async ({ level, index }) => {
        const inTile = level % 8
        const first = index * 2 ** inTile
        const bytes = await tileAt((level - inTile) / 8, Math.floor(first / TILE_WIDTH))
        const start = (first % TILE_WIDTH) * 32
        return rootOf(Array.from({ length: 2 ** inTile }, (_, i) => bytes.subarray(start + i * 32, start + i * 32 + 32)))
      }),
    )
}
