import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compareStrands } from '../../../src/gateway/casework/mi-case/compare-strands.ts'
import type { MiCaseUses } from '../../../src/gateway/casework/mi-case/mi-case-uses.ts'
import { sendMoves } from '../../../src/gateway/casework/mi-case/send-moves.ts'
import { prepareJobs } from '../../../src/jobs/boss.ts'
import { type MiCaseJobs, startMiCase } from '../../../src/jobs/mi-case.ts'
import { type Casework, openCasework, PD, RR } from '../strand/strand-support.ts'
import type { SenderTask } from './sender.ts'
import { descriptionOf, entriesAbout, knownPerson, messagesOf, moveOnArrest, movesOf, usesOf, writtenThere } from './support.ts'

let house: Casework
let uses: MiCaseUses
const running: MiCaseJobs[] = []
beforeAll(async () => {
  house = await openCasework()
  uses = await usesOf(house.database.db, movesOf(descriptionOf(house)))
})
afterEach(async () => {
  house.misbehave('calder-dip', null)
  await Promise.all(running.splice(0).map((jobs) => jobs.stop()))
})
afterAll(() => house.close())

const kept = (number: string) => house.sandbox.systems.find(({ agencyId }) => agencyId === 'calder-dip')!.kept(number)

describe('MI-Case and the gateway', () => {
  it('agree about everybody in the sandbox, and nobody is asked about who is not known to both', async () => {
    const { rows } = await house.database.owner.query<{ count: number }>({
      text: `select count(distinct i.offender_id) as count from identifier i join offender o on o.id = i.offender_id
              where i.kind = 'dip-number' and i.agency_id = 'calder-dip' and o.basis = 'cohort'`,
    })
    expect(await compareStrands(uses)).toEqual({ asked: rows[0]!.count, agree: rows[0]!.count, differ: 0, unavailable: 0 })
    expect(rows[0]!.count).toBeGreaterThan(10)
    const { rows: intents } = await house.database.owner.query<{ people: number }>({
      text: `select jsonb_array_length(convert_from(p.canonical, 'UTF8')::jsonb -> 'offenderIds') as people from access_log_payload p
              where p.event = 'intent' and convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = 'compareMiCase'`,
    })
    expect(intents.reduce((sum, { people }) => sum + people, 0)).toBe(rows[0]!.count)
  })

  it('that differ are told to the lead once, and neither strand changes by it', async () => {
    const { offenderId, number } = await knownPerson(house)
    await writtenThere(uses.moves, number, PD)
    const before = await house.now(offenderId)
    expect(await compareStrands(uses)).toMatchObject({ differ: 1 })
    expect(await compareStrands(uses)).toMatchObject({ differ: 1 })
    expect(await house.now(offenderId)).toEqual(before)
    expect(kept(number)).toHaveLength(1)
    expect(await house.openTasks(offenderId)).toEqual(['mi-case-difference ridings-probation'])
    expect(await house.events(offenderId)).toEqual(['mi-case-differs'])
    const entries = await entriesAbout(house, offenderId, 'compareMiCase')
    expect(entries).toMatchObject([{ event: 'combination', held: PD, recorded: RR, caller: null }])
    const tasks = (await house.as('case-manager').get('/v1/tasks?limit=100')).body.tasks as {
      kind: string
      offenderId: string
      detail: object
    }[]
    expect(tasks.find((task) => task.offenderId === offenderId)).toMatchObject({
      kind: 'mi-case-difference',
      detail: { areaId: 'calder', because: 'strand', held: PD, recorded: RR },
    })
    // Put right there, it is over here.
    await writtenThere(uses.moves, number, RR)
    await compareStrands(uses)
    expect(await house.openTasks(offenderId)).toEqual([])
    expect(await entriesAbout(house, offenderId, 'compareMiCase')).toHaveLength(2)
  })

  it('are not compared while a move is on its way, nor when one comes between question and answer', async () => {
    const { offenderId, number } = await knownPerson(house)
    await moveOnArrest(house, offenderId)
    expect(await compareStrands(uses)).toMatchObject({ differ: 0 })
    await sendMoves(uses)
    let moved = false
    const read: MiCaseUses['moves']['read'] = async (identifier, requestId) => {
      const held = await uses.moves.read(identifier, requestId)
      if (identifier === number && !moved) {
        moved = true
        const back = { lead: 'ridings-probation', toStrand: PD, trigger: 'engaging-well' }
        expect((await house.move('case-manager', offenderId, back)).status).toBe(201)
        return { outcome: 'held', strand: RR }
      }
      return held
    }
    await compareStrands({ ...uses, moves: { ...uses.moves, read } })
    expect([moved, await house.openTasks(offenderId)]).toEqual([true, []])
    await sendMoves(uses)
  })

  it('that cannot be asked is neither agreement nor difference', async () => {
    for (const how of ['fail', 'wrong-person', 'changed-shape'] as const) {
      house.misbehave('calder-dip', how)
      const fresh = await usesOf(house.database.db, movesOf(descriptionOf(house)))
      const said = await compareStrands(fresh)
      expect([how, said.agree, said.differ, said.unavailable === said.asked]).toEqual([how, 0, 0, true])
    }
  })
})

