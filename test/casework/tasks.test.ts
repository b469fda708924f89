import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { closeTask, type NewTask, openTask } from '../../src/db/casework/tasks.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'
import { inDays } from './support.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const taskOf = (more: Partial<NewTask>): NewTask => ({
  ...{ id: newId(), kind: 'case-review', offenderId: null, ownerAgencyId: 'ridings-probation', ownerRole: null, ownerPersonSub: null },
  ...{ dueAt: null, subjectKey: newId(), detail: {}, openedAt: new Date() },
  ...more,
})
const open = (more: Partial<NewTask>): Promise<{ opened: boolean }> =>
  withTransaction(gateway.database.db, (tx) => openTask(tx, taskOf(more)))
interface Seen {
  readonly taskId: string
  readonly overdue: boolean
  readonly dueAt: string | null
}
const seenBy = async (persona: string, query = 'limit=100'): Promise<{ tasks: readonly Seen[]; nextCursor: string | null }> => {
  const reply = await gateway.as(persona).get(`/v1/tasks?${query}`)
  if (reply.status !== 200) throw new Error(reply.text)
  return reply.body as unknown as { tasks: Seen[]; nextCursor: string | null }
}
const sees = async (persona: string, id: string): Promise<boolean> => (await seenBy(persona)).tasks.some(({ taskId }) => taskId === id)

describe('tasks', () => {
  it('opened twice are one, even at once, until the first is closed', async () => {
    const key = { kind: 'next-agenda', subjectKey: 'twice' } as const
    const opened = await Promise.all([open(key), open(key), open(key)])
    expect(opened.filter((one) => one.opened)).toHaveLength(1)
    const close = () => withTransaction(gateway.database.db, (tx) => closeTask(tx, { ...key, outcome: 'done', at: new Date() }))
    expect([await close(), await close()]).toEqual([true, false])
    expect(await open(key)).toEqual({ opened: true })
  })

  it('are shown to whom they are for: the person, the role in its area, or whoever of the agency has a route to the person', async () => {
    const mine = newId()
    await open({ id: mine, ownerPersonSub: 'case-manager' })
    expect([await sees('case-manager', mine), await sees('deputy', mine), await sees('analyst', mine)]).toEqual([true, false, false])
    const role = newId()
    await open({ id: role, ownerAgencyId: 'ridings-police', ownerRole: 'chair', detail: { areaId: 'calder' } })
    expect([await sees('chair', role), await sees('analyst', role)]).toEqual([true, false])
    const elsewhere = newId()
    await open({ id: elsewhere, ownerAgencyId: 'ridings-police', ownerRole: 'chair', detail: { areaId: 'wharfe' } })
    expect(await sees('chair', elsewhere)).toBe(false)
    const about = newId()
    await open({ id: about, ownerAgencyId: 'ridings-police', offenderId: storyId('jordan') })
    // A colleague in another area must not learn that there is such a person.
    expect([await sees('analyst', about), await sees('constable-wharfe', about)]).toEqual([true, false])
  })

  it('come with the most overdue first, those without a clock last, page by page', async () => {
    const due = [inDays(-3), inDays(5), null, inDays(-30), inDays(1), null]
    const mine: string[] = []
    for (const day of due) {
      const id = newId()
      mine.push(id)
      const dueAt = day === null ? null : new Date(`${day}T00:00:00Z`)
      await open({ id, ownerAgencyId: 'calder-yos', ownerPersonSub: 'yos-worker', dueAt })
    }
    const all: Seen[] = []
    let query = 'limit=2'
    for (;;) {
      const { tasks, nextCursor } = await seenBy('yos-worker', query)
      all.push(...tasks.filter(({ taskId }) => mine.includes(taskId)))
      if (nextCursor === null) break
      query = `limit=2&cursor=${nextCursor}`
    }
    expect(all.map(({ dueAt }) => dueAt?.slice(0, 10) ?? null)).toEqual([inDays(-30), inDays(-3), inDays(1), inDays(5), null, null])
    expect(all.map(({ overdue }) => overdue)).toEqual([true, true, false, false, false, false])
    expect((await gateway.as('yos-worker').get('/v1/tasks?cursor=anything')).status).toBe(400)
  })

  it('are listed with one entry, which names those shown', async () => {
    const reply = await gateway.as('case-manager').get('/v1/tasks')
    const [entry, ...more] = await entriesOf(gateway.database, reply)
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      operation: 'listTasks',
      effect: 'permit',
      taskIds: (reply.body.tasks as Seen[]).map(({ taskId }) => taskId),
    })
  })

  it('that a word ends are ended by whose they are, once; others end with their act', async () => {
    const [byWord, byAct] = [newId(), newId()]
    await open({ id: byWord, kind: 'quarterly-list-review', ownerPersonSub: 'case-manager' })
    await open({ id: byAct, kind: 'review-due', ownerPersonSub: 'case-manager' })
    const complete = (persona: string, id: string) => gateway.as(persona).post(`/v1/tasks/${id}/completion`, { outcome: 'done' })
    expect((await complete('deputy', byWord)).status).toBe(404)
    expect((await complete('case-manager', newId())).status).toBe(404)
    expect((await complete('case-manager', byAct)).status).toBe(409)
    expect(await complete('case-manager', byWord)).toMatchObject({ status: 200, body: { outcome: 'done' } })
    expect((await complete('case-manager', byWord)).status).toBe(404)
  })

  it('are never changed or taken away, only closed, once', async () => {
    await open({ kind: 'next-agenda', subjectKey: 'kept' })
    const { db, owner } = gateway.database
    for (const text of [`update task set due_at = null`, `update task set kind = 'x'`, `delete from task`])
      await expect(db.query({ text })).rejects.toThrow()
    await owner.query({ text: `update task set closed_at = statement_timestamp(), outcome = 'done' where task.subject_key = 'kept'` })
    for (const text of [`update task set outcome = 'other' where task.subject_key = 'kept'`, `delete from task`, `truncate task`])
      await expect(owner.query({ text })).rejects.toThrow()
  })
})

