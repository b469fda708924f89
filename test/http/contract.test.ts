import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import * as vocabulary from '../../src/core/vocabulary.ts'
import { makeApp } from '../../src/http/app.ts'
import { compileContract, contractFile } from '../../src/http/contract.ts'
import { sentencesOf } from '../../src/http/contract/sentences.ts'
import type { AppUses } from '../../src/http/uses.ts'
import { contract, enquiry } from './support.ts'

const yaml = readFileSync(contractFile, 'utf8')
const operation = (operationId: string) => contract.operations.find((one) => one.operationId === operationId)!
const wrong = (operationId: string, body: unknown) => {
  const validate = operation(operationId).body!
  return validate(body) ? [] : sentencesOf(validate.errors!)
}

const objectSchemas = (node: unknown, path = '$'): [string, Record<string, unknown>][] => {
  if (typeof node !== 'object' || node === null) return []
  const here = node as Record<string, unknown>
  const inside = Object.entries(here).flatMap(([key, value]) => objectSchemas(value, `${path}.${key}`))
  return [here['type']].flat().includes('object') ? [[path, here], ...inside] : inside
}

describe('the contract', () => {
  it('has operations, each with every error answer', () => {
    expect(contract.operations.length).toBeGreaterThanOrEqual(32)
    for (const { operationId, answers } of contract.operations) {
      expect([...answers.keys()], operationId).toEqual(
        expect.arrayContaining(['400', '401', '403', '404', '409', '412', '413', '415', '422', '428', '429', '503']),
      )
    }
  })

  it('has a schema that compiles for every answer', () => {
    for (const { answers } of contract.operations) for (const compile of answers.values()) expect(compile()).toBeTypeOf('function')
  })

  it('closes every object, but for the fields of records, log entries and policy bundles', () => {
    // An object whose other members must be text of a bounded length is closed to anything else.
    const open = objectSchemas(contract.document).filter(
      ([, schema]) => schema['additionalProperties'] === undefined || schema['additionalProperties'] === true,
    )
    expect(open.map(([path]) => path.replace(/^.*schemas\./, ''))).toEqual([
      'ReleasedRecord.properties.items.items.properties.fields',
      'RecordContribution.properties.items.items.properties.fields',
      'LogEntry.properties.entry',
      'PolicyProposal.properties.bundle',
    ])
  })

  it('lets every change be sent again under an Idempotency-Key', () => {
    const without = contract.operations.filter((one) => one.method !== 'get' && !one.takesIdempotencyKey).map((one) => one.operationId)
    // An answer with offender data is decided again, never kept to be given again.
    const decidedAgain = [
      'answerRightsRequest',
      'enquire',
      'evaluateAccess',
      'evaluateAccesses',
      'exportUsages',
      'previewConsent',
      'previewEnquiry',
      'retrieveDisclosure',
      'viewEmergencyAccess',
    ]
    const read =
      `checkLog countLog exportLogEntries findLogSubjects listCopies measureFlags proveEntry readAggregate readCase readDisclosureRequest
      readEmergencyAccess readEntry readFlag readHistory readMinutes readNomination retrieveProsecutionRelease search searchDecoys searchFlags
      searchLog searchSamples simulatePolicy tryPolicy`.split(/\s+/)
    expect(without.toSorted()).toEqual([...decidedAgain, ...read].toSorted())
  })

  it.each(['agencyKinds', 'roles', 'categories', 'purposes', 'legalGateways', 'sensitiveConditions', 'markings', 'foiLabels'] as const)(
    'knows the same %s as the core',
    (name) => {
      const values = [...vocabulary[name]] as string[]
      const enums = objectsWithEnum(contract.document).map((list) => list.filter((value) => value !== null))
      expect(enums).toContainEqual(values)
    },
  )

  it('is what the generated types were made from', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'contract-'))
    try {
      const root = fileURLToPath(new URL('../..', import.meta.url))
      const made = join(folder, 'contract.ts')
      const script = join(root, 'node_modules/openapi-typescript/bin/cli.js')
      execFileSync(process.execPath, [script, fileURLToPath(contractFile), '-o', made], { cwd: root, stdio: 'ignore' })
      const inOneStyle = async (file: string) => format(readFileSync(file, 'utf8'), { parser: 'typescript' })
      expect(await inOneStyle(join(root, 'src/http/generated/contract.ts'))).toBe(await inOneStyle(made))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([
    [
      'a reference that leads nowhere',
      "$ref: '#/components/schemas/EnquiryRequest'",
      "$ref: '#/components/schemas/Enquiry'",
      /leads nowhere/,
    ],
    ['a keyword that does not exist', 'maxItems: 36', 'maxItem: 36', /paths\..*maxItem/],
    ['an operationId used twice', 'operationId: enquire', 'operationId: search', /used twice/],
    ['a path parameter that is not declared', '{entryId}/readings', '{entry}/readings', /entry is not declared/],
  ])('stops the start when it has %s', (_name, right, fault, message) => {
    expect(yaml).toContain(right)
    expect(() => compileContract(yaml.replace(right, fault))).toThrow(message)
  })

  it('stops the start when an operation is not wired, and when a wired one is not in it', () => {
    const all = Object.fromEntries(
      contract.operations.map(({ operationId }) => [operationId, () => Promise.reject(new Error('not called'))]),
    )
    const { search: _, ...fewer } = all
    const uses = (operations: object) =>
      ({ operations, options: {}, metrics: { inFlight: { set: () => undefined } } }) as unknown as AppUses
    expect(() => makeApp(contract, uses(fewer))).toThrow('no operation is wired for search')
    expect(() => makeApp(contract, uses({ ...all, extra: all['search'] }))).toThrow('the contract has no operation extra')
    expect(() => makeApp(contract, uses(all))).not.toThrow()
  })
})