describe('an instance that is killed', () => {
  it.each(['before', 'after'] as const)('%s MI-Case took a move loses nothing and repeats nothing', async (hang) => {
    const { offenderId, number } = await knownPerson(house)
    await moveOnArrest(house, offenderId)
    const reached = join(house.dataDir, `reached-${hang}`)
    const task: SenderTask = { connection: house.database.appConnection, description: descriptionOf(house), hang, reached }
    const child = spawn(process.execPath, [join(import.meta.dirname, 'sender.ts'), JSON.stringify(task)], { stdio: 'inherit' })
    try {
      for (let waited = 0; !existsSync(reached) && waited < 200; waited += 1) await sleep(100)
      expect(existsSync(reached)).toBe(true)
      expect(kept(number)).toHaveLength(hang === 'before' ? 0 : 1)
      // In hand, so nobody else sends it meanwhile; and it is in the log already.
      expect(await sendMoves(uses)).toEqual({ delivered: 0, undelivered: 0, withheld: 0 })
      expect(await entriesAbout(house, offenderId, 'sendMove')).toMatchObject([{ event: 'disclosure', effect: 'permit' }])
    } finally {
      child.kill('SIGKILL')
    }
    await once(child, 'exit')
    const later = await usesOf(house.database.db, movesOf(descriptionOf(house)), () => new Date(Date.now() + 60_000))
    expect(await sendMoves(later)).toMatchObject({ delivered: 1 })
    expect(kept(number)).toHaveLength(1)
    expect(await messagesOf(house, offenderId)).toMatchObject([{ attempts: 2, outcome: 'delivered' }])
    expect(await house.count('disclosure', offenderId)).toBe(1)
  })
})

describe('two instances', () => {
  it('tell MI-Case of each move once between them', async () => {
    await prepareJobs(house.database.ownerConnection, { onError: () => undefined, times: { expireInSeconds: 5, retryDelaySeconds: 1 } })
    const people: Awaited<ReturnType<typeof knownPerson>>[] = []
    for (let count = 0; count < 6; count += 1) people.push(await knownPerson(house))
    for (const { offenderId } of people) await moveOnArrest(house, offenderId)
    for (let count = 0; count < 2; count += 1) {
      const own = await usesOf(house.database.db, movesOf(descriptionOf(house)))
      const connection = house.database.appConnection
      running.push(await startMiCase({ ...own, connection, onError: () => undefined, pollSeconds: 0.5, watchSeconds: 1 }))
    }
    // And once beside the jobs, as if a job had been taken for dead while it went on.
    await Promise.all([...running.map((jobs) => jobs.ask('send')), sendMoves(uses)])
    const waiting = async () => (await Promise.all(people.map(({ offenderId }) => messagesOf(house, offenderId)))).flat()
    for (let waited = 0; (await waiting()).some(({ outcome }) => outcome === null) && waited < 300; waited += 1) await sleep(100)
    expect((await waiting()).map(({ outcome, attempts }) => `${outcome ?? 'waits'} ${attempts}`)).toEqual(people.map(() => 'delivered 1'))
    expect(people.map(({ number }) => kept(number).length)).toEqual(people.map(() => 1))
  })
})
