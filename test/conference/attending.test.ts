import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { daysAfter } from '../../src/core/london.ts'
import { idOf, today } from '../casework/strand/strand-support.ts'
import { listIn } from '../journeys/support/requests.ts'
import type { Json, Reply } from '../support/ask.ts'
import { type Meetings, named, openMeetings } from './support.ts'

let house: Meetings
beforeAll(async () => {
  house = await openMeetings()
})
afterAll(() => house.close())

const refusal = ({ status, body }: Reply) => [status, body.code]
const publish = (fromOn: string, text = 'What is said here stays here, as version after version says.') =>
  house.as('ig-officer').post('/v1/confidentiality-statements', { text, fromOn })

describe('the confidentiality statement', () => {
  it('binds the meetings of its day and after by its newest version, which each acknowledges for that meeting', async () => {
    const next = daysAfter(today, 3)
    expect(refusal(await publish(today))).toEqual([400, 'invalid'])
    expect((await publish(next)).body).toMatchObject({ version: 2, fromOn: next })
    expect(refusal(await publish(next))).toEqual([400, 'invalid'])
    const statements = listIn(await house.as('nurse').get('/v1/confidentiality-statements'), 'statements')
    expect(statements.map(({ version }) => version)).toEqual([2, 1])
    const chair = named.chair
    const body = (heldOn: string) => ({ kind: 'dyo-conference', areaId: 'calder', heldOn, chair })
    const heldAt = async (heldOn: string) => idOf(await house.as('spoc').post('/v1/conferences', body(heldOn)), 'conferenceId')
    const [before, after] = [await heldAt(daysAfter(today, 2)), await heldAt(next)]
    const second = { statementVersion: 2, statementHash: String(statements[0]!.hash) }
    expect((await house.acknowledge(before, 'chair')).status).toBe(201)
    expect(refusal(await house.acknowledge(before, 'chair', second))).toEqual([409, 'conflict'])
    expect(refusal(await house.acknowledge(after, 'chair'))).toEqual([409, 'conflict'])
    expect(refusal(await house.acknowledge(after, 'chair', { ...second, statementHash: 'x'.repeat(43) }))).toEqual([409, 'conflict'])
    expect((await house.acknowledge(after, 'chair', second)).status).toBe(201)
    // One meeting’s acknowledgement opens no other’s papers.
    expect((await house.read(before, 'chair')).status).toBe(200)
    await house.as('chair').post(`/v1/conferences/${before}/acknowledgements/withdrawal`)
    expect([refusal(await house.read(before, 'chair')), (await house.read(after, 'chair')).status]).toEqual([
      [403, 'not-acknowledged'],
      200,
    ])
  })
})

describe('attendance', () => {
  it('shows who was invited, came, sent apologies and stayed away; and who acknowledged only to who keeps the record', async () => {
    const { conferenceId } = await house.meeting()
    const invited = { people: [named.keyworker, named.nurse, named.analyst] }
    expect((await house.as('spoc').post(`/v1/conferences/${conferenceId}/invitations`, invited)).body.invited).toBe(3)
    expect((await house.as('spoc').post(`/v1/conferences/${conferenceId}/invitations`, invited)).body.invited).toBe(0)
    await house.attend(conferenceId, { keyworker: 'attended', nurse: 'invited-absent', deputy: 'apologies' })
    await house.acknowledge(conferenceId, 'keyworker')
    const shown = async (as: string) => {
      const reply = await house.as(as).get(`/v1/conferences/${conferenceId}/attendance`)
      return listIn(reply, 'participants').map(({ sub, state, invited: asked, acknowledged }) => [sub, state, asked, acknowledged])
    }
    expect(await shown('spoc')).toEqual(
      [
        ['keyworker', 'attended', true, true],
        ['nurse', 'invited-absent', true, false],
        ['spoc', null, false, false],
        ['analyst', null, true, false],
        ['chair', null, false, false],
        ['deputy', 'apologies', false, false],
      ].sort((a, b) => order(a) - order(b)),
    )
    const own = await shown('keyworker')
    expect(own.filter(([, , , acknowledged]) => acknowledged !== null)).toEqual([['keyworker', 'attended', true, true]])
  })

  const order = ([sub]: readonly unknown[]): number => ['keyworker', 'nurse', 'spoc', 'analyst', 'chair', 'deputy'].indexOf(String(sub))

  it('is recorded of others, of registered people, and from the day of the meeting on', async () => {
    const { conferenceId } = await house.meeting()
    expect(refusal(await house.attend(conferenceId, { deputy: 'attended' }, 'deputy'))).toEqual([403, 'separation-of-duties'])
    const stranger = { people: [{ agencyId: 'fresh-steps', sub: 'nobody', part: 'invited', state: 'attended' }] }
    expect((await house.as('spoc').post(`/v1/conferences/${conferenceId}/attendance`, stranger)).body).toMatchObject({
      ...{ status: 400, errors: [{ path: '/people/0' }] },
    })
    const coming = { kind: 'dyo-conference', areaId: 'calder', heldOn: daysAfter(today, 40), chair: named.chair }
    const later = idOf(await house.as('spoc').post('/v1/conferences', coming), 'conferenceId')
    expect(refusal(await house.attend(later, { keyworker: 'attended' }))).toEqual([400, 'invalid'])
    expect((await house.attend(later, { keyworker: 'apologies' })).status).toBe(201)
  })
})

