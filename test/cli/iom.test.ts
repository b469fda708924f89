import { readFileSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { printed } from '../../src/sandbox/people/person.ts'
import { storyId, storyPeople } from '../../src/sandbox/people/story.ts'
import { type CommandLine, startSandbox } from './support/iom.ts'

let sandbox: Awaited<ReturnType<typeof startSandbox>>
let iom: CommandLine['iom']
let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'gateway-cli-files-'))
  sandbox = await startSandbox()
  iom = sandbox.iom
}, 120_000)
afterAll(async () => {
  await sandbox.close()
  await rm(scratch, { recursive: true, force: true })
})

const reasons = ['--purpose', 'risk-management', '--gateway', 'dpa35-task', '--why', 'Preparing the Calder conference']
const enquire = (persona: string, person: string, category: string, ...more: string[]) =>
  iom('enquire', '--as', persona, '--person', person, '--category', category, ...reasons, ...more)

interface Explained {
  code: string
  ruleId: string
  cites: string
  says: string
  nextStep: string
}

test('an allowed enquiry is readable, and tells of everything withheld the code, rule, paragraph and next step', async () => {
  const { out: json, exitCode } = await enquire('analyst', 'jordan', 'police-intel,oasys,health-mental', '--json')
  expect(exitCode).toBe(0)
  const answer = JSON.parse(json) as { records: { withheldFields: Explained[]; withheldItems: Explained[] }[]; withheld: Explained[] }
  const every = [...answer.withheld, ...answer.records.flatMap((record) => [...record.withheldFields, ...record.withheldItems])]
  expect(every.length).toBeGreaterThan(4)
  const words = flat((await enquire('analyst', 'jordan', 'police-intel,oasys,health-mental')).out)
  for (const { code, ruleId, cites, says, nextStep } of every) {
    for (const part of [`(${code})`, ruleId, cites, says, nextStep]) expect(words).toContain(flat(part))
  }
})

test('a refused enquiry ends with 1 and says of each category why', async () => {
  const { out, err, exitCode } = await enquire('analyst', 'casey', 'engagement,drug-treatment')
  expect(exitCode).toBe(1)
  expect(err).toBe('')
  expect(out).toContain('Refused: 403 Forbidden')
  for (const part of ['Withheld: engagement', 'r15-voluntary-refused', 'drug-treatment', 'r15-always-refused', 'Work without it'])
    expect(out).toContain(part)
})

test('what is left out is left to the gateway to refuse', async () => {
  const { out, exitCode } = await iom('enquire', '--as', 'analyst', '--person', 'jordan', '--category', 'oasys')
  expect(exitCode).toBe(1)
  expect(out).toContain('(request-incomplete)')
})

test('a person is found by an agency’s number, and one who may not be known of is not', async () => {
  const { kind, value } = storyPeople()[0]!.identifiers.find((one) => one.kind === 'pnc-id')!
  const printedNumber = printed({ kind, value })
  const found = await enquire('analyst', printedNumber, 'identity')
  expect(found.out).toContain(`About ${storyId('jordan')}`)
  expect(found.exitCode).toBe(0)
  const hidden = await enquire('constable-wharfe', `pnc-id=${value}`, 'identity')
  expect(hidden).toMatchObject({ exitCode: 1, out: '' })
  expect(hidden.err).toContain('found nobody')
})

test('a preview promises fields and gives no values', async () => {
  const { out, exitCode } = await iom('preview', '--as', 'analyst', '--person', 'jordan', '--category', 'oasys', ...reasons)
  expect(exitCode).toBe(0)
  expect(out).toContain('assessedOn')
  expect(out).not.toContain('1. assessment')
})

test('an entry is explained to who asked and to an officer, and to nobody else', async () => {
  const { out } = await enquire('analyst', 'jordan', 'police-intel,health-mental', '--json')
  const { entryId } = JSON.parse(out) as { entryId: string }
  const own = await iom('explain', entryId, '--as', 'analyst')
  expect(own.exitCode).toBe(0)
  for (const part of ['r15-always-scope', 'DPA 2018 s.33(1A)', 'source-identity', 'Ask the originator']) expect(own.out).toContain(part)
  const officer = await iom('explain', entryId, '--as', 'ig-officer')
  expect(officer.out).toContain('analyst at ridings-police, through ridings-police-records')
  expect((await iom('explain', entryId, '--as', 'nurse')).exitCode).toBe(1)
})

