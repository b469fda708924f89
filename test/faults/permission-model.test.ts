import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Act, acts, begin, finish, play, texts, unexplained } from '../disclosure/model.ts'
import { type Disclosures, openDisclosures } from '../disclosure/support.ts'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import { note } from '../support/faults/measure/report.ts'

const { sequences, limitMs } = currentSizes()
let house: Disclosures
beforeAll(async () => {
  house = await openDisclosures()
})
afterAll(() => house.close())

/** Something to read from the start, in every sequence. */
const beginning: readonly Act[] = [
  { kind: 'request', by: 'analyst', recipient: 'analyst' },
  { kind: 'decide', by: 'analyst', nth: 0, part: false, refuse: false },
  { kind: 'decide', by: 'deputy', nth: 0, part: false, refuse: false },
  { kind: 'decide', by: 'chair', nth: 0, part: true, refuse: false },
  { kind: 'read', by: 'analyst', nth: 0, purpose: 'risk-management' },
]

describe('whatever is appointed, delegated, asked, decided, revoked and read, in whatever order', () => {
  it(
    'every read is of the part, by the person, for the purpose and within the time of one live permission, and nobody decides for themselves',
    async () => {
      const sum = { reads: 0, granted: 0, refusedReads: 0 }
      const scene = await house.scene(texts)
      await fc.assert(
        fc.asyncProperty(fc.array(acts, { minLength: 8, maxLength: 18 }), async (sequence) => {
          const world = await begin(house, scene)
          const before = await unexplained(house, scene.conferenceId)
          try {
            for (const act of [...beginning, ...sequence]) await play(house, world, act)
          } finally {
            await finish(house, world)
          }
          expect(await unexplained(house, scene.conferenceId)).toEqual({ reads: before.reads + world.reads, stray: 0, own: 0 })
          for (const name of ['reads', 'granted', 'refusedReads'] as const) sum[name] += world[name]
        }),
        { numRuns: sequences },
      )
      note({
        what: 'model of permissions',
        measured: `${sequences} sequences: ${sum.granted} granted, ${sum.reads} read, ${sum.refusedReads} refused`,
        bar: '0 unexplained',
      })
      // A run in which nobody was ever refused would have proved nothing.
      expect([sum.reads >= sequences, sum.refusedReads > 0]).toEqual([true, true])
    },
    limitMs,
  )
})

describe('the model notices', () => {
  it('a permission that outlives its revocation', async () => {
    const world = await begin(house)
    for (const act of [...beginning, { kind: 'revoke', by: 'chair', nth: 0 } as const]) await play(house, world, act)
    const { owner } = house.database
    await owner.query({ text: 'alter table disclosure_request_event disable trigger all' })
    await owner.query({
      text: `delete from disclosure_request_event where kind = 'revoked' and request_id = $1`,
      values: [world.asked[0]!.requestId],
    })
    await owner.query({ text: 'alter table disclosure_request_event enable trigger all' })
    await expect(play(house, world, beginning.at(-1)!)).rejects.toThrow('to deeply equal')
  })

  it('a delegation that nobody accepted and that counts all the same', async () => {
    const world = await begin(house)
    await play(house, world, beginning[0]!)
    await play(house, world, { kind: 'delegate' })
    await house.database.owner.query({
      text: `insert into delegation_event (delegation_id, kind, by_agency, by_person, happened_at)
             values ($1, 'accepted', 'ridings-probation', 'deputy', statement_timestamp())`,
      values: [world.delegation!.id],
    })
    await expect(play(house, world, { kind: 'decide', by: 'deputy', nth: 0, part: false, refuse: false })).rejects.toThrow(
      'to deeply equal',
    )
    await finish(house, world)
  })

  it('a read that no permission explains', async () => {
    const world = await begin(house)
    for (const act of beginning) await play(house, world, act)
    const text = `
      insert into permission_retrieval (entry_id, permission_id, offender_id, holder_agency, holder_sub, paragraphs, retrieved_at)
      select gen_random_uuid(), m.id, r.offender_id, 'ridings-probation', 'case-manager', '[]', statement_timestamp()
        from permission m join disclosure_request r on r.id = m.request_id where m.id = $1`
    await house.database.owner.query({ text, values: [world.asked[0]!.permissionId] })
    expect(await unexplained(house, world.scene.conferenceId)).toEqual({ reads: 2, stray: 1, own: 0 })
  })
})
