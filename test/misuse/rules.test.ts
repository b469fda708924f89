import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MisuseRules } from '../../src/core/misuse/misuse-rules.ts'
import { addressPart, familyNamePart, namePart } from '../../src/core/misuse/parts.ts'
import { withTransaction } from '../../src/db/db.ts'
import { replaceStaff, type StaffTold } from '../../src/db/misuse/staff-register.ts'
import { partHash } from '../../src/gateway/misuse/part-hash.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { addAgencies, addClients, addStaff, clientOf } from './support/people.ts'
import { flagsIn, type Look, openScene, type Scene, shippedMisuse } from './support/scene.ts'

let scene: Scene
let ids: ReadonlyMap<string, string>
const police = 'ridings-police'
const charity = 'fresh-steps'
const staff = [
  ...['Uma Untied', 'Mo Many', 'Ida Ownname', 'Sid Rareword', 'Cal Colleague', 'Nat Namesake', 'Enid Enumerator', 'Guy Guesser'],
  ...['Ria Refused', 'Vic Volume', 'Pat Peerless', 'Tam Transfer', 'Owen Offduty', 'Clem Closed', 'Dee Decoy', 'Adi Address', 'Fay Former'],
  ...['Peer One', 'Peer Two', 'Peer Three', 'Peer Four', 'Peer Five', 'Joe Common', 'Tess Toldmove'],
].map((displayName) => ({ agencyId: police, sub: displayName.split(' ')[1]!.toLowerCase(), displayName }))

const clients = {
  ...{ stranger: clientOf('Alba', 'Aardvark'), own: clientOf('Ida', 'Ownname'), relative: clientOf('Rex', 'Rareword') },
  ...{ namesake: clientOf('Nat', 'Namesake'), closed: clientOf('Cy', 'Closedcase'), handed: clientOf('Hal', 'Handed') },
  ...{ decoy: clientOf('Dora', 'Nobody'), retired: clientOf('Rita', 'Nobodyelse'), home: clientOf('Hugo', 'Homer') },
  ...{ former: clientOf('Fay', 'Maidenname'), elsewhere: clientOf('Will', 'Wharfe', 'wharfe') },
  ...{
    common1: clientOf('A', 'Common'),
    common2: clientOf('B', 'Common'),
    common3: clientOf('C', 'Common'),
    common4: clientOf('D', 'Common'),
  },
}
const crowd = Array.from({ length: 40 }, (_, n) => clientOf(`Given${n}`, `Surname${n}x`))

const asOf = '2026-10-20T12:00:00Z'
const at = (time: string, day = '2026-10-19'): Date => new Date(`${day}T${time}Z`)
const look = (sub: string, offenderId: string | null, more: Partial<Look> = {}): Look => ({
  ...{ at: at('10:00:00'), agencyId: police, personSub: sub, offenderId, relationship: 'core-member' },
  ...more,
})
const minutesOn = (minutes: number): Date => new Date(at('10:00:00').getTime() + minutes * 60_000)

beforeAll(async () => {
  scene = await openScene()
  await addAgencies(scene, { [police]: 'police', [charity]: 'third-sector', 'ridings-partnership': 'governance-body' }, [
    'calder',
    'wharfe',
  ])
  await addStaff(scene, [...staff, { agencyId: charity, sub: 'keyworker', displayName: 'Kit Keyworker' }])
  await addClients(scene, [...Object.values(clients), ...crowd])
  const run = (text: string, ...values: unknown[]) => scene.fresh.owner.query({ text, values })
  const appointment =
    'insert into appointment (id, agency_id, person_sub, role, area_id, from_at, to_at) values ($1, $2, $3, $4, $5, $6, $7)'
  await run(appointment, newId(), police, 'transfer', 'core-member', 'calder', '2025-01-01', '2026-09-01')
  await run(appointment, newId(), police, 'toldmove', 'core-member', 'calder', '2025-01-01', null)
  await run(`update offender set basis = 'closed' where id = $1`, clients.closed.id)
  // The meeting that decided it is of no account here.
  await run('alter table deselection drop constraint deselection_conference_id_fkey')
  await run(
    `insert into deselection (id, offender_id, conference_id, reasons, sealed, outcome, views, recorded_by_agency, recorded_by_person, recorded_at)
     values ($1, $2, $1, '{moved-area}', '\\x00', 'exit', '[]', $3, 'closed', '2026-07-01')`,
    ...[newId(), clients.closed.id, police],
  )
  await run(
    `insert into case_relationship (id, offender_id, kind, agency_id, person_sub, from_at, to_at)
     values ($1, $2, 'case-manager', $3, 'closed', '2025-01-01', '2026-06-01')`,
    ...[newId(), clients.handed.id, police],
  )
  const decoy = 'insert into decoy (offender_id, registered_by_agency, registered_by_person, registered_at) values ($1, $2, $3, $4)'
  await run(decoy, clients.decoy.id, 'ridings-partnership', 'ig-officer', '2026-09-01')
  await run(decoy, clients.retired.id, 'ridings-partnership', 'ig-officer', '2026-09-01')
  await run(`insert into decoy_retirement values ($1, 'ridings-partnership', 'ig-officer', '2026-10-01')`, clients.retired.id)
  await tellRegister()
  ids = await logEverything()
})
afterAll(() => scene.close())