describe('a case discussion', () => {
  it('records that the risk outweighs confidentiality, on grounds that the statement names, before a word is written', async () => {
    const { conferenceId } = await house.meeting()
    const offenderId = await house.person({ cohort: 'iom', strand: 'rehabilitate-and-resettle', lead: 'fresh-steps' })
    await house.as('spoc').post(`/v1/conferences/${conferenceId}/agenda`, { offenderId, item: 'review' })
    const discuss = (more: Json = {}) =>
      house.as('spoc').post(`/v1/conferences/${conferenceId}/discussions`, {
        ...{ offenderId, riskOutweighsConfidentiality: true, article8Grounds: ['public-safety'], finding: 'Two arrests.', ...more },
      })
    const paragraph = { form: 'minutes', paragraphs: [{ text: 'Opened.' }, { text: 'Two arrests.', offenderId }] }
    const write = () => house.as('spoc').post(`/v1/conferences/${conferenceId}/minutes`, paragraph)
    const unfound = await write()
    expect([unfound.status, unfound.body.code, listIn(unfound, 'errors').map(({ path }) => path)]).toEqual([
      ...[422, 'evidence', ['/paragraphs/1/offenderId']],
    ])
    const wrong: readonly (readonly [Json, string])[] = [
      [{ riskOutweighsConfidentiality: false }, '/riskOutweighsConfidentiality'],
      [{ article8Grounds: [] }, '/article8Grounds'],
      [{ article8Grounds: ['public-safety', 'national-security'] }, '/article8Grounds/1'],
      [{ article8Grounds: ['economic-wellbeing'] }, '/article8Grounds/0'],
    ]
    for (const [more, path] of wrong) {
      const refused = await discuss(more)
      expect([refused.status, refused.body.code, listIn(refused, 'errors').map((one) => one.path)]).toEqual([422, 'evidence', [path]])
    }
    expect((await write()).status).toBe(422)
    expect((await discuss()).status).toBe(201)
    expect((await write()).status).toBe(201)
    const count = await house.database.owner.query<{ count: number }>({
      text: 'select count(*) as count from paragraph p where p.conference_id = $1',
      values: [conferenceId],
    })
    expect(count.rows[0]!.count).toBe(2)
  })
})

/** What these tests leave behind stands as it was written, whoever tries. */
describe('every table of a meeting', () => {
  it.each([
    ...['confidentiality_statement', 'conference_invitation', 'attendance', 'acknowledgement', 'case_discussion', 'paragraph'],
    ...['paragraph_version', 'minute_reference_paragraph', 'paragraph_reading', 'delegation', 'delegation_event'],
  ])('%s is only added to', async (table) => {
    const { owner, db } = house.database
    const { rows } = await owner.query<{ verb: string; may: boolean }>({
      text: `select v as verb, has_table_privilege('gateway_app', $1, v) as may
               from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as v`,
      values: [table],
    })
    expect(rows.filter(({ may }) => may).map(({ verb }) => verb)).toEqual(['select', 'insert'])
    const triggers = await owner.query<{ events: number }>({
      text: `select sum(distinct t.tgtype & 56)::integer as events from pg_trigger t
               join pg_proc p on p.oid = t.tgfoid and p.proname = 'refuse_change'
              where t.tgrelid = $1::regclass and t.tgenabled = 'O'`,
      values: [table],
    })
    // Delete (8) and update (16) for each row, truncate (32) for the statement.
    expect(triggers.rows[0]!.events).toBe(8 + 16 + 32)
    await expect(owner.query({ text: `truncate ${table} cascade` })).rejects.toMatchObject({ cause: { code: '42501' } })
    await expect(db.query({ text: `delete from ${table}` })).rejects.toMatchObject({ cause: { code: '42501' } })
  })
})
