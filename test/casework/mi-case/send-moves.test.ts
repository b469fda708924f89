import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compareStrands } from '../../../src/gateway/casework/mi-case/compare-strands.ts'
import type { MiCaseUses } from '../../../src/gateway/casework/mi-case/mi-case-uses.ts'
import { sendMoves } from '../../../src/gateway/casework/mi-case/send-moves.ts'
import { CC, type Casework, idOf, openCasework, RR } from '../strand/strand-support.ts'
import { conferenceOf, nominate, registrationOf } from '../support.ts'
import { descriptionOf, entriesAbout, knownPerson, messagesOf, moveOnArrest, movesOf, usesOf } from './support.ts'

let house: Casework
let uses: MiCaseUses
beforeAll(async () => {
  house = await openCasework()
})
// What one test did to MI-Case must not have opened the breaker for the next.
beforeEach(async () => {
  uses = await usesOf(house.database.db, movesOf(descriptionOf(house)))
})
afterEach(() => house.misbehave('calder-dip', null))
afterAll(() => house.close())

const kept = (number: string) => house.sandbox.systems.find(({ agencyId }) => agencyId === 'calder-dip')!.kept(number)
const later = (minutes: number): Promise<MiCaseUses> =>
  usesOf(house.database.db, movesOf(descriptionOf(house)), () => new Date(Date.now() + minutes * 60_000))

describe('what MI-Case is told', () => {
  it('is each move, once, by its id, with strand, lead and references of the evidence and nothing of the person', async () => {
    const { offenderId, number } = await knownPerson(house)
    const changeId = await moveOnArrest(house, offenderId)
    expect(await sendMoves(uses)).toMatchObject({ delivered: 1, undelivered: 0 })
    expect(await sendMoves(uses)).toEqual({ delivered: 0, undelivered: 0, withheld: 0 })
    expect(kept(number)).toEqual([
      {
        ...{ CLIENT_NO: number, MOVE_ID: changeId, STRAND_CD: 'CC', LEAD_CD: 'ridings-probation', REASON_CD: 'arrest-disposal' },
        EVIDENCE_REFS: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        MOVED_TS: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      },
    ])
    expect(await messagesOf(house, offenderId)).toMatchObject([{ id: changeId, attempts: 1, outcome: 'delivered' }])
  })

  it('is logged as shared before it leaves, stands in the register, and is acknowledged', async () => {
    const { offenderId } = await knownPerson(house)
    const messageId = await moveOnArrest(house, offenderId)
    let before: readonly Record<string, unknown>[] = []
    const watching = {
      ...uses.moves,
      record: async (move: Parameters<MiCaseUses['moves']['record']>[0]) => {
        before = await entriesAbout(house, offenderId, 'sendMove')
        return uses.moves.record(move)
      },
    }
    await sendMoves({ ...uses, moves: watching })
    expect(before).toMatchObject([
      {
        ...{
          event: 'disclosure',
          effect: 'permit',
          outbound: 'share',
          messageId,
          supplier: 'ridings-probation',
          category: 'cohort-status',
        },
        ...{ recipient: { agencyId: 'calder-dip', system: 'mi-case' }, fields: ['leadAgency', 'strand'], caller: null },
        agreement: { version: 1 },
      },
    ])
    const entries = await entriesAbout(house, offenderId, 'sendMove')
    expect(entries.slice(1)).toMatchObject([{ event: 'acknowledged', about: before[0]!.entryId, messageId }])
    const { rows } = await house.database.owner.query({
      text: `select d.entry_id, d.recipient_agency_id as recipient, d.fields, d.outbound from disclosure d where d.offender_id = $1`,
      values: [offenderId],
    })
    expect(rows).toEqual([{ entry_id: before[0]!.entryId, recipient: 'calder-dip', fields: ['leadAgency', 'strand'], outbound: 'share' }])
  })

  it('waits for the incoming lead: a move that was only proposed is not told, an accepted one is', async () => {
    const { offenderId, number } = await knownPerson(house)
    await house.database.owner.query({
      text: `update offender set statutory = false, supervisor_agency_id = null, cohort = 'ppo' where offender.id = $1`,
      values: [offenderId],
    })
    const evidenceId = idOf(await house.evidence('analyst', offenderId, 'arrest-disposal'), 'evidenceId')
    const asked = { lead: 'ridings-police', toStrand: CC, trigger: 'arrest-disposal', evidenceIds: [evidenceId] }
    const proposed = await house.move('case-manager', offenderId, asked)
    expect(proposed.body).toMatchObject({ state: 'awaiting-acceptance' })
    await sendMoves(uses)
    expect([await messagesOf(house, offenderId), kept(number)]).toEqual([[], []])
    const path = `/v1/offenders/${offenderId}/strand-changes/${idOf(proposed, 'changeId')}/acceptance`
    expect((await house.as('analyst').post(path, { decision: 'accepted' })).status).toBe(200)
    await sendMoves(uses)
    expect(kept(number)).toMatchObject([{ MOVE_ID: proposed.body.changeId, STRAND_CD: 'CC', LEAD_CD: 'ridings-police' }])
  })

  it('is custody too, and the first strand of somebody who is registered', async () => {
    const { offenderId, number } = await knownPerson(house)
    const custody = { status: 'remand', establishmentId: 'hmp-stonebeck', happenedAt: new Date().toISOString() }
    expect((await house.as('case-manager').post(`/v1/offenders/${offenderId}/custody-events`, custody)).status).toBe(201)
    await sendMoves(uses)
    expect(kept(number)).toMatchObject([{ STRAND_CD: 'RR', LEAD_CD: 'hmp-stonebeck', REASON_CD: 'custody-entry', EVIDENCE_REFS: '' }])
    const nominationId = await nominate(house)
    const body = registrationOf(await conferenceOf(house))
    const registered = await house.as('spoc').post(`/v1/nominations/${nominationId}/registration`, body)
    expect(await messagesOf(house, idOf(registered, 'offenderId'))).toMatchObject([{ id: registered.body.registrationId, attempts: 0 }])
    // MI-Case has no number for somebody new: it is told when it has one.
    expect(await sendMoves(uses)).toEqual({ delivered: 0, undelivered: 0, withheld: 0 })
  })
})

