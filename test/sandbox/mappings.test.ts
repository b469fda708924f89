import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { CategoryDefinition } from '../../src/core/decision/category.ts'
import { valueFits } from '../../src/core/decision/category.ts'
import type { Item } from '../../src/core/snapshot.ts'
import type { Category } from '../../src/core/vocabulary.ts'
import { buildPeople } from '../../src/sandbox/people.ts'
import type { SandboxPerson } from '../../src/sandbox/people/person.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import type { AgencySystems } from '../../src/sandbox/systems/start-agency-systems.ts'
import { startAgencySystems } from '../../src/sandbox/systems/start-agency-systems.ts'
import { parseSourceDescription } from '../../src/sources/description.ts'
import { httpSource } from '../../src/sources/http.ts'
import type { Source } from '../../src/sources/source.ts'

const people = buildPeople()
let dataDir: string
let running: AgencySystems
let sources: readonly Source[]

const definitions = new Map<Category, CategoryDefinition>()
const definitionOf = (category: Category): CategoryDefinition => {
  const read = () =>
    parse(readFileSync(new URL(`../../policies/categories/${category}.yaml`, import.meta.url), 'utf8')) as CategoryDefinition
  const known = definitions.get(category) ?? read()
  definitions.set(category, known)
  return known
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-systems-'))
  running = await startAgencySystems({ dataDir })
  sources = running.descriptions.map(({ name, value }) =>
    httpSource(parseSourceDescription({ ...value, timeoutMs: 2_000, breaker: { failures: 100 } }, name), {
      readSecret: (file) => readFile(file, 'utf8'),
      categoryOf: definitionOf,
    }),
  )
})
afterEach(() => {
  for (const system of running.systems) system.misbehave(null)
})
afterAll(async () => {
  await running.close()
  await rm(dataDir, { recursive: true })
})

const sourceOf = (agencyId: string) => sources.find((source) => source.agencyId === agencyId)!
const numberAt = (person: SandboxPerson, source: Source) =>
  person.identifiers.find(({ kind, agencyId }) => agencyId === source.agencyId && kind === source.identifierKind)?.value

const ask = async (person: SandboxPerson, source: Source, categories: readonly Category[] = source.categories) => {
  const identifier = numberAt(person, source)
  return identifier === undefined ? [] : source.fetch({ identifier, categories, requestId: 'test' })
}

const itemsOf = async (name: Parameters<typeof storyId>[0], agencyId: string, category: Category): Promise<readonly Item[]> => {
  const person = people.find(({ id }) => id === storyId(name))!
  const [reply] = await ask(person, sourceOf(agencyId), [category])
  return reply?.outcome === 'items' ? reply.items : []
}

