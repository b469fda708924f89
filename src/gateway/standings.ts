import type { Caller } from '../core/caller.ts'
import type { Standing } from '../core/snapshot.ts'
import type { AgencyKind } from '../core/vocabulary.ts'
import { findAgreementVersionsOf } from '../db/registry/agreements.ts'
import type { Db } from '../db/db.ts'
import { type AgencyFile, findAgencyFile, findPersonFiles, listAgencyKinds, type PersonFile } from '../db/facts.ts'

/** What kind of body each agency is; kinds and regimes never change once registered. */
export type AgencyDirectory = ReadonlyMap<string, { readonly kind: AgencyKind; readonly regime: 'law-enforcement' | 'general' }>

interface Remembered {
  readonly file: AgencyFile
  /** Null stands for a person nobody registered. */
  readonly people: Map<string, PersonFile | null>
}

/**
 * Who the callers are, remembered per agency under the agency's version number. The number itself is read again inside every
 * committing transaction, under the agency's lock, so that nothing remembered outlives a suspension, an ended appointment or
 * a changed agreement.
 */
export interface Standings {
  /** Brings what is remembered to the versions just read, through the same transaction. */
  refresh(db: Db, callers: readonly Caller[], versions: ReadonlyMap<string, number>): Promise<void>
  /** The caller's standing at an instant; null when the agency is not registered. Call `refresh` first. */
  standingOf(caller: Caller, at: Date): Standing | null
  readonly directory: AgencyDirectory
}

/** Bounds what one agency's people may take of memory. */
const MOST_PEOPLE = 20_000

export const makeStandings = (): Standings => {
  const remembered = new Map<string, Remembered>()
  const directory = new Map<string, { kind: AgencyKind; regime: 'law-enforcement' | 'general' }>()

  const loadAgency = async (db: Db, agencyId: string): Promise<Remembered | null> => {
    const file = await findAgencyFile(db, agencyId)
    if (file === null) return null
    const agreements = await findAgreementVersionsOf(db, agencyId)
    // A new partner always comes with a new agreement version, so this is when the directory can have grown.
    for (const agency of await listAgencyKinds(db)) directory.set(agency.id, { kind: agency.kind, regime: agency.regime })
    return { file: { ...file, agreements }, people: new Map() }
  }

  const loadPeople = async (db: Db, agency: Remembered, subs: readonly string[]): Promise<void> => {
    const missing = [...new Set(subs)].filter((sub) => !agency.people.has(sub))
    if (missing.length === 0) return
    if (agency.people.size > MOST_PEOPLE) agency.people.clear()
    const found = new Map((await findPersonFiles(db, agency.file.id, missing)).map((person) => [person.sub, person]))
    for (const sub of missing) agency.people.set(sub, found.get(sub) ?? null)
  }

  return {
    directory,
    async refresh(db, callers, versions) {
      for (const agencyId of new Set(callers.map((caller) => caller.agencyId))) {
        const version = versions.get(agencyId)
        let agency = remembered.get(agencyId) ?? null
        if (agency === null || agency.file.version !== version) {
          agency = version === undefined ? null : await loadAgency(db, agencyId)
          if (agency === null) remembered.delete(agencyId)
          else remembered.set(agencyId, agency)
        }
        if (agency === null) continue
        const subs = callers.filter((caller) => caller.agencyId === agencyId).map((caller) => caller.personSub)
        await loadPeople(
          db,
          agency,
          subs.filter((sub) => sub !== null),
        )
      }
    },
    standingOf(caller, at) {
      const agency = remembered.get(caller.agencyId)
      return agency === undefined ? null : standingFrom(agency, caller, at)
    },
  }
}

const within = (from: Date, to: Date | null, at: Date): boolean => from <= at && (to === null || at < to)

const standingFrom = ({ file, people }: Remembered, caller: Caller, at: Date): Standing => {
  const client = file.clients.get(caller.clientId)
  const person = caller.personSub === null ? null : (people.get(caller.personSub) ?? null)
  const keyHolds = caller.keyThumbprint === null || client?.keys.includes(caller.keyThumbprint) === true
  return {
    agency: {
      id: file.id,
      kind: file.kind,
      regime: file.regime,
      clearance: file.clearance,
      active: within(file.activeFrom, file.activeTo, at) && (file.suspendedAt === null || at < file.suspendedAt),
      schemes: file.schemes,
    },
    // A key taken off the register ends with the client's standing at once, whatever a door still remembers.
    clientActive: client !== undefined && (client.suspendedAt === null || at < client.suspendedAt) && keyHolds,
    person:
      caller.personSub === null
        ? null
        : {
            sub: caller.personSub,
            active: person !== null && within(person.activeFrom, person.activeTo, at),
            intelligenceVetted: holdsUntil(person?.intelligenceVettedUntil, at),
            visorTrained: holdsUntil(person?.visorTrainedUntil, at),
          },
    appointments: person?.appointments ?? [],
    agreements: file.agreements,
  }
}

const holdsUntil = (until: Date | null | undefined, at: Date): boolean => until !== null && until !== undefined && at < until
