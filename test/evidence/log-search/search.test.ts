import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../../journeys/support/agree.ts'
import { consentOf, enquire, idOf, inventedId, recordConsent } from '../../journeys/support/requests.ts'
import type { Json } from '../../support/ask.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { entryOf, type Logged } from '../../support/logged.ts'
import { appointOfficer, everyEntry, idsOf, indexed, type Line, search, searchAll } from './support.ts'

let house: TestGateway
let before: readonly Logged[]
beforeAll(async () => {
  house = await openGateway()
  await appointOfficer(house, 'ridings-probation', 'deputy')
  await appointOfficer(house, 'ridings-police', 'chair')
  for (const persona of ['analyst', 'case-manager', 'keyworker', 'constable-wharfe', 'housing-officer', 'nurse'])
    for (const person of ['jordan', 'casey', 'sam', inventedId()])
      await enquire(house.as(persona), person, 'oasys police-intel drug-treatment arrest-disposal', {
        justification: `Visit by ${persona}`,
      })
  await recordConsent(house.as('case-manager'), 'sam', { ...consentOf('given'), justification: 'Said at the office' })
  await house.as('ig-officer').post('/v1/access-log/erasures', { before: '2020-01-01T00:00:00Z', justification: 'Yearly' })
  await indexed(house)
  before = (await everyEntry(house)).filter(({ operation }) => operation !== 'searchLog')
}, 120_000)
afterAll(() => house.close())

const linesIn = (entry: Logged): readonly Json[] => (entry.categories as readonly Json[] | undefined) ?? []
const refusalsIn = (line: Json): readonly Json[] =>
  ['reasons', 'withheldItems', 'withheldFields'].flatMap((name) => (line[name] as readonly Json[] | undefined) ?? [])
const isBy = (entry: Logged, sub: string): boolean => (entry.caller as Json | null)?.personSub === sub
/** Reads the whole log with nothing but a condition. */
const reading = (condition: (entry: Logged) => boolean): readonly string[] =>
  idsOf(before.filter((entry) => !isBy(entry, 'ig-officer') && condition(entry)))
const found = async (filter: Json, as = 'ig-officer'): Promise<readonly string[]> =>
  idsOf((await searchAll(house, as, { filter })).filter(({ operation }) => operation !== 'searchLog'))

const someLine = (entry: Logged, is: (line: Json) => boolean): boolean => linesIn(entry).some(is)
const agreementOf = (line: Json): unknown => (line.agreement as Json | null | undefined)?.agreementId

describe('the partnership’s officer finds exactly what reading the whole log would find', () => {
  const agreementId = (): string => String(before.flatMap((entry) => linesIn(entry).map(agreementOf)).find((id) => typeof id === 'string'))
  const middle = (): string => before.map(({ at }) => at).toSorted()[Math.floor(before.length / 2)]!
  const questions: readonly (readonly [string, () => Json, (entry: Logged) => boolean])[] = [
    ['nothing in particular', () => ({}), () => true],
    ['a subject', () => ({ subject: idOf('casey') }), (entry) => entry.offenderId === idOf('casey')],
    ['a person', () => ({ person: { agencyId: 'fresh-steps', sub: 'keyworker' } }), (entry) => isBy(entry, 'keyworker')],
    [
      'an agency that asked',
      () => ({ agencyId: 'ridings-police' }),
      (entry) => (entry.caller as Json | null)?.agencyId === 'ridings-police',
    ],
    [
      'an agency that supplied',
      () => ({ supplierAgencyId: 'ridings-probation' }),
      (entry) => someLine(entry, ({ supplier }) => supplier === 'ridings-probation'),
    ],
    [
      'a system',
      () => ({ clientId: 'ridings-probation-records' }),
      (entry) => (entry.caller as Json | null)?.clientId === 'ridings-probation-records',
    ],
    ['a category', () => ({ category: 'drug-treatment' }), (entry) => someLine(entry, ({ category }) => category === 'drug-treatment')],
    ['a purpose', () => ({ purpose: 'risk-management' }), (entry) => entry.purpose === 'risk-management'],
    ['an outcome: refused', () => ({ outcome: 'refused' }), (entry) => entry.effect.startsWith('deny')],
    ['an outcome: shielded', () => ({ outcome: 'shielded' }), (entry) => entry.effect === 'deny-ncnd'],
    ['an outcome: permitted', () => ({ outcome: 'permitted' }), (entry) => !entry.effect.startsWith('deny') && entry.effect !== 'repeated'],
    [
      'a reason',
      () => ({ reason: 'consent-refused' }),
      (entry) =>
        entry.reason === 'consent-refused' || someLine(entry, (line) => refusalsIn(line).some(({ code }) => code === 'consent-refused')),
    ],
    [
      'a rule that refused',
      () => ({ ruleId: 'r18-police-intel-source' }),
      (entry) => someLine(entry, (line) => refusalsIn(line).some(({ ruleId }) => ruleId === 'r18-police-intel-source')),
    ],
    ['an agreement', () => ({ agreementId: agreementId() }), (entry) => someLine(entry, (line) => agreementOf(line) === agreementId())],
    ['an event', () => ({ event: 'intent' }), (entry) => entry.event === 'intent'],
    ['an operation', () => ({ operation: 'recordConsent' }), (entry) => entry.operation === 'recordConsent'],
    ['a time', () => ({ from: before[0]!.at, until: middle() }), (entry) => entry.at >= before[0]!.at && entry.at < middle()],
    [
      'words of the justification',
      () => ({ words: 'visit KEYWORKER' }),
      (entry) => typeof entry.justification === 'string' && /visit.*keyworker/i.test(entry.justification),
    ],
    [
      'several at once',
      () => ({ subject: idOf('casey'), outcome: 'refused', category: 'oasys', agencyId: 'ridings-police' }),
      (entry) =>
        entry.offenderId === idOf('casey') &&
        entry.effect.startsWith('deny') &&
        (entry.caller as Json).agencyId === 'ridings-police' &&
        someLine(entry, ({ category }) => category === 'oasys'),
    ],
  ]
  test.each(questions)('by %s', async (_what, filter, condition) => {
    const expected = reading(condition)
    expect(expected.length).toBeGreaterThan(0)
    expect(await found(filter())).toEqual(expected)
  })

  test('and by a permission that nobody gave, or a person nobody knows, nothing', async () => {
    expect(await found({ permissionId: inventedId() })).toEqual([])
    expect(await found({ subject: inventedId() })).toEqual([])
  })
})

