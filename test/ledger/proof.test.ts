import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyFrontier, type FullTile, frontierRoot, growFrontier, packFrontier, unpackFrontier } from '../../src/ledger/frontier.ts'
import { consistencyProof, inclusionProof } from '../../src/ledger/proof.ts'
import { parseTilePath, type ReadTile, subtreesFromTiles, tilePath } from '../../src/ledger/tiles.ts'
import { hashLeaf, rootOf } from '../../src/ledger/tree.ts'
import { merkleRoot } from '../../src/ledger/verify/hashing.ts'
import { provesConsistency, provesInclusion } from '../../src/ledger/verify/proofs.ts'
import { leaves as reference, roots } from './rfc6962-vectors.ts'

const leafAt = (i: number): Buffer => hashLeaf(Buffer.from(String(i)))
const many = Array.from({ length: 70_000 }, (_, i) => leafAt(i))
const grown = growFrontier(emptyFrontier, many)

/** Tiles as they are stored: leaves, and above them the roots that `growFrontier` told. */
const tilesOver = (leaves: readonly Buffer[], tiles: readonly FullTile[]) => {
  let hashesRead = 0
  const readTile: ReadTile = ({ level, index, width }) => {
    const from = index * 256
    const row =
      level === 0
        ? leaves.slice(from, from + width)
        : Array.from({ length: width }, (_, i) => tiles.find((tile) => tile.level === level - 1 && tile.index === from + i)!.root)
    hashesRead += row.length
    return Promise.resolve(Buffer.concat(row))
  }
  return { readTile, read: () => hashesRead }
}

const of8 = subtreesFromTiles(8, tilesOver(reference, []).readTile)
const hex = (path: readonly Buffer[]): string[] => path.map((node) => node.toString('hex'))

describe('the reference tree of eight leaves', () => {
  test.each(roots.map((root, i) => [i + 1, root] as const))('of size %i has its known root', (size, root) => {
    const leaves = reference.slice(0, size)
    expect(frontierRoot(growFrontier(emptyFrontier, leaves).frontier).toString('hex')).toBe(root)
    expect(rootOf(leaves).toString('hex')).toBe(root)
    expect(merkleRoot(leaves).toString('hex')).toBe(root)
  })

  test.each([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ] as const)('gives leaf %i of %i the published audit path', async (index, size, path) => {
    const read = subtreesFromTiles(size, tilesOver(reference, []).readTile)
    expect(hex(await inclusionProof({ index, size }, read))).toEqual(path)
  })

  test.each([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ] as const)('proves that %i begins %i with the published hashes', async (older, newer, path) => {
    const read = newer === 8 ? of8 : subtreesFromTiles(newer, tilesOver(reference, []).readTile)
    expect(hex(await consistencyProof({ older, newer }, read))).toEqual(path)
  })
})

const rootAt = (size: number): Buffer => merkleRoot(many.slice(0, size))