describe('a correction', () => {
  const rectify = (body: object, by = 'analyst') => gateway.as(by).post(`/v1/offenders/${storyId('jordan')}/rectifications`, body)
  const wrongArrest = { kind: 'rectified', category: 'arrest-disposal', ground: 'The arrest was of a brother.', itemReference: 'A/77/2026' }

  it('reaches the originator and every recipient in the register, and each confirms', async () => {
    const ask = {
      offenderId: storyId('jordan'),
      categories: [{ id: 'arrest-disposal' }],
      purpose: 'risk-management',
      legalGateway: 'cda115',
      justification: 'Supervision.',
    }
    expect((await gateway.as('case-manager').post('/v1/enquiries', ask)).status).toBe(200)
    const told = await rectify(wrongArrest)
    expect(told).toMatchObject({ status: 201, body: { notified: ['ridings-probation'] } })
    const { rectificationId } = told.body as { rectificationId: string }
    const events = (await gateway.asSystem('ridings-probation-records').get('/v1/events?limit=100')).body.events as {
      kind: string
      offenderId: string
      refs: object
    }[]
    expect(events).toContainEqual(expect.objectContaining({ kind: 'corrected', offenderId: storyId('jordan') }))
    const path = `/v1/rectifications/${rectificationId}`
    expect((await gateway.as('analyst').get(path)).body).toMatchObject({
      outstanding: 1,
      notices: [{ agencyId: 'ridings-police' }, { agencyId: 'ridings-probation', releases: 1, outcome: null }],
    })
    expect((await gateway.as('keyworker').get(path)).status).toBe(404)
    expect((await gateway.as('keyworker').post(`${path}/acknowledgements`, { outcome: 'erased' })).status).toBe(404)
    const tasks = await seenBy('case-manager')
    expect(JSON.stringify(tasks)).toContain(rectificationId)
    expect((await gateway.as('case-manager').post(`${path}/acknowledgements`, { outcome: 'corrected' })).body).toMatchObject({
      outstanding: 0,
    })
    expect((await gateway.as('deputy').post(`${path}/acknowledgements`, { outcome: 'erased' })).status).toBe(409)
    expect(JSON.stringify(await seenBy('case-manager'))).not.toContain(rectificationId)
    expect(JSON.stringify((await gateway.as('analyst').get(path)).body)).not.toMatch(/brother|Jordan|A\/77/)
  })

  it('is the originator’s; a whole case is restricted by information governance alone, and then nothing is shared but for law enforcement', async () => {
    expect(await rectify(wrongArrest, 'constable-wharfe')).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    expect(await rectify({ ...wrongArrest, originatorAgencyId: 'ridings-police' }, 'keyworker')).toMatchObject({
      status: 403,
      body: { code: 'originator' },
    })
    const whole = {
      kind: 'restricted',
      category: 'identity',
      ground: 'Contested: may be two people.',
      wholeCase: true,
      originatorAgencyId: 'ridings-probation',
    }
    expect(await rectify(whole, 'case-manager')).toMatchObject({ status: 403, body: { code: 'originator' } })
    const look = async () =>
      (
        await gateway.as('keyworker').post('/v1/enquiries', {
          ...{ offenderId: storyId('jordan'), categories: [{ id: 'identity' }], purpose: 'rehab-support' },
          ...{ legalGateway: 'dpa36-4-authorised', justification: 'Weekly session.' },
        })
      ).status
    expect(await look()).toBe(200)
    expect((await rectify(whole, 'ig-officer')).status).toBe(201)
    expect(await look()).toBe(403)
    expect((await rectify({ ...whole, kind: 'restriction-lifted' }, 'ig-officer')).status).toBe(201)
    expect(await look()).toBe(200)
  })
})