describe('what is shown', () => {
  test('to the partnership’s officer: every entry, with other agencies’ words masked', async () => {
    const lines = await searchAll(house, 'ig-officer', { filter: { agencyId: 'ridings-police', operation: 'enquire' } })
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines) expect(line.justification).toMatch(/^masked/)
  })

  test('to an agency’s officer: what it asked in full, and of what it supplied its own lines only', async () => {
    const lines = await searchAll(house, 'deputy')
    const [own, supplied] = [lines.filter(({ view }) => view === 'whole'), lines.filter(({ view }) => view === 'lines')]
    expect(own.length).toBeGreaterThan(0)
    expect(supplied.length).toBeGreaterThan(0)
    for (const line of own) {
      expect(line.caller?.agencyId).toBe('ridings-probation')
      if (line.operation === 'enquire') expect(line.justification).toMatch(/^Visit by/)
    }
    for (const line of supplied) {
      expect(line.caller?.agencyId).not.toBe('ridings-probation')
      expect((line.categories as readonly Json[]).map(({ supplier }) => supplier)).toEqual(
        (line.categories as readonly Json[]).map(() => 'ridings-probation'),
      )
      expect(line.justification).toMatch(/^masked/)
    }
    const entitled = before.filter(
      (entry) =>
        !isBy(entry, 'deputy') &&
        ((entry.caller as Json | null)?.agencyId === 'ridings-probation' ||
          someLine(entry, ({ supplier }) => supplier === 'ridings-probation')),
    )
    expect(idsOf(lines)).toEqual(idsOf(entitled))
  })

  test('an agency’s officer cannot find entries by others’ words, nor by what another agency supplied or was refused', async () => {
    expect(await found({ words: 'analyst' }, 'deputy')).toEqual([])
    expect((await found({ words: '"case manager"' }, 'deputy')).length).toBeGreaterThan(0)
    expect(await found({ words: '"case manager"', agencyId: 'ridings-police' }, 'deputy')).toEqual([])
    const police = { agencyId: 'ridings-police' }
    expect((await found({ ...police, category: 'oasys' }, 'deputy')).length).toBeGreaterThan(0)
    for (const filter of [{ category: 'police-intel' }, { supplierAgencyId: 'ridings-police' }, { ruleId: 'r18-police-intel-source' }])
      expect(await found({ ...police, ...filter }, 'deputy')).toEqual([])
  })

  test('an entry that an agency supplied to is read with its own lines only, explained under its rules', async () => {
    const [line] = (await searchAll(house, 'deputy')).filter(({ view, effect }) => view === 'lines' && effect === 'permit')
    const reading = { purpose: 'lawfulness', justification: 'Sample' }
    const whole = must(await house.as('ig-officer').post(`/v1/access-log/${line!.entryId}/readings`, reading), 200).entry as Json
    const own = must(await house.as('deputy').post(`/v1/access-log/${line!.entryId}/readings`, reading), 200).entry as Json
    expect((whole.categories as Json[]).length).toBeGreaterThan((own.categories as Json[]).length)
    for (const one of own.categories as Json[]) {
      expect(one.supplier).toBe('ridings-probation')
      expect((one.facts as Json).callerAgency).toBe('active')
      expect((one.stages as Json[]).length).toBeGreaterThan(10)
    }
    expect(JSON.stringify(own)).not.toContain('police-intel')
    expect((await house.as('nurse').post(`/v1/access-log/${line!.entryId}/readings`, reading)).status).toBe(404)
  })

  test('an agency’s officer sees nothing in which the agency has no part, and it looks like nothing at all', async () => {
    const filter = { agencyId: 'fresh-steps' }
    const hidden = await search(house, 'chair', { filter: { ...filter, subject: idOf('casey'), category: 'oasys' } })
    const invented = await search(house, 'chair', { filter: { ...filter, subject: inventedId(), category: 'oasys' } })
    for (const reply of [hidden, invented]) expect([reply.status, reply.body.entries, reply.body.nextCursor]).toEqual([200, [], null])
    expect(Object.keys(hidden.body)).toEqual(Object.keys(invented.body))
  })
})