test('a token is read from standard input, and a bad one is refused in words', async () => {
  const { out } = await iom('token', 'registrar')
  sandbox.type(`${out}\n`)
  expect((await iom('agreement', 'list', '--token', '-')).exitCode).toBe(0)
  const bad = await iom('agreement', 'list', '--token', 'e30.e30.e30')
  expect(bad.exitCode).toBe(1)
  expect(bad.err).toContain('401')
})

test('agreements are listed with their state and imported as drafts', async () => {
  const { out } = await iom('agreement', 'list')
  expect(out).toMatch(/RESETTLEMENT-PILOT-006 +1 +lapsed/)
  expect(out).toMatch(/FRESH-STEPS-LINK-007 +1 +signing +\S+ to \S+ +ridings-police/)
  const file = join(scratch, 'new.yaml')
  const text = readFileSync(resolve('policies/agreements/calder-housing.yaml'), 'utf8')
  writeFileSync(file, text.replace('CALDER-HOUSING-008', 'CALDER-HOUSING-108'))
  expect((await iom('agreement', 'import', file)).out).toContain('Drafted CALDER-HOUSING-108 version 1.')
  expect(await iom('agreement', 'import', file)).toMatchObject({ exitCode: 1 })
  writeFileSync(file, text.replace('CALDER-HOUSING-008', 'CALDER-HOUSING-108').replace('reviewGraceDays: 28', 'reviewGraceDays: 14'))
  expect((await iom('agreement', 'import', file)).out).toContain('Drafted CALDER-HOUSING-108 version 2.')
  expect((await iom('agreement', 'import', file, '--as', 'analyst')).exitCode).toBe(1)
  writeFileSync(file, 'reference: [broken')
  const broken = await iom('agreement', 'import', file)
  expect(broken.exitCode).toBe(1)
  expect(broken.err).toContain('new.yaml')
})

test('rules are published by two officers and by no single one', async () => {
  const dir = join(scratch, 'policies')
  await cp(resolve('policies'), dir, { recursive: true })
  const reasonsFile = join(dir, 'reasons.yaml')
  const text = readFileSync(reasonsFile, 'utf8')
  writeFileSync(reasonsFile, text.replace('The person refused consent.', 'The person said no.'))
  const alone = await iom('policy', 'publish', '--dir', dir)
  expect(alone.exitCode).toBe(0)
  const hash = /Proposed (\S+)\./.exec(alone.out)?.[1] ?? ''
  expect((await iom('policy', 'approve', hash, '--as', 'ig-officer')).out).toContain('self-approval')
  expect((await enquire('analyst', 'casey', 'engagement')).out).toContain('The person refused consent.')
  expect((await iom('policy', 'approve', hash, '--as', 'ig-second')).exitCode).toBe(0)
  expect((await enquire('analyst', 'casey', 'engagement')).out).toContain('The person said no.')
  expect((await iom('policy', 'list')).out).toMatch(new RegExp(`${hash} +active`))
  writeFileSync(reasonsFile, text)
  expect((await iom('policy', 'publish', '--dir', dir, '--second', 'ig-second')).out).toContain('is in force since')
  writeFileSync(join(dir, 'release/16-consent.yaml'), 'stage: R15\nrules: nothing\n')
  const broken = await iom('policy', 'publish', '--dir', dir)
  expect(broken).toMatchObject({ exitCode: 1, out: '' })
  expect(broken.err).toContain('release/16-consent.yaml')
})

test('the doctor finds all well on a running sandbox, and nothing is missing for migrate', async () => {
  const { out, exitCode } = await iom('doctor')
  expect(out).not.toContain('✗')
  expect(exitCode).toBe(0)
  for (const name of ['gateway', 'database', 'durability', 'clock', 'policy', 'keys', 'source']) expect(out).toContain(`✓ ${name}`)
  expect((await iom('migrate')).out).toContain('Nothing was missing.')
})

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ')