describe('a release date', () => {
  const path = `/v1/offenders/${storyId('morgan')}/release-date`
  const record = (by: string, body: object) => gateway.as(by).post(path, body)
  const planning = async () => {
    const { rows } = await gateway.database.owner.query<{ dueAt: Date; open: boolean; overdue: boolean }>({
      text: `select t.due_at as "dueAt", t.closed_at is null as open, t.due_at <= statement_timestamp() as overdue
               from task t where t.offender_id = $1 and t.kind = 'pre-release-planning' order by t.id`,
      values: [storyId('morgan')],
    })
    return rows
  }

  it('48: moved earlier, the task is moved with it; inside three months it is overdue at once; home detention curfew makes it five', async () => {
    expect(await record('prison-officer', { earliestReleaseOn: '2028-05-31' })).toMatchObject({
      status: 200,
      body: { planningDueOn: '2028-02-29' },
    })
    expect(await planning()).toMatchObject([{ open: true, overdue: false, dueAt: new Date('2028-03-01T00:00:00Z') }])
    // Five calendar months before 31 July is the last day of February.
    expect((await record('case-manager', { earliestReleaseOn: '2027-07-31', homeDetentionCurfew: true })).body.planningDueOn).toBe(
      '2027-02-28',
    )
    expect(await planning()).toMatchObject([{ open: false }, { open: true, overdue: false }])
    expect((await record('prison-officer', { earliestReleaseOn: inDays(80) })).status).toBe(200)
    expect(await planning()).toMatchObject([{ open: false }, { open: false }, { open: true, overdue: true }])
    expect((await record('prison-officer', { earliestReleaseOn: inDays(130), homeDetentionCurfew: true })).status).toBe(200)
    expect((await planning()).at(-1)).toMatchObject({ open: true, overdue: true })
  })

  it('is recorded by the prison or the supervisor, of somebody in custody', async () => {
    expect(await record('analyst', { earliestReleaseOn: inDays(200) })).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect(await record('constable-wharfe', { earliestReleaseOn: inDays(200) })).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    const free = await gateway
      .as('case-manager')
      .post(`/v1/offenders/${storyId('jordan')}/release-date`, { earliestReleaseOn: inDays(200) })
    expect(free.status).toBe(409)
  })
})