const hash = (part: string): string => partHash(scene.staffKey, part).toString('base64url')

const tellRegister = async (): Promise<void> => {
  const told = (sub: string, more: Partial<StaffTold>): StaffTold => ({
    ...{ sub, names: null, familyNames: null, addresses: null, transfers: null, roster: null },
    ...more,
  })
  const shifts = [{ fromAt: '2026-10-19T21:00:00Z', toAt: '2026-10-20T05:00:00Z' }]
  await withTransaction(scene.database, (tx) =>
    replaceStaff(
      tx,
      police,
      [
        told('address', { addresses: [hash(addressPart('1 Sample Street', 'ZZ99 1ZZ'))] }),
        told('former', { familyNames: [hash(familyNamePart('Maidenname'))], names: [hash(namePart('Fay', 'Maidenname'))] }),
        told('toldmove', { transfers: [{ areaId: 'calder', leftAt: '2026-09-15T00:00:00Z' }] }),
        told('offduty', { roster: { fromAt: '2026-10-18T00:00:00Z', toAt: '2026-10-21T00:00:00Z', shifts } }),
      ],
      new Date(),
    ),
  )
  await scene.fresh.owner.query({
    text: `insert into subject_part (offender_id, source, kind, hash) values ($1, $2, 'address', $3)`,
    values: [clients.home.id, charity, partHash(scene.staffKey, addressPart('1, Sample Street', 'zz991zz'))],
  })
}

/** What somebody innocent does stands beside each pattern, just below its threshold. */
const logEverything = async (): Promise<ReadonlyMap<string, string>> => {
  const { id: stranger } = clients.stranger
  const many = (count: number, make: (n: number) => Look): Look[] => Array.from({ length: count }, (_, n) => make(n))
  const named: Record<string, Look> = {
    'untied 1': look('untied', stranger, { relationship: 'none', effect: 'deny-ncnd', reason: 'ncnd' }),
    'untied 2': look('untied', stranger, { relationship: 'none', at: at('11:00:00') }),
    'own name': look('ownname', clients.own.id),
    'found by name': look('namesake', clients.namesake.id, { operation: 'search' }),
    'same surname': look('rareword', clients.relative.id),
    colleague: look('colleague', clients.own.id),
    'former surname': look('former', clients.former.id),
    address: look('address', clients.home.id),
    'told move 1': look('toldmove', crowd[0]!.id),
    'told move 2': look('toldmove', crowd[1]!.id),
    'transfer 1': look('transfer', crowd[0]!.id, { relationship: 'none' }),
    'transfer 2': look('transfer', crowd[1]!.id, { relationship: 'none' }),
    'off duty 1': look('offduty', crowd[0]!.id),
    'off duty 2': look('offduty', crowd[1]!.id, { at: at('19:30:00') }),
    'on duty': look('offduty', crowd[2]!.id, { at: at('23:30:00') }),
    'an hour early': look('offduty', crowd[2]!.id, { at: at('20:05:00') }),
    'closed case': look('closed', clients.closed.id, { effect: 'deny-ncnd', reason: 'subject-scope' }),
    'handed over': look('closed', clients.handed.id, { relationship: 'none' }),
    decoy: look('decoy', clients.decoy.id),
    'decoy in an emergency': look('refused', clients.decoy.id, { operation: 'openEmergencyAccess', emergency: true, relationship: 'none' }),
    emergency: look('refused', stranger, { operation: 'openEmergencyAccess', emergency: true, relationship: 'none' }),
    'emergency again': look('refused', stranger, { operation: 'viewEmergencyAccess', emergency: true, relationship: 'none' }),
    'retired decoy': look('decoy', clients.retired.id),
    'common surname': look('common', clients.common1.id),
    'invented person': look('colleague', newId(), { relationship: 'none', effect: 'deny-ncnd' }),
    'invented again': look('colleague', newId(), { relationship: 'none', effect: 'deny-ncnd' }),
    'once by mistake': look('one', stranger, { relationship: 'none', effect: 'deny-ncnd' }),
    'keyworker at night': look('keyworker', crowd[0]!.id, { agencyId: charity, at: at('03:00:00') }),
    'keyworker at night again': look('keyworker', crowd[1]!.id, { agencyId: charity, at: at('03:10:00') }),
  }
  const rest = [
    ...many(4, (n) => look('many', crowd[n]!.id, { relationship: 'none' })),
    ...many(25, (n) => look('enumerator', crowd[n]!.id, { at: minutesOn(n * 2) })),
    ...many(24, (n) => look('two', crowd[n]!.id, { at: minutesOn(n * 2) })),
    ...many(12, (n) => look('guesser', null, { operation: 'search', found: 0, at: minutesOn(n) })),
    ...many(12, (n) => look('three', null, { operation: 'search', found: 1, at: minutesOn(n) })),
    ...many(8, (n) => look('refused', crowd[n]!.id, { effect: 'deny', reason: 'need-to-know', at: minutesOn(n * 9) })),
    ...many(9, (n) => look('four', crowd[n]!.id, { effect: 'deny', reason: 'request-incomplete', at: minutesOn(n * 9) })),
    ...many(8, (n) => look('volume', crowd[0]!.id, { at: at('09:00:00', `2026-10-0${n + 1}`) })),
    ...many(31, (n) => look('volume', crowd[n % 10]!.id, { at: minutesOn(n * 5) })),
    ...many(45, (n) => look('peerless', crowd[n % 10]!.id, { at: minutesOn(n * 5) })),
  ]
  const looks = [...Object.values(named), ...rest]
  const logged = await scene.log(looks)
  return new Map(Object.keys(named).map((name, index) => [name, logged[index]!]))
}