const objectsWithEnum = (node: unknown): unknown[][] => {
  if (typeof node !== 'object' || node === null) return []
  const here = node as Record<string, unknown>
  const inside = Object.values(here).flatMap(objectsWithEnum)
  return Array.isArray(here['enum']) ? [here['enum'] as unknown[], ...inside] : inside
}

describe('what the contract finds wrong', () => {
  it.each([
    ['an unknown member', { ...enquiry, purpoze: 'recall' }, '/purpoze', 'Did you mean "purpose"?'],
    ['an unknown category', { ...enquiry, categories: [{ id: 'arest-disposal' }] }, '/categories/0/id', 'Did you mean "arrest-disposal"?'],
    ['another spelling of a purpose', { ...enquiry, purpose: 'RISK_MANAGEMENT' }, '/purpose', 'Did you mean "risk-management"?'],
    ['a number for a string', { ...enquiry, justification: 7 }, '/justification', 'a string or null'],
    ['a string for a list', { ...enquiry, categories: 'oasys' }, '/categories', 'a list'],
    ['a list for the body', [enquiry], '', 'an object'],
    ['a category twice', { ...enquiry, categories: [{ id: 'oasys' }, { id: 'oasys' }] }, '/categories', 'the same id'],
    ['no category', { ...enquiry, categories: [] }, '/categories', 'At least 1 item.'],
    ['a field twice', { ...enquiry, categories: [{ id: 'oasys', fields: ['a', 'a'] }] }, '/categories/0/fields', 'twice'],
    ['something that is no UUID', { ...enquiry, offenderId: '1' }, '/offenderId', 'a UUID'],
    ['a missing person', { categories: [{ id: 'oasys' }] }, '/offenderId', 'missing'],
    ['a justification that is too long', { ...enquiry, justification: 'x'.repeat(2001) }, '/justification', 'At most 2000'],
  ])('names the place and the remedy of %s', (_name, body, path, words) => {
    const found = wrong('enquire', body)
    expect(found.map((detail) => detail.path)).toEqual([path])
    expect(found[0]?.message).toContain(words)
  })

  it('leaves purpose, legal gateway and justification to the decision', () => {
    expect(wrong('enquire', { offenderId: enquiry.offenderId, categories: enquiry.categories })).toEqual([])
    expect(wrong('enquire', { ...enquiry, purpose: null, legalGateway: null, justification: null })).toEqual([])
  })

  it('does not ask for nothing where something that may be left out is wrong', () => {
    const adjudication = { outcome: 'not-held', reasons: 'None.', paragraph: { conferenceId: 'x', paragraphId: 'x' } }
    expect(wrong('adjudicateFoiRequest', adjudication)).toEqual([
      { path: '/paragraph/conferenceId', message: 'This is not a UUID.' },
      { path: '/paragraph/paragraphId', message: 'This is not a UUID.' },
    ])
    expect(wrong('adjudicateFoiRequest', { ...adjudication, paragraph: 'x' })).toEqual([
      { path: '/paragraph', message: 'This must be an object.' },
    ])
  })

  it('asks for exactly one way to search', () => {
    const identifier = { kind: 'crn', value: 'X123456' }
    expect(wrong('search', { list: 'own-area' })).toEqual([])
    expect(wrong('search', { identifier })).toEqual([])
    const told = [{ path: '', message: 'Give exactly one of identifier, name, list.' }]
    expect(wrong('search', {})).toEqual(told)
    expect(wrong('search', { identifier, list: 'own-area' })).toEqual(told)
  })

  it('never quotes a value, and tells at most 20 things', () => {
    const found = wrong('enquire', { ...enquiry, offenderId: 'canary', categories: Array.from({ length: 30 }, () => ({ id: 'canary' })) })
    expect(found.length).toBe(20)
    expect(JSON.stringify(found)).not.toContain('canary')
  })
})
