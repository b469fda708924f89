import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rootOfParts } from '../../../src/ledger/verify/tree-walk.ts'
import { sha256 } from '../../../src/ledger/verify/hashing.ts'
import { must } from '../../journeys/support/agree.ts'
import { enquire, idOf } from '../../journeys/support/requests.ts'
import type { Json, Reply } from '../../support/ask.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { entryOf } from '../../support/logged.ts'
import { appointOfficer, idsOf, indexed, type Line, reviewing, searchAll } from './support.ts'

interface Proof {
  readonly checkpoint: { readonly size: number; readonly root: string }
  readonly leaves: readonly { readonly leafIndex: number; readonly entryId: string; readonly leafHash: string }[]
  readonly outside: readonly { readonly level: number; readonly index: number; readonly hash: string }[]
}
interface JsonLine {
  readonly entryId: string
  readonly leafIndex: number
  readonly leafHash: string
  readonly view: string
  readonly entry: Json
  readonly committed: { readonly salt: string; readonly receiptDigest: string; readonly canonical: string } | null
}

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
  await appointOfficer(house, 'ridings-probation', 'deputy')
  for (const persona of ['analyst', 'case-manager', 'constable-wharfe'])
    for (const person of ['jordan', 'casey', 'sam']) await enquire(house.as(persona), person, 'oasys police-intel drug-treatment')
  await indexed(house)
}, 120_000)
afterAll(() => house.close())

const exportAs = async (as: string, format: string, more: Json = {}): Promise<Reply> => {
  const reply = await house.as(as).post('/v1/access-log/exports', { ...reviewing, format, ...more })
  must(reply, 200)
  return reply
}
const linesOf = ({ body }: Reply): readonly JsonLine[] =>
  String(body.content)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonLine)

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const rootOf = ({ checkpoint, leaves, outside }: Proof): string | undefined => {
  const known = new Map([
    ...outside.map(({ level, index, hash }) => [`${level} ${index}`, bytes(hash)] as const),
    ...leaves.map(({ leafIndex, leafHash }) => [`0 ${leafIndex}`, bytes(leafHash)] as const),
  ])
  return rootOfParts(checkpoint.size, known)?.toString('base64')
}

test('scenario 56: a part of the log, exported, proves that each of its entries is in the log', async () => {
  const reply = await exportAs('ig-officer', 'json-lines', { filter: { subject: idOf('casey') } })
  const proof = reply.body.proof as Proof
  const lines = linesOf(reply)
  expect(lines.length).toBeGreaterThan(2)
  expect(proof.leaves.map(({ entryId }) => entryId).toSorted()).toEqual(idsOf(lines))
  expect(rootOf(proof)).toBe(proof.checkpoint.root)
  // The control: with one bit of one leaf turned, or one leaf at another place, it is not that tree.
  const [first, ...rest] = proof.leaves
  const turned = { ...first!, leafHash: (first!.leafHash.startsWith('0') ? '1' : '0') + first!.leafHash.slice(1) }
  expect(rootOf({ ...proof, leaves: [turned, ...rest] })).not.toBe(proof.checkpoint.root)
  const moved = [{ ...first!, leafHash: rest[0]!.leafHash }, { ...rest[0]!, leafHash: first!.leafHash }, ...rest.slice(1)]
  expect(rootOf({ ...proof, leaves: moved })).not.toBe(proof.checkpoint.root)
})

test('what an officer may see unmasked comes with what its leaf was made from, and nothing else does', async () => {
  const lines = linesOf(await exportAs('deputy', 'json-lines'))
  const [whole, parts] = [lines.filter(({ view }) => view === 'whole'), lines.filter(({ view }) => view === 'lines')]
  expect([whole.length > 0, parts.length > 0]).toEqual([true, true])
  for (const { committed, leafHash, entry } of whole) {
    const commitment = sha256(bytes(committed!.salt), Buffer.from(committed!.canonical))
    expect(sha256(Buffer.from([0]), commitment, bytes(committed!.receiptDigest)).toString('hex')).toBe(leafHash)
    expect(JSON.parse(committed!.canonical)).toEqual(entry)
  }
  for (const { committed, entry } of parts) {
    expect(committed).toBeNull()
    expect(JSON.stringify(entry)).not.toContain('Preparing the Calder conference')
    expect(JSON.stringify(entry)).not.toContain('police-intel')
  }
  const everything = linesOf(await exportAs('ig-officer', 'json-lines', { filter: { operation: 'enquire' } }))
  expect(everything.filter(({ committed }) => committed !== null)).toEqual([])
})

