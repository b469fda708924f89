import { afterEach, describe, expect, test } from 'vitest'
import { checkImports } from './support/architecture/import-faults.ts'
import { plantHouse } from './support/architecture/planted-house.ts'
import { checkSizes } from './support/architecture/size-faults.ts'
import { checkWords } from './support/architecture/word-faults.ts'

const removers: (() => void)[] = []
afterEach(() => {
  for (const remove of removers.splice(0)) remove()
})

const planted = (files: Readonly<Record<string, string>>): string => {
  const { root, remove } = plantHouse(files)
  removers.push(remove)
  return root
}

const sound = {
  'src/core/rule.ts': 'export const rule = 1\n',
  'src/db/store.ts': "import { rule } from '../core/rule.ts'\nexport const store = rule\n",
}

describe('the house as it stands', () => {
  test('every import is one that the table of rooms allows', async () => {
    const { modulesSeen, faults } = await checkImports(process.cwd())
    expect(modulesSeen).toBeGreaterThan(100)
    expect(faults).toEqual([])
  })

  test('no file is too long, no folder too full, and every name is in kebab case', () => {
    const { filesSeen, faults } = checkSizes(process.cwd())
    expect(filesSeen).toBeGreaterThan(150)
    expect(faults).toEqual([])
  })

  test('the environment, the clock, chance and SQL stand only where they may', () => {
    const { filesSeen, faults } = checkWords(process.cwd())
    expect(filesSeen).toBeGreaterThan(100)
    expect(faults).toEqual([])
  })
})