describe('the agencies’ systems, asked through their descriptions', () => {
  it('answer for everybody they know with fields that the category labels, of the type it says', async () => {
    let seen = 0
    for (const source of sources) {
      for (const person of people) {
        for (const reply of await ask(person, source)) {
          expect(reply, `${source.agencyId} about ${person.id}`).toMatchObject({ outcome: 'items' })
          const fields = definitionOf(reply.category).fields
          for (const item of reply.outcome === 'items' ? reply.items : []) {
            seen += 1
            for (const [name, value] of Object.entries(item.fields)) {
              expect(Object.keys(fields), `${source.agencyId} ${reply.category}`).toContain(name)
              expect(valueFits(fields[name]!, value), `${reply.category}.${name} ${JSON.stringify(value)}`).toBe(true)
            }
          }
        }
      }
    }
    expect(seen).toBeGreaterThan(2_000)
  })

  it('fill every field of each category for somebody, so that no mapping has gone quiet', async () => {
    for (const source of sources) {
      const filled = new Map<Category, Set<string>>()
      for (const person of people) {
        for (const reply of await ask(person, source)) {
          const names = filled.get(reply.category) ?? new Set()
          for (const item of reply.outcome === 'items' ? reply.items : []) for (const name of Object.keys(item.fields)) names.add(name)
          filled.set(reply.category, names)
        }
      }
      for (const [category, names] of filled) {
        const labelled = Object.keys(definitionOf(category).fields)
        const neverKnown = category === 'stat-compliance' && source.agencyId !== 'ridings-probation' ? ['breachedOn'] : []
        expect([...names, ...neverKnown].sort(), `${source.agencyId} ${category}`).toEqual(labelled.sort())
      }
    }
  })

  it.each([
    ['jordan', 'ridings-police', 'arrest-disposal'],
    ['jordan', 'ridings-police', 'police-intel'],
    ['jordan', 'ridings-probation', 'oasys'],
    ['jordan', 'calder-yos', 'asset'],
    ['jordan', 'calder-dip', 'drug-treatment'],
    ['jordan', 'fresh-steps', 'engagement'],
    ['jordan', 'fresh-steps', 'ete'],
    ['sam', 'fresh-steps', 'interventions-plan'],
    ['casey', 'fresh-steps', 'engagement'],
    ['robin', 'fresh-steps', 'engagement'],
    ['riley', 'calder-dip', 'drug-treatment'],
    ['alex', 'calder-yos', 'asset'],
    ['morgan', 'hmp-stonebeck', 'prison-intel'],
    ['morgan', 'hmp-stonebeck', 'custody-release'],
    ['drew', 'ridings-probation', 'licence-conditions'],
    ['pat', 'ridings-police', 'arrest-disposal'],
    ['lee', 'ridings-police', 'offence-history'],
  ] as const)('hold something about %s at %s in %s', async (name, agencyId, category) => {
    expect(await itemsOf(name, agencyId, category)).not.toHaveLength(0)
  })

  it('grade intelligence, name its source, and open with a report that may be shared', async () => {
    for (const [name, agencyId, category] of [
      ['jordan', 'ridings-police', 'police-intel'],
      ['morgan', 'hmp-stonebeck', 'prison-intel'],
    ] as const) {
      const [first] = await itemsOf(name, agencyId, category)
      expect(first).toMatchObject({ grade: { handling: 'p' }, fields: { sourceRef: expect.stringMatching(/^(SRC|INF)-\d+$/) as string } })
      expect(['a', 'b', 'c']).toContain(first?.grade?.intelligence)
      expect(first?.conditions).toEqual([agencyId === 'ridings-police' ? 'released-by-biu' : 'released-by-piu'])
    }
  })
})

describe('a system that misbehaves', () => {
  const jordan = people.find(({ id }) => id === storyId('jordan'))!
  it.each([
    ['hang', 'timeout'],
    ['wrong-person', 'wrong-subject'],
    ['fail', 'failed'],
  ] as const)('by %s makes its source say %s, the others going on', async (how, because) => {
    running.systems.find(({ agencyId }) => agencyId === 'ridings-police')!.misbehave(how)
    expect(await ask(jordan, sourceOf('ridings-police'), ['arrest-disposal'])).toEqual([
      { category: 'arrest-disposal', outcome: 'unavailable', because },
    ])
    expect(await itemsOf('jordan', 'ridings-probation', 'oasys')).not.toHaveLength(0)
  })

  it('by a changed shape gives an invalid reply in every category, never an empty one', async () => {
    for (const system of running.systems) system.misbehave('changed-shape')
    for (const source of sources) {
      const known = people.find((person) => numberAt(person, source) !== undefined)!
      for (const reply of await ask(known, source)) {
        expect(reply, `${source.agencyId} ${reply.category}`).toMatchObject({ outcome: 'unavailable', because: 'invalid-reply' })
      }
    }
  })

  it('does not exist for who lacks the credential, nor for a number it never gave', async () => {
    const system = running.systems.find(({ agencyId }) => agencyId === 'ridings-police')!
    const credential = await readFile(join(dataDir, 'credentials', 'ridings-police'), 'utf8')
    const post = (bearer: string, number: string) =>
      fetch(`${system.url}/Nominal/Custody`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ PNCID: number }),
      })
    const before = system.answered()
    expect((await post('guess', '20190100029W')).status).toBe(401)
    expect((await post(credential, '1999/0000000Z')).status).toBe(404)
    expect(system.answered()).toBe(before)
    expect((await post(credential, numberAt(jordan, sourceOf('ridings-police'))!)).status).toBe(200)
    expect(system.answered()).toBe(before + 1)
  })
})