describe('a message that does not arrive', () => {
  it('is tried again further and further apart, told to the lead, and kept once when MI-Case is back', async () => {
    const { offenderId, number } = await knownPerson(house)
    await moveOnArrest(house, offenderId)
    house.misbehave('calder-dip', 'fail')
    const waits: number[] = []
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const at = Date.now() + (attempt === 1 ? 0 : waits.reduce((sum, wait) => sum + wait, 0) * 1000 + 5_000)
      const moved = await usesOf(house.database.db, movesOf(descriptionOf(house)), () => new Date(at))
      expect(await sendMoves(moved)).toEqual({ delivered: 0, undelivered: 1, withheld: 0 })
      expect(await sendMoves(moved)).toEqual({ delivered: 0, undelivered: 0, withheld: 0 })
      const [message] = await messagesOf(house, offenderId)
      waits.push(Math.round(message!.waitSeconds - (at - Date.now()) / 1000))
      expect(await house.openTasks(offenderId)).toEqual(attempt < 6 ? [] : ['mi-case-difference ridings-probation'])
    }
    expect(waits.map((wait) => Math.round(wait / 30))).toEqual([1, 2, 4, 8, 16, 32])
    expect(kept(number)).toEqual([])
    house.misbehave('calder-dip', null)
    expect(await sendMoves(await later(120))).toMatchObject({ delivered: 1 })
    expect(kept(number)).toHaveLength(1)
    const entries = await entriesAbout(house, offenderId, 'sendMove')
    expect(entries.map(({ event, effect }) => `${String(event)} ${String(effect)}`)).toEqual([
      ...['disclosure permit', 'not-delivered deny'],
      ...Array.from({ length: 5 }, () => ['disclosure repeated', 'not-delivered deny']).flat(),
      ...['disclosure repeated', 'acknowledged permit'],
    ])
    expect(await house.count('disclosure', offenderId)).toBe(1)
    await compareStrands(uses)
    expect(await house.openTasks(offenderId)).toEqual([])
  })

  it('whose answer was lost is sent again, and is there once', async () => {
    const { offenderId, number } = await knownPerson(house)
    await moveOnArrest(house, offenderId)
    house.misbehave('calder-dip', 'lose-answer')
    expect(await sendMoves(uses)).toMatchObject({ undelivered: 1 })
    expect(kept(number)).toHaveLength(1)
    house.misbehave('calder-dip', null)
    expect(await sendMoves(await later(10))).toMatchObject({ delivered: 1 })
    expect(kept(number)).toHaveLength(1)
  })

  it('keeps those after it waiting: MI-Case ends with the strand that the case has', async () => {
    const { offenderId, number } = await knownPerson(house)
    house.misbehave('calder-dip', 'fail')
    await moveOnArrest(house, offenderId)
    expect(await sendMoves(uses)).toMatchObject({ undelivered: 1 })
    const back = { lead: 'ridings-probation', toStrand: RR, trigger: 'engaging-well' }
    expect((await house.move('case-manager', offenderId, back)).status).toBe(201)
    house.misbehave('calder-dip', null)
    expect(await sendMoves(uses)).toEqual({ delivered: 0, undelivered: 0, withheld: 0 })
    expect(await sendMoves(await later(10))).toMatchObject({ delivered: 2 })
    expect(kept(number).map(({ STRAND_CD: strand }) => strand)).toEqual(['CC', 'RR'])
  })
})