describe('who may search, for what (DPA 2018 s.62(4), R42)', () => {
  test('nobody sees their own accesses, nor counts them', async () => {
    expect((await search(house, 'chair', { filter: { person: { agencyId: 'ridings-police', sub: 'chair' } } })).body.entries).toEqual([])
    await search(house, 'ig-officer')
    await indexed(house)
    const own = { person: { agencyId: 'ridings-partnership', sub: 'ig-officer' } }
    const mine = await search(house, 'ig-officer', { filter: own, countByDay: true })
    expect([mine.body.entries, (mine.body.counts as Json).counted]).toEqual([[], 0])
    expect(((await search(house, 'ig-second', { filter: own })).body.entries as Line[]).length).toBeGreaterThan(0)
  })

  test.each([
    ['staff-productivity', 403],
    ['performance', 403],
    ['', 422],
    [null, 422],
  ])('scenario 54: a search for %s is refused, whoever asks, and its entry says so', async (purpose, status) => {
    for (const as of ['ig-officer', 'area-commander']) {
      const reply = await search(house, as, { purpose, filter: { person: { agencyId: 'ridings-police', sub: 'analyst' } } })
      expect([reply.status, reply.body.code]).toEqual([status, 'log-purpose'])
      expect(reply.body.cites).toContain('s.62(4)')
      expect(await entryOf(house.database, reply)).toMatchObject({
        operation: 'searchLog',
        event: 'access-denied',
        reason: 'log-purpose',
        logPurpose: purpose,
      })
    }
  })

  test('a search is an entry that says what was asked and how much was told', async () => {
    const filter = { subject: idOf('jordan'), outcome: 'refused' }
    const reply = await search(house, 'ig-officer', { filter })
    const told = (reply.body.entries as Line[]).length
    expect(await entryOf(house.database, reply)).toMatchObject({ event: 'log-queried', logPurpose: 'lawfulness', filter, told })
    await indexed(house)
    const searches = await searchAll(house, 'ig-second', { filter: { operation: 'searchLog', purpose: 'lawfulness' } })
    expect(searches.some(({ entryId }) => entryId === reply.entryId)).toBe(true)
  })
})

describe('pages', () => {
  test('show one state of the log: what is committed meanwhile neither repeats nor hides an entry', async () => {
    const filter = { subject: idOf('casey') }
    const expected = idsOf(await searchAll(house, 'ig-officer', { filter }))
    const paged: Line[] = []
    for (let cursor: unknown = null; ;) {
      const { body } = await search(house, 'ig-officer', { filter, limit: 3, cursor })
      paged.push(...(body.entries as Line[]))
      if (body.nextCursor === null) break
      cursor = body.nextCursor
      await enquire(house.as('analyst'), 'casey', 'oasys')
      await indexed(house)
    }
    expect(paged.length).toBeGreaterThan(8)
    expect(idsOf(paged)).toEqual(expected)
    expect(idsOf(await searchAll(house, 'ig-officer', { filter })).length).toBeGreaterThan(expected.length)
    expect(paged.map(({ at }) => at)).toEqual(
      paged
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    )
  })

  test('a cursor belongs to its own filter', async () => {
    const { nextCursor } = (await search(house, 'ig-officer', { limit: 1 })).body
    const reply = await search(house, 'ig-officer', { cursor: nextCursor, filter: { outcome: 'refused' } })
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid'])
  })

  test('counts by day add up to what the pages hold', async () => {
    const filter = { operation: 'enquire' }
    const { counts } = (await search(house, 'ig-officer', { filter, countByDay: true })).body as {
      counts: { days: { entries: number; refused: number }[]; counted: number; complete: boolean }
    }
    const all = await searchAll(house, 'ig-officer', { filter })
    const sum = (pick: (day: { entries: number; refused: number }) => number): number =>
      counts.days.reduce((total, day) => total + pick(day), 0)
    expect([sum((day) => day.entries), counts.counted, counts.complete]).toEqual([all.length, all.length, true])
    expect(sum((day) => day.refused)).toBe(all.filter(({ effect }) => String(effect).startsWith('deny')).length)
  })
})