const idsOf = (...names: readonly string[]): readonly string[] => names.map((name) => ids.get(name)!).toSorted()

describe('the shipped rules', () => {
  let flags: Awaited<ReturnType<typeof flagsIn>>
  beforeAll(async () => {
    const done = await scene.detect(asOf)
    expect(done?.taken).toBeGreaterThan(200)
    flags = await flagsIn(scene)
  })
  const of = (ruleId: string) => flags.filter((flag) => flag.ruleId === ruleId)
  const entriesOf = (ruleId: string, sub: string) =>
    of(ruleId)
      .filter(({ personSub }) => personSub === sub)
      .flatMap(({ entryIds }) => entryIds)
      .toSorted()

  it('says who asked about somebody whom nothing ties them to, and leaves out a single mistake', () => {
    expect(of('no-case-relationship')).toMatchObject([
      {
        personSub: 'untied',
        offenderId: clients.stranger.id,
        words: expect.stringContaining('Asked 2 times about the same person') as string,
      },
    ])
    expect(entriesOf('no-case-relationship', 'untied')).toEqual(idsOf('untied 1', 'untied 2'))
    expect(of('no-case-relationship-many').map(({ personSub }) => personSub)).toEqual(['many'])
  })

  it('finds own names, same surnames and colleagues, by the registry and by hashes of former names', () => {
    expect(entriesOf('own-name', 'ownname')).toEqual(idsOf('own name'))
    expect(entriesOf('own-name', 'namesake')).toEqual(idsOf('found by name'))
    expect(entriesOf('own-name', 'former')).toEqual(idsOf('former surname'))
    expect(of('own-name')[0]?.words).toBe('Looked up somebody of their own name, once.')
    expect(of('same-surname').map(({ personSub }) => personSub)).toEqual(['rareword'])
    expect(of('colleague').map(({ personSub }) => personSub)).toEqual(['colleague'])
    expect(entriesOf('colleague', 'colleague')).toEqual(idsOf('colleague'))
  })

  it('finds an own address by its hash, whoever holds the record', () => {
    expect(of('own-address').map(({ personSub }) => personSub)).toEqual(['address'])
  })

  it('finds enumeration, guessing and repeated refusals, and not one below the threshold', () => {
    expect(of('enumeration')).toMatchObject([
      { personSub: 'enumerator', rank: 'high', words: 'Asked about 25 different people within 60 minutes.' },
    ])
    expect(of('guessing').map(({ personSub }) => personSub)).toEqual(['guesser'])
    expect(of('repeated-refusals').map(({ personSub, entryIds }) => [personSub, entryIds.length])).toEqual([['refused', 8]])
  })

  it('finds a day unlike the person’s own and unlike their peers’', () => {
    expect(of('volume-own')).toMatchObject([
      { personSub: 'volume', words: 'Asked 31 times in one day; on the 8 days before on which they asked at all it was 1 on average.' },
    ])
    expect(of('volume-peers').map(({ personSub }) => personSub)).toEqual(['peerless'])
  })

  it('finds whoever goes on after a transfer, also where only their agency told of it', () => {
    expect(
      of('after-transfer')
        .map(({ personSub }) => personSub)
        .toSorted(),
    ).toEqual(['toldmove', 'transfer'])
    expect(entriesOf('after-transfer', 'toldmove')).toEqual(idsOf('told move 1', 'told move 2'))
  })

  it('finds look-ups outside duty, with an hour’s grace, only where a roster was told', () => {
    expect(entriesOf('outside-duty', 'offduty')).toEqual(idsOf('off duty 1', 'off duty 2'))
    expect(of('outside-duty').map(({ personSub }) => personSub)).toEqual(['offduty'])
  })

  it('finds whoever asks on after a case was closed or handed over', () => {
    expect(entriesOf('after-case-closed', 'closed')).toEqual(idsOf('closed case', 'handed over'))
  })

  it('finds decoys that stand, for the partnership alone', async () => {
    expect(of('decoy').toSorted((a, b) => (a.personSub < b.personSub ? -1 : 1))).toMatchObject([
      { personSub: 'decoy', rank: 'high', entryIds: [ids.get('decoy')] },
      { personSub: 'refused', entryIds: [ids.get('decoy in an emergency')] },
    ])
    const { rows } = await scene.fresh.owner.query<{ ids: string[] }>({
      text: `select array_agg(distinct f.rule_id) as ids from misuse_flag f where f.partnership_only`,
    })
    expect(rows[0]?.ids).toEqual(['decoy'])
  })

  it('names a rule, a citation and entries with each, and nobody in its words', () => {
    const names = [...staff.flatMap(({ displayName }) => displayName.split(' ')), ...Object.values(clients).map((one) => one.familyName)]
    for (const { words, cites, entryIds } of flags) {
      expect(cites).not.toBe('')
      expect(entryIds.length).toBeGreaterThan(0)
      expect(names.filter((name) => name.length > 4 && words.includes(name))).toEqual([])
      expect(words).not.toContain('?')
    }
  })

  it('finds nothing twice, and adds what comes later to what is open', async () => {
    expect((await scene.detect('2026-10-20T12:30:00Z'))?.raised).toEqual({})
    const [later] = await scene.log([look('untied', clients.stranger.id, { relationship: 'none', at: at('12:10:00', '2026-10-20') })])
    expect((await scene.detect('2026-10-20T13:00:00Z'))?.raised).toEqual({})
    const [flag] = (await flagsIn(scene)).filter(({ ruleId }) => ruleId === 'no-case-relationship')
    expect(flag?.entryIds).toContain(later)
  })

  it('says of each rule and agency whether it could be applied: never clear where it was not', async () => {
    const text = `select e.rule_id as rule, e.state, e.covered > 0 as some from misuse_evaluation e where e.agency_id = $1 order by 1`
    const statesOf = async (agencyId: string) => {
      const { rows } = await scene.fresh.owner.query<{ rule: string; state: string }>({ text, values: [agencyId] })
      return Object.fromEntries(rows.map(({ rule, state }) => [rule, state]))
    }
    expect(await statesOf(charity)).toMatchObject({
      ...{ 'own-address': 'not-evaluated', 'outside-duty': 'not-evaluated', 'after-transfer': 'in-part', 'own-name': 'evaluated' },
    })
    expect(await statesOf(police)).toMatchObject({ 'own-address': 'in-part', 'outside-duty': 'in-part', decoy: 'evaluated' })
  })
})

describe('a rule that is off', () => {
  it.each(shippedMisuse.rules.map(({ id }) => id))('%s finds nothing, and says that it is off', async (ruleId) => {
    // As if nothing had been found before: under a name of its own each rule finds again what it found.
    const renamed = (on: boolean): MisuseRules => ({
      ...shippedMisuse,
      rules: shippedMisuse.rules.filter(({ id }) => id === ruleId).map((rule) => ({ ...rule, id: `${ruleId}-again`, on })),
    })
    const now = '2026-10-20T14:00:00Z'
    expect((await scene.detect(now, 'hourly', renamed(false)))?.raised).toEqual({})
    const text = `select distinct e.state from misuse_evaluation e where e.rule_id = $1`
    expect((await scene.fresh.owner.query({ text, values: [`${ruleId}-again`] })).rows).toEqual([{ state: 'off' }])
    expect(Object.keys((await scene.detect(now, 'hourly', renamed(true)))?.raised ?? {})).toEqual([`${ruleId}-again`])
  })
})