test('the manifest is of this very file, says how far the index was, and the entry of the export says the same', async () => {
  for (const format of ['csv', 'json-lines', 'hmpps-audit']) {
    const reply = await exportAs('ig-officer', format, { filter: { subject: idOf('sam') } })
    const manifest = reply.body.manifest as Json
    const sha = createHash('sha256').update(String(reply.body.content)).digest('hex')
    expect(manifest).toMatchObject({ sha256: sha, filter: { subject: idOf('sam') } })
    expect(manifest.shownUpTo).toBe(manifest.leaves)
    expect(await entryOf(house.database, reply)).toMatchObject({
      operation: 'exportLogEntries',
      event: 'log-exported',
      exportFormat: format,
      sha256: sha,
      told: manifest.entries,
      logPurpose: 'lawfulness',
    })
  }
})

test('what is left out of a copy stands neither in it nor in its manifest, and its proof holds all the same', async () => {
  const filter = { subject: idOf('casey'), person: { agencyId: 'ridings-police', sub: 'analyst' }, words: 'Calder' }
  const reply = await exportAs('ig-officer', 'csv', { filter, leaveOut: ['person', 'staff', 'justification'] })
  const told = JSON.stringify([reply.body.content, reply.body.manifest])
  for (const hidden of [idOf('casey'), 'analyst', 'Calder']) expect(told).not.toContain(hidden)
  expect(reply.body.manifest).toMatchObject({ leftOut: ['person', 'staff', 'justification'], filter: {} })
  const proof = reply.body.proof as Proof
  expect(rootOf(proof)).toBe(proof.checkpoint.root)
  expect((await entryOf(house.database, reply)).filter).toEqual(filter)
  const whole = await exportAs('ig-officer', 'csv', { filter })
  for (const shown of [idOf('casey'), 'analyst']) expect(JSON.stringify(whole.body.content)).toContain(shown)
  expect((whole.body.proof as Proof).leaves.length).toBeGreaterThanOrEqual(proof.leaves.length)
})

test('pages of an export hold what the search holds, each entry once', async () => {
  const filter = { operation: 'enquire' }
  const ids: string[] = []
  for (let cursor: unknown = null; ;) {
    const reply = await exportAs('ig-officer', 'json-lines', { filter, limit: 4, cursor })
    ids.push(...linesOf(reply).map(({ entryId }) => entryId))
    expect(rootOf(reply.body.proof as Proof)).toBe((reply.body.proof as Proof).checkpoint.root)
    cursor = reply.body.nextCursor
    if (cursor === null) break
  }
  expect(ids.toSorted()).toEqual(idsOf(await searchAll(house, 'ig-officer', { filter })))
})

test('nothing found is an export of nothing, and proves nothing', async () => {
  const reply = await exportAs('deputy', 'csv', { filter: { agencyId: 'fresh-steps' } })
  expect([reply.body.proof, (reply.body.manifest as Json).entries, String(reply.body.content).split('\r\n').length]).toEqual([null, 0, 2])
})

test('the event shape of HMPPS Audit says who, what, when, of whom, through which request', async () => {
  const filter = { subject: idOf('casey'), agencyId: 'ridings-police', purpose: 'risk-management' }
  const events = linesOf(await exportAs('ig-officer', 'hmpps-audit', { filter })) as unknown as Json[]
  const lines = await searchAll(house, 'ig-officer', { filter })
  expect(events.length).toBe(lines.length)
  for (const event of events) {
    expect(Object.keys(event)).toEqual(['who', 'what', 'when', 'service', 'subjectId', 'subjectType', 'correlationId', 'details'])
    const details = JSON.parse(event.details as string) as Json
    const line = lines.find(({ entryId }) => entryId === details.entryId) as Line
    const entry = await entryOf(house.database, line)
    expect(event).toMatchObject({
      who: line.caller?.personSub,
      what: String(line.event).replaceAll('-', '_').toUpperCase(),
      when: line.at,
      service: 'offender-information-gateway',
      subjectId: idOf('casey'),
      subjectType: 'OFFENDER_ID',
      correlationId: entry.caller.requestId,
    })
    if (line.operation === 'enquire') expect(details.justification).toMatch(/^masked/)
  }
})
