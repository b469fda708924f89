import { generateKeyPairSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sealBatch, type SealableEntry } from '../../src/ledger/batch.ts'
import { receiptOf, verifyReceipt } from '../../src/ledger/receipt.ts'
import { hashLeaf, rootAndPaths, rootFromPath, rootOf } from '../../src/ledger/tree.ts'
import { leaves, roots } from './rfc6962-vectors.ts'

describe('RFC 6962 tree', () => {
  test.each(roots.map((root, i) => [i + 1, root] as const))('the root over the first %i reference leaves', (size, root) => {
    expect(rootOf(leaves.slice(0, size)).toString('hex')).toBe(root)
  })

  test('every leaf of every size proves itself, and no path survives a flipped bit, a wrong place or a wrong size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, pick, flip) => {
        const tree = Array.from({ length: size }, (_, i) => hashLeaf(Buffer.from([i])))
        const { root, paths } = rootAndPaths(tree)
        const index = pick % size
        const place = { leaf: tree[index]!, index, size, path: paths[index]! }
        expect(rootFromPath(place)?.equals(root)).toBe(true)
        expect(rootFromPath({ ...place, index: (index + 1) % size, size })?.equals(root) ?? false).toBe(size === 1)
        if (place.path.length > 0) {
          const at = flip % place.path.length
          const bent = place.path.map((node, i) => (i === at ? Buffer.from(node.map((b, j) => (j === flip % 32 ? b ^ 1 : b))) : node))
          expect(rootFromPath({ ...place, path: bent })?.equals(root) ?? false).toBe(false)
          expect(rootFromPath({ ...place, path: place.path.slice(1) })?.equals(root) ?? false).toBe(false)
        }
        expect(rootFromPath({ ...place, path: [...place.path, tree[0]!] })).toBeNull()
      }),
    )
  })
})

describe('receipts', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const entries: SealableEntry[] = Array.from({ length: 5 }, (_, i) => ({
    entryId: `entry-${i}`,
    salt: randomBytes(32),
    canonical: Buffer.from(`{"n":${i}}`),
    receiptBody: Buffer.from(`{"entryId":"entry-${i}"}`),
  }))
  const batch = sealBatch(entries, { epoch: 'e', counter: 1, previous: null, at: new Date(0) }, { kid: 'k', privateKey })

  test('each entry of a commit has a receipt that verifies with the public key alone', () => {
    entries.forEach((entry, i) => expect(verifyReceipt(receiptOf(batch, i, entry.receiptBody), publicKey)).toBe(true))
  })

  test.each([
    ['another summary', { body: '{"entryId":"entry-9"}' }],
    ['another place', { index: 2 }],
    ['another size', { size: 4 }],
    ['another commitment', { commitment: randomBytes(32).toString('base64url') }],
    [
      'a signature by somebody else',
      { batch: sealBatch(entries, batch.place, { kid: 'k', privateKey: generateKeyPairSync('ed25519').privateKey }).jws },
    ],
  ])('a receipt with %s does not verify', (_what, change) => {
    expect(verifyReceipt({ ...receiptOf(batch, 1, entries[1]!.receiptBody), ...change }, publicKey)).toBe(false)
  })
})