describe('a system that is down', () => {
  it('is left alone after three messages in a row, so that the log is not filled with attempts', async () => {
    const people = [await knownPerson(house), await knownPerson(house), await knownPerson(house), await knownPerson(house)]
    for (const { offenderId } of people) await moveOnArrest(house, offenderId)
    house.misbehave('calder-dip', 'fail')
    expect(await sendMoves(uses)).toEqual({ delivered: 0, undelivered: 3, withheld: 0 })
    house.misbehave('calder-dip', null)
    expect(await sendMoves(await later(10))).toMatchObject({ delivered: 4 })
  })
})

describe('what may not be shared', () => {
  const suspend = (value: string) =>
    house.database.owner.query({ text: `update agreement set suspended_at = ${value} where agreement.reference = 'RIDINGS-IOM-001'` })

  it('is not sent while the agreement is suspended, says so in the log, and is sent once it is lifted', async () => {
    const { offenderId, number } = await knownPerson(house)
    await moveOnArrest(house, offenderId)
    await suspend('statement_timestamp()')
    expect(await sendMoves(uses)).toEqual({ delivered: 0, undelivered: 0, withheld: 1 })
    expect(kept(number)).toEqual([])
    expect(await entriesAbout(house, offenderId, 'sendMove')).toMatchObject([
      { event: 'access-denied', effect: 'deny', reason: 'isa-none', stage: 'R10', ruleId: 'mi-case-agreement' },
    ])
    await suspend('null')
    expect(await sendMoves(await later(10))).toMatchObject({ delivered: 1 })
  })

  it('of somebody who has left the cohort is never sent', async () => {
    const { offenderId, number } = await knownPerson(house)
    await moveOnArrest(house, offenderId)
    await house.database.owner.query({ text: `update offender set basis = 'closed' where offender.id = $1`, values: [offenderId] })
    expect(await sendMoves(uses)).toMatchObject({ withheld: 1 })
    expect(await messagesOf(house, offenderId)).toMatchObject([{ outcome: 'withheld' }])
    expect(await sendMoves(await later(1_000))).toEqual({ delivered: 0, undelivered: 0, withheld: 0 })
    expect(kept(number)).toEqual([])
  })
})

describe('a message', () => {
  it('is there with its move or not at all, and nobody changes what it says', async () => {
    const { offenderId } = await knownPerson(house)
    const changeId = await moveOnArrest(house, offenderId)
    const { db, owner } = house.database
    expect((await messagesOf(house, offenderId)).map(({ id }) => id)).toEqual([changeId])
    const stale = await house.move('case-manager', offenderId, {
      lead: 'ridings-probation',
      toStrand: RR,
      trigger: 'engaging-well',
      ifMatch: '"0"',
    })
    expect(stale.status).toBe(412)
    expect(await messagesOf(house, offenderId)).toHaveLength(1)
    await expect(db.query({ text: `update mi_case_message set strand = 'x'` })).rejects.toMatchObject({ cause: { code: '42501' } })
    await expect(db.query({ text: `delete from mi_case_message` })).rejects.toMatchObject({ cause: { code: '42501' } })
    await expect(owner.query({ text: `delete from mi_case_message` })).rejects.toMatchObject({ cause: { code: '42501' } })
    await sendMoves(uses)
    await expect(
      owner.query({ text: `update mi_case_message set ended_at = null, outcome = null where outcome = 'delivered'` }),
    ).rejects.toMatchObject({ cause: { code: '42501' } })
  })
})
