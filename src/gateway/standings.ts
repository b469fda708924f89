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
  /**
   * Brings what is remembered to the versions just read, through the same transaction. The answer holds what this transaction
   * read: what is remembered may be replaced by work beside it at any moment, even by something older that was read without a lock.
   */
  refresh(db: Db, callers: readonly Caller[], versions: ReadonlyMap<string, number>): Promise<StandingOf>
  readonly directory: AgencyDirectory
}

/** The standing at an instant of a caller that was refreshed; null when the agency is not registered. */
export type StandingOf = (caller: Caller, at: Date) => Standing | null

/** Bounds what one agency's people may take of memory. */
const MOST_PEOPLE = 20_000

export const makeStandings = (): Standings => {
  const remembered = new Map<string, Remembered>()
  const directory: Directory = new Map()

  return {
    directory,
    async refresh(db, callers, versions) {
      const held = new Map<string, Held>()
      for (const agencyId of new Set(callers.map((caller) => caller.agencyId))) {
        const version = versions.get(agencyId)
        let agency = remembered.get(agencyId) ?? null
        if (agency === null || agency.file.version !== version) {
          agency = version === undefined ? null : await loadAgency(db, agencyId, directory)
          if (agency === null) remembered.delete(agencyId)
          else remembered.set(agencyId, agency)
        }
        if (agency === null) continue
        const subs = callers.filter((caller) => caller.agencyId === agencyId).map((caller) => caller.personSub)
        const people = await loadPeople(
          db,
          agency,
          subs.filter((sub) => sub !== null),
        )
        held.set(agencyId, { file: agency.file, people })
      }
      return (caller, at) => {
        const agency = held.get(caller.agencyId)
        return agency === undefined ? null : standingFrom(agency, caller, at)
      }
    },
  }
}

interface Held {
  readonly file: AgencyFile
  readonly people: ReadonlyMap<string, PersonFile | null>
}

type Directory = Map<string, { kind: AgencyKind; regime: 'law-enforcement' | 'general' }>

const loadAgency = async (db: Db, agencyId: string, directory: Directory): Promise<Remembered | null> => {
  const file = await findAgencyFile(db, agencyId)
  if (file === null) return null
  const agreements = await findAgreementVersionsOf(db, agencyId)
  // A new partner always comes with a new agreement version, so this is when the directory can have grown.
  for (const agency of await listAgencyKinds(db)) directory.set(agency.id, { kind: agency.kind, regime: agency.regime })
  return { file: { ...file, agreements }, people: new Map() }
}

/** The people named, from what is remembered or read now, in a map of this call's own. */
const loadPeople = async (db: Db, { file, people }: Remembered, subs: readonly string[]): Promise<Held['people']> => {
  const named = new Map<string, PersonFile | null>()
  for (const sub of subs) if (people.has(sub)) named.set(sub, people.get(sub) ?? null)
  const missing = [...new Set(subs)].filter((sub) => !named.has(sub))
  if (missing.length === 0) return named
  const found = new Map((await findPersonFiles(db, file.id, missing)).map((person) => [person.sub, person]))
  if (people.size > MOST_PEOPLE) people.clear()
  for (const sub of missing) {
    people.set(sub, found.get(sub) ?? null)
    named.set(sub, found.get(sub) ?? null)
  }
  return named
}

const within = (from: Date, to: Date | null, at: Date): boolean => from <= at && (to === null || at < to)

const standingFrom = ({ file, people }: Held, caller: Caller, at: Date): Standing => {
  const client = file.clients.get(caller.clientId)
  const person = caller.personSub === null ? null : (people.get(caller.personSub) ?? null)
  const key = client?.keys.find(({ thumbprint }) => thumbprint === caller.keyThumbprint)
  // A key that is being replaced ends by itself, and no version number changes then.
  const keyHolds = caller.keyThumbprint === null || (key !== undefined && (key.toAt === null || at < key.toAt))
  return {
    agency: {
      id: file.id,
      kind: file.kind,
      regime: file.regime,
      clearance: file.clearance,
      active: within(file.activeFrom, file.activeTo, at) && (file.suspendedAt === null || at < file.suspendedAt),
      schemes: file.schemes,
    },
    // A key taken off the register ends with the client's standing at once, whatever a door still remembers; and a token expires by
    // the clock that decides, whatever the door's own clock said.
    clientActive:
      client !== undefined && (client.suspendedAt === null || at < client.suspendedAt) && keyHolds && at < caller.tokenExpiresAt,
    endsAt: [
      file.activeTo,
      file.suspendedAt,
      client?.suspendedAt,
      key?.toAt,
      person?.activeTo,
      person?.intelligenceVettedUntil,
      person?.visorTrainedUntil,
    ].filter((end) => end != null && at < end) as Date[],
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
