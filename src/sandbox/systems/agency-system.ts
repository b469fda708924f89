import { timingSafeEqual } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { closeServer, listenLocally, sendJson } from '../local-server.ts'
import type { SandboxPerson } from '../people/person.ts'
import { printed } from '../people/person.ts'
import type { Random } from '../random.ts'
import { seededBy } from '../random.ts'

/** One person as one agency holds them. */
export interface Known {
  readonly person: SandboxPerson
  /** The agency's own number for the person, as the agency prints it. */
  readonly number: string
  readonly random: Random
  /** What others have sent about the person, oldest first. */
  readonly kept: readonly Json[]
}

type Json = Readonly<Record<string, unknown>>

/** Something that came in: the answer, and what is kept of it; null when it was there already. */
export interface Taken {
  readonly reply: Json
  readonly keep: Json | null
}

/** An agency's system as its vendor might have built it: where the number stands in a request, and what each path answers. */
export interface SystemDefinition {
  readonly agencyId: string
  readonly numberKey: string
  readonly views: Readonly<Record<string, (known: Known) => Json>>
  /** Paths that take something. */
  readonly takes?: Readonly<Record<string, (known: Known, sent: Json) => Taken>>
}

/**
 * What can go wrong with somebody else's system: it never answers, fails, answers about another person, or in a shape nobody announced,
 * or does what it was asked and the answer is lost.
 */
export type Misbehaviour = 'hang' | 'fail' | 'wrong-person' | 'changed-shape' | 'lose-answer'

export interface AgencySystem {
  readonly agencyId: string
  readonly url: string
  /** Requests answered with a record so far: nought proves that a refused category was never asked for. */
  answered(): number
  /** What was sent to it and kept about the person of that number, oldest first. */
  kept(number: string): readonly Json[]
  /** From the next request on; null behaves again. */
  misbehave(how: Misbehaviour | null): void
  close(): Promise<void>
}

interface Serving {
  readonly definition: SystemDefinition
  readonly credential: string
  readonly byNumber: ReadonlyMap<string, Known['person']>
  readonly kept: Map<string, Json[]>
  /** Where what is kept outlasts the process; null: nowhere. */
  readonly keptIn: string | null
  misbehaviour: Misbehaviour | null
  answered: number
}

/** Starts that agency's system on the loopback address. It knows the people who bear one of its own numbers, and nobody else. */
export const startAgencySystem = async (options: {
  readonly definition: SystemDefinition
  readonly people: readonly SandboxPerson[]
  readonly credential: string
  readonly port: number
  readonly keptIn?: string
}): Promise<AgencySystem> => {
  const { definition, people, credential, port, keptIn = null } = options
  const numbered = people.flatMap((person) => {
    const own = person.identifiers.find((identifier) => identifier.agencyId === definition.agencyId)
    return own ? [[own.value, person] as const] : []
  })
  const serving: Serving = {
    definition,
    credential,
    byNumber: new Map(numbered),
    kept: readKept(keptIn),
    keptIn,
    misbehaviour: null,
    answered: 0,
  }
  const server = createServer((request, response) => {
    answer(serving, request, response).catch(() => response.destroy())
  })
  const url = await listenLocally(server, port)
  return {
    agencyId: definition.agencyId,
    url,
    answered: () => serving.answered,
    kept: (number) => serving.kept.get(normalised(number)) ?? [],
    misbehave: (how) => {
      serving.misbehaviour = how
    },
    close: () => closeServer(server),
  }
}

const answer = async (serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (serving.misbehaviour === 'hang') return
  if (serving.misbehaviour === 'fail') return void sendJson(response, 500, { error: 'internal error' })
  if (!bearsCredential(request, serving.credential)) return void sendJson(response, 401, { error: 'unauthorised' })
  const path = request.url ?? ''
  const { views, takes = {}, numberKey } = serving.definition
  const view = Object.hasOwn(views, path) ? views[path] : undefined
  const take = Object.hasOwn(takes, path) ? takes[path] : undefined
  if (request.method !== 'POST' || (view ?? take) === undefined) return void sendJson(response, 404, { error: 'no such service' })
  const sent = parsed(await text(request))
  const person = serving.byNumber.get(numberIn(sent, numberKey))
  if (!person) return void sendJson(response, 404, { error: 'no such record' })
  if (take !== undefined) return void takeIn(serving, response, take(knownAs(serving, person, path), sent), numberIn(sent, numberKey))
  serving.answered += 1
  const asked = serving.misbehaviour === 'wrong-person' ? neighbour(serving, person) : person
  const reply = view!(knownAs(serving, asked, path))
  if (serving.misbehaviour === 'lose-answer') return void response.destroy()
  sendJson(response, 200, serving.misbehaviour === 'changed-shape' ? withoutRecords(reply) : reply)
}

const takeIn = (serving: Serving, response: ServerResponse, { reply, keep }: Taken, number: string): void => {
  if (keep !== null) {
    serving.kept.set(number, [...(serving.kept.get(number) ?? []), keep])
    if (serving.keptIn !== null) appendFileSync(serving.keptIn, `${JSON.stringify([number, keep])}\n`)
  }
  if (serving.misbehaviour === 'lose-answer') return void response.destroy()
  sendJson(response, 200, serving.misbehaviour === 'changed-shape' ? withoutRecords({ nothing: null, ...reply }) : reply)
}

const readKept = (path: string | null): Map<string, Json[]> => {
  const kept = new Map<string, Json[]>()
  if (path === null || !existsSync(path)) return kept
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const [number, one] = JSON.parse(line) as [string, Json]
    kept.set(number, [...(kept.get(number) ?? []), one])
  }
  return kept
}

/** Every reply says first whom it is about; what is left after that is whom, and no records. */
const withoutRecords = (reply: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(reply).slice(0, 1))

const bearsCredential = (request: IncomingMessage, credential: string): boolean => {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${credential}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const parsed = (body: string): Json => {
  try {
    const value: unknown = JSON.parse(body)
    return value !== null && typeof value === 'object' ? (value as Json) : {}
  } catch {
    return {}
  }
}

const normalised = (number: string): string => number.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

const numberIn = (sent: Json, key: string): string => {
  const number = sent[key]
  return typeof number === 'string' ? normalised(number) : ''
}

const neighbour = (serving: Serving, person: SandboxPerson): SandboxPerson =>
  [...serving.byNumber.values()].find((other) => other.id !== person.id) ?? person

const knownAs = (serving: Serving, person: SandboxPerson, path: string): Known => {
  const own = person.identifiers.find((identifier) => identifier.agencyId === serving.definition.agencyId)
  if (!own) throw new Error(`${serving.definition.agencyId} has no number for ${person.id}`)
  const random = seededBy(`${serving.definition.agencyId} ${path} ${person.id}`)
  return { person, number: printed(own), random, kept: serving.kept.get(own.value) ?? [] }
}

/** As many records as the person has: at least one. */
export const several = <T>(random: Random, most: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: random.between(1, most) }, (_, index) => make(index))
