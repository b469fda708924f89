import { addressPart } from '../../../src/core/misuse/parts.ts'
import { withTransaction } from '../../../src/db/db.ts'
import { replaceStaff, type StaffTold } from '../../../src/db/misuse/staff-register.ts'
import { partHash } from '../../../src/gateway/misuse/part-hash.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { type Employee, type Month, monthAgencies, monthAreas, registered } from './month.ts'
import { addAgencies, addClients, addStaff } from './people.ts'
import type { Props } from './planted.ts'
import type { Scene } from './scene.ts'

/** Puts the month's people, and what the patterns need to be so, into the registries; four of six agencies feed a staff register. */
export const setUpMonth = async (scene: Scene, month: Month, props: Props): Promise<void> => {
  const run = (text: string, ...values: unknown[]) => scene.fresh.owner.query({ text, values })
  await addAgencies(scene, { ...monthAgencies, 'ridings-partnership': 'governance-body' }, monthAreas)
  const renamed = new Map(props.staff.map((one) => [`${one.agencyId} ${one.sub}`, one]))
  await addStaff(scene, [...new Map([...month.staff, ...renamed.values()].map((one) => [`${one.agencyId} ${one.sub}`, one])).values()])
  await addClients(scene, [...month.clients, ...props.clients, ...props.decoys])
  for (const { person, areaId, leftAt, told } of props.moves) {
    await run(
      `insert into appointment (id, agency_id, person_sub, role, area_id, from_at, to_at) values ($1, $2, $3, 'core-member', $4, '2025-01-01', $5)`,
      ...[newId(), person.agencyId, person.sub, areaId, told ? null : leftAt],
    )
  }
  // The meetings that decided it are of no account here.
  await run('alter table deselection drop constraint deselection_conference_id_fkey')
  for (const { client, at } of props.closed) {
    await run(`update offender set basis = 'closed' where id = $1`, client.id)
    await run(
      `insert into deselection (id, offender_id, conference_id, reasons, sealed, outcome, views, recorded_by_agency, recorded_by_person, recorded_at)
       values ($1, $2, $1, '{moved-area}', '\\x00', 'exit', '[]', 'ridings-police', 'p0', $3)`,
      ...[newId(), client.id, at],
    )
  }
  for (const { id } of props.decoys) await run(`insert into decoy values ($1, 'ridings-partnership', 'ig-officer', '2026-09-01')`, id)
  await tellRegisters(scene, month, props)
  // So many rows at once: the planner is told what autovacuum would tell it by and by.
  await run('analyze')
}

const tellRegisters = async (scene: Scene, month: Month, { homes, moves }: Props): Promise<void> => {
  const hash = (text: string): Buffer => partHash(scene.staffKey, addressPart(text, 'ZZ99 1ZZ'))
  const toldOf = (person: Employee): StaffTold => ({
    ...{ sub: person.sub, names: null, familyNames: null },
    addresses: [hash(homes.find((home) => home.person === person)?.address ?? `${person.sub} of ${person.agencyId}`).toString('base64url')],
    transfers: moves.filter((move) => move.person === person && move.told).map(({ areaId, leftAt }) => ({ areaId, leftAt })),
    roster: {
      ...{ fromAt: '2026-10-01T00:00:00Z', toAt: '2026-11-01T00:00:00Z' },
      shifts: month.days.map((day) => ({ fromAt: `${day}T${hour(person.from)}:00:00Z`, toAt: `${day}T${hour(person.to)}:00:00Z` })),
    },
  })
  for (const agencyId of registered) {
    const told = month.staff.filter((person) => person.agencyId === agencyId).map(toldOf)
    await withTransaction(scene.database, (tx) => replaceStaff(tx, agencyId, told, new Date()))
  }
  const addresses = month.clients.map((client) => ({
    offenderId: client.id,
    hash: hash(homes.find((home) => home.client === client)?.address ?? client.id).toString('hex'),
  }))
  await scene.fresh.owner.query({
    text: `insert into subject_part (offender_id, source, kind, hash)
           select p."offenderId", 'ridings-probation', 'address', decode(p.hash, 'hex')
             from jsonb_to_recordset($1::jsonb) as p ("offenderId" uuid, hash text)`,
    values: [JSON.stringify(addresses)],
  })
}

const hour = (at: number): string => String(at).padStart(2, '0')