describe('the checks themselves', () => {
  test('a sound house has no faults', async () => {
    const root = planted(sound)
    expect(await checkImports(root)).toEqual({ modulesSeen: 2, faults: [] })
    expect(checkSizes(root)).toEqual({ filesSeen: 2, faults: [] })
    expect(checkWords(root)).toEqual({ filesSeen: 2, faults: [] })
  })

  test('a house without modules is not taken for a sound one', async () => {
    await expect(checkImports(planted({}))).rejects.toThrow()
    expect(checkSizes(planted({})).filesSeen).toBe(0)
    expect(checkWords(planted({})).filesSeen).toBe(0)
  })

  const wrongImports: readonly (readonly [string, Record<string, string>, string])[] = [
    [
      'core that reaches into the database',
      { 'src/core/bad.ts': "import { store } from '../db/store.ts'\nexport const bad = store\n" },
      'room core',
    ],
    [
      'core that borrows a type of another room',
      {
        'src/http/shape.ts': 'export type Shape = 1\n',
        'src/core/bad.ts': "import type { Shape } from '../http/shape.ts'\nexport type Bad = Shape\n",
      },
      'room core',
    ],
    [
      'core that opens files',
      { 'src/core/bad.ts': "import { readFileSync } from 'node:fs'\nexport const bad = readFileSync\n" },
      'room core',
    ],
    [
      'a ledger that talks to the network',
      { 'src/ledger/bad.ts': "import { connect } from 'node:net'\nexport const bad = connect\n" },
      'room ledger',
    ],
    [
      'a gateway that knows of HTTP',
      {
        'src/http/shape.ts': 'export const shape = 1\n',
        'src/gateway/bad.ts': "import { shape } from '../http/shape.ts'\nexport const bad = shape\n",
      },
      'room gateway',
    ],
    [
      'a second importer of the rule engine',
      { 'src/core/bad.ts': "import { createMongoAbility } from '@casl/ability'\nexport const bad = createMongoAbility\n" },
      'one door for @casl/ability',
    ],
    [
      'a package that no room was given',
      { 'src/http/bad.ts': "import { request } from 'undici'\nexport const bad = request\n" },
      'room http',
    ],
    [
      'a room that nobody drew',
      { 'src/attic/bad.ts': "import { rule } from '../core/rule.ts'\nexport const bad = rule\n" },
      'a room that the table does not know',
    ],
    ['a second door to the database', { 'src/gateway/bad.ts': "import pg from 'pg'\nexport const bad = pg\n" }, 'one door for pg'],
    ['an import that leads nowhere', { 'src/core/bad.ts': "import { gone } from './gone.ts'\nexport const bad = gone\n" }, 'leads nowhere'],
    [
      'two files that import each other',
      {
        'src/core/bad.ts': "import { worse } from './worse.ts'\nexport const bad = () => worse\n",
        'src/core/worse.ts': "import { bad } from './bad.ts'\nexport const worse = () => bad\n",
      },
      'a circle of imports',
    ],
  ]
  test.each(wrongImports)('%s is found', async (_what, files, rule) => {
    const { faults } = await checkImports(planted({ ...sound, ...files }))
    expect(faults.filter((fault) => fault.startsWith(rule)).length).toBeGreaterThan(0)
  })

  const wrongWords: readonly (readonly [string, string, string, string])[] = [
    ['the environment outside config.ts', 'src/gateway/bad.ts', 'export const bad = process.env.HOME\n', 'environment'],
    [
      'the environment under another name',
      'src/gateway/bad.ts',
      "import { env as e } from 'node:process'\nexport const bad = e\n",
      'environment',
    ],
    ['a clock in core', 'src/core/bad.ts', 'export const bad = () => Date.now()\n', 'clock or chance'],
    ['the present day in core', 'src/core/bad.ts', 'export const bad = () => new Date()\n', 'clock or chance'],
    [
      'chance in the ledger',
      'src/ledger/bad.ts',
      "import { randomBytes } from 'node:crypto'\nexport const bad = randomBytes\n",
      'clock or chance',
    ],
    ['a stopwatch in core', 'src/core/bad.ts', 'export const bad = () => performance.now()\n', 'clock or chance'],
    ['a statement in the gateway', 'src/gateway/bad.ts', 'export const bad = `\n  select person.sub\n    from person`\n', 'SQL'],
    ['a query run by the gateway', 'src/gateway/bad.ts', 'export const bad = (db: { query(): void }) => db.query()\n', 'SQL'],
    ['a default export', 'src/gateway/bad.ts', 'const bad = 1\nexport default bad\n', 'default export'],
  ]
  test.each(wrongWords)('%s is found', (_what, path, text, kind) => {
    const { faults } = checkWords(planted({ ...sound, [path]: text }))
    expect(faults.length).toBeGreaterThan(0)
    for (const fault of faults) expect(fault).toContain(`${path}:`)
    expect(faults.some((fault) => fault.includes(` ${kind}: `))).toBe(true)
  })

  test('a given instant in core and a sentence that begins with a word of SQL are nobody’s fault', () => {
    const text = "export const at = (text: string) => new Date(text)\nexport const says = 'Update the agreement, then select a purpose.'\n"
    expect(checkWords(planted({ 'src/core/good.ts': text })).faults).toEqual([])
  })

  const wrongSizes: readonly (readonly [string, Record<string, string>, string])[] = [
    ['a source file of 301 lines', { 'src/core/long.ts': 'export {}\n'.repeat(301) }, 'src/core/long.ts has 301 lines'],
    ['a test of 401 lines', { 'test/long.test.ts': 'export {}\n'.repeat(401) }, 'test/long.test.ts has 401 lines'],
    [
      'a folder of 13 files',
      Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`src/core/f${n}.ts`, 'export {}\n'])),
      'src/core has 13 files',
    ],
    ['a file with a capital letter', { 'src/core/BadName.ts': 'export {}\n' }, 'src/core/BadName.ts is not named'],
  ]
  test.each(wrongSizes)('%s is found', (_what, files, says) => {
    const { faults } = checkSizes(planted(files))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(says)
  })

  test('what is generated may be long, and 300 lines are not too many', () => {
    const files = { 'src/http/generated/contract.ts': 'export {}\n'.repeat(3000), 'src/core/long.ts': 'export {}\n'.repeat(300) }
    expect(checkSizes(planted(files)).faults).toEqual([])
  })
})