describe('proofs from tiles', () => {
  test('lead from any leaf to the root, are no longer than the tree is high, and fail with one bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: many.length }), fc.nat(), fc.nat(), async (size, pick, flip) => {
        const index = pick % size
        const tiles = tilesOver(many, grown.tiles)
        const path = await inclusionProof({ index, size }, subtreesFromTiles(size, tiles.readTile))
        const claim = { leaf: many[index]!, index, size, root: rootAt(size), path }
        expect(provesInclusion(claim)).toBe(true)
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)) + 1)
        // Two tiles of a level, the leaf's and the last, however long the log is.
        expect(tiles.read()).toBeLessThanOrEqual(2 * 256 * (Math.floor(Math.log2(Math.max(2, size)) / 8) + 1))
        expect(provesInclusion({ ...claim, leaf: many[(index + 1) % many.length]! })).toBe(false)
        expect(provesInclusion({ ...claim, path: [...path, leafAt(0)] })).toBe(false)
        if (path.length === 0) return
        const at = flip % path.length
        const bent = path.map((node, i) => (i === at ? Buffer.from(node.map((byte, j) => (j === flip % 32 ? byte ^ 1 : byte))) : node))
        expect(provesInclusion({ ...claim, path: bent })).toBe(false)
        expect(provesInclusion({ ...claim, path: path.slice(1) })).toBe(false)
        expect(provesInclusion({ ...claim, index: index ^ 1 })).toBe(false)
      }),
      { numRuns: 25 },
    )
  })

  test('prove that any older tree begins any newer one, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: many.length }), fc.nat(), fc.nat(), async (newer, pick, flip) => {
        const older = 1 + (pick % newer)
        const path = await consistencyProof({ older, newer }, subtreesFromTiles(newer, tilesOver(many, grown.tiles).readTile))
        const claim = { older: { size: older, root: rootAt(older) }, newer: { size: newer, root: rootAt(newer) }, path }
        expect(provesConsistency(claim)).toBe(true)
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(newer)) + 1)
        expect(provesConsistency({ ...claim, older: { size: older, root: leafAt(-1) } })).toBe(false)
        expect(provesConsistency({ ...claim, newer: { size: newer, root: leafAt(-1) } })).toBe(false)
        expect(provesConsistency({ ...claim, path: [...path, leafAt(0)] })).toBe(false)
        if (path.length === 0) return
        const at = flip % path.length
        const bent = path.map((node, i) => (i === at ? Buffer.from(node.map((byte, j) => (j === flip % 32 ? byte ^ 1 : byte))) : node))
        expect(provesConsistency({ ...claim, path: bent })).toBe(false)
        expect(provesConsistency({ ...claim, path: path.slice(0, -1) })).toBe(false)
      }),
      { numRuns: 25 },
    )
  })

  test('read a number of hashes that grows as the logarithm of the log, up to ten million entries', async () => {
    const seen: { entries: number; proof: number; read: number }[] = []
    for (const size of [1_000, 10_000, 100_000, 1_000_000, 10_000_000]) {
      let [proof, most] = [0, 0]
      for (let i = 0; i < 40; i += 1) {
        let read = 0
        const readTile: ReadTile = ({ width }) => {
          read += width
          return Promise.resolve(new Uint8Array(width * 32))
        }
        const index = Math.floor((i * size) / 40 + i) % size
        proof = Math.max(proof, (await inclusionProof({ index, size }, subtreesFromTiles(size, readTile))).length)
        most = Math.max(most, read)
      }
      seen.push({ entries: size, proof, read: most })
      expect(proof).toBeLessThanOrEqual(Math.ceil(Math.log2(size)))
      expect(most).toBeLessThanOrEqual(2 * 256 * Math.ceil(Math.log2(size) / 8))
    }
    console.table(seen)
  })

  test('grow leaf by leaf or all at once to the same frontier and tiles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 900 }), (size, step) => {
        let frontier = emptyFrontier
        const tiles: FullTile[] = []
        for (let at = 0; at < size; at += step) {
          const more = growFrontier(unpackFrontier(frontier.size, packFrontier(frontier)), many.slice(at, Math.min(size, at + step)))
          frontier = more.frontier
          tiles.push(...more.tiles)
        }
        const whole = growFrontier(emptyFrontier, many.slice(0, size))
        expect(frontier).toEqual(whole.frontier)
        expect(tiles).toEqual(whole.tiles)
        expect(frontierRoot(frontier).equals(rootAt(size))).toBe(true)
        expect(tiles.filter((tile) => tile.level === 0)).toHaveLength(Math.floor(size / 256))
      }),
      { numRuns: 40 },
    )
  })

  test('refuse a stored frontier that cannot be one', () => {
    expect(() => unpackFrontier(7, Buffer.alloc(64))).toThrow(RangeError)
  })
})

describe('the address of a tile', () => {
  test.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 3, index: 999, width: 17 }, 'tile/3/999.p/17'],
    [{ level: 63, index: 1_000, width: 255 }, 'tile/63/x001/000.p/255'],
  ])('%o is %s', (address, path) => {
    expect(tilePath(address)).toBe(path)
    expect(parseTilePath(path)).toEqual(address)
  })

  test.each([
    'tile/64/000',
    'tile/0/0',
    'tile/0/x000/001',
    'tile/0/1000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/00/000',
    'tile/0/000/',
    'tile/-1/000',
  ])('%s names none', (path) => expect(parseTilePath(path)).toBeNull())
})
