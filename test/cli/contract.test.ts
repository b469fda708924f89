import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { commandLineOn, emptyConfig } from './support/iom.ts'

const config = emptyConfig()
const folder = mkdtempSync(join(tmpdir(), 'contracts-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(config.dataDir, { recursive: true, force: true })
})

const notice = `deprecated: true, x-deprecated-on: '2026-01-05', x-sunset: '2026-07-05',`
const file = (name: string, old: string): string => {
  const path = join(folder, name)
  const answer = `responses: { '200': { description: x, content: { application/json: { schema: { type: object } } } } }`
  writeFileSync(
    path,
    `openapi: 3.1.0\npaths:\n  /v1/new: { get: { operationId: askNew, ${answer} } }\n  ${old.replace('ANSWER', answer)}\n`,
  )
  return path
}
const withOld = file('with.yaml', '/v1/old: { get: { operationId: askOld, ANSWER } }')
const withNotice = file('notice.yaml', `/v1/old: { get: { ${notice} operationId: askOld, ANSWER } }`)
const without = file('without.yaml', '')
const { iom } = commandLineOn(config)
const changes = (from: string, to: string, ...more: readonly string[]) => iom('contract', 'changes', '--from', from, '--to', to, ...more)

test('what breaks an integrator is named, and ends with 1 unless it was announced in time', async () => {
  expect(await changes(withOld, without)).toMatchObject({
    exitCode: 1,
    out: 'not announced in time  GET /v1/old /: is gone (operation-removed)',
  })
  expect(await changes(withNotice, without)).toMatchObject({ exitCode: 0, out: 'announced  GET /v1/old /: is gone (operation-removed)' })
  expect(await changes(without, withOld)).toMatchObject({ exitCode: 0, out: 'Nothing that was there is gone or stricter.' })
  const json = await changes(withOld, without, '--json')
  expect(JSON.parse(json.out)).toMatchObject({ breaks: [{ operation: 'GET /v1/old' }], untimely: [{ kind: 'operation-removed' }] })
})

test('a file that is none, or no contract, is said to be so', async () => {
  expect(await changes(join(folder, 'nowhere.yaml'), without)).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('cannot be read'),
  })
  const other = join(folder, 'other.yaml')
  writeFileSync(other, 'a: 1')
  expect(await changes(withOld, other)).toMatchObject({ exitCode: 2, err: expect.stringContaining('is no contract') })
})

test('what was released with a version is not written over', async () => {
  expect(await iom('contract', 'release', '0.1.0')).toMatchObject({ exitCode: 1, err: expect.stringContaining('0.1.0 is released') })
  expect(await iom('contract', 'release', 'next')).toMatchObject({ exitCode: 2, err: expect.stringContaining('Say which version') })
})
