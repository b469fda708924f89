import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { announceGateway, findGateway } from '../../src/cli/gateway/gateway-address.ts'
import { labelled, table, widthOf } from '../../src/cli/words/table.ts'
import { commandLineOn, emptyConfig } from './support/iom.ts'

const made: string[] = []
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
})

const nowhere = () => {
  const config = emptyConfig()
  made.push(config.dataDir)
  return commandLineOn(config)
}

describe('a command used wrongly ends with 2 and names the right word', () => {
  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['a command', ['enquier'], 'Did you mean enquire?'],
    ['a command of two words', ['agreement', 'lsit'], 'Did you mean agreement list?'],
    ['an option', ['enquire', '--persn', 'jordan'], 'Did you mean --person?'],
    ['a missing option', ['enquire', '--category', 'oasys'], '--person is missing'],
    ['an option without its value', ['enquire', '--person'], '--person'],
    ['a category', ['enquire', '--person', 'jordan', '--category', 'oasis'], 'Did you mean oasys?'],
    ['an empty list of categories', ['enquire', '--person', 'jordan', '--category', ','], 'names no category'],
    ['a purpose', ['enquire', '--person', 'jordan', '--category', 'oasys', '--purpose', 'risk-managment'], 'Did you mean risk-management?'],
    ['a legal gateway', ['enquire', '--person', 'jordan', '--category', 'oasys', '--gateway', 'cda-115'], 'Did you mean cda115?'],
    ['a person of the story', ['enquire', '--person', 'jordon', '--category', 'oasys'], 'Did you mean jordan?'],
    ['a number of no known shape', ['enquire', '--person', '12', '--category', 'oasys'], 'crn=X123456'],
    ['a kind of number', ['enquire', '--person', 'prc-id=X1', '--category', 'oasys'], 'Did you mean pnc-id?'],
    ['nobody to ask as', ['enquire', '--person', 'jordan', '--category', 'oasys'], 'Say as whom'],
    ['a persona', ['enquire', '--person', 'jordan', '--category', 'oasys', '--as', 'analist'], 'Did you mean analyst?'],
    ['a persona for a token', ['token', 'keyworkr'], 'Did you mean keyworker?'],
    ['no entry to explain', ['explain'], 'Say which entry'],
    ['an entry that is no id', ['explain', 'x'], 'is not the id of an entry'],
    ['an address that is none', ['policy', 'list', '--url', 'nowhere'], 'is not an address'],
  ]
  test.each(wrong)('%s', async (_what, argv, says) => {
    const { exitCode, out, err } = await nowhere().iom(...argv)
    expect(err).toContain(says)
    expect(exitCode).toBe(2)
    expect(out).toBe('')
  })

  test('no command at all gets the list of them', async () => {
    const { exitCode, out } = await nowhere().iom()
    expect(exitCode).toBe(2)
    for (const word of ['enquire', 'preview', 'explain', 'doctor', 'token', 'agreement import', 'policy publish', 'migrate'])
      expect(out).toContain(word)
  })

  test('personas are not to be had in production', async () => {
    const { config } = nowhere()
    const { exitCode, err } = await commandLineOn({ ...config, mode: 'production' }).iom('token', 'analyst')
    expect(exitCode).toBe(2)
    expect(err).toContain('sandbox only')
  })
})

describe('where no gateway answers', () => {
  test('a command says how to start one', async () => {
    const { exitCode, err } = await nowhere().iom('agreement', 'list')
    expect(exitCode).toBe(1)
    expect(err).toContain('npm start')
  })

  test('a gateway that was killed is still named, and does not answer', async () => {
    const { config, iom } = nowhere()
    announceGateway(config.dataDir, { url: 'http://127.0.0.1:9', sources: [] })
    const { exitCode, err } = await iom('agreement', 'list')
    expect(exitCode).toBe(1)
    expect(err).toContain('No gateway answers at http://127.0.0.1:9')
  })

  test('something else that answers is not taken for a gateway', async () => {
    const server = createServer((_request, response) => void response.end('<html>'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { err } = await nowhere().iom('agreement', 'list', '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.closeAllConnections()
    server.close()
    expect(err).toContain('is not a gateway')
  })

  test('the doctor says what is missing, makes nothing, and ends with 1', async () => {
    const { config, iom } = nowhere()
    const { exitCode, out } = await iom('doctor')
    expect(exitCode).toBe(1)
    expect(out).toContain('4 of 4 are not well.')
    expect(readdirSync(config.dataDir)).toEqual([])
  })

  test('only the gateway that wrote its address takes it away', () => {
    const { config } = nowhere()
    const first = announceGateway(config.dataDir, { url: 'http://127.0.0.1:1', sources: [] })
    const second = announceGateway(config.dataDir, {
      url: 'http://127.0.0.1:2',
      sources: [{ agencyId: 'a', address: 'http://127.0.0.1:3' }],
    })
    first()
    expect(findGateway(config.dataDir)).toEqual({ url: 'http://127.0.0.1:2', sources: [{ agencyId: 'a', address: 'http://127.0.0.1:3' }] })
    second()
    expect(findGateway(config.dataDir)).toBeNull()
  })
})

test('the program ends with the command’s exit code, and runs from any directory', () => {
  const program = resolve('bin/iom.mjs')
  const { config } = nowhere()
  const run = (...argv: string[]) => spawnSync(process.execPath, [program, ...argv], { cwd: config.dataDir, encoding: 'utf8' })
  expect(run('help').stdout).toContain('iom <command>')
  expect(run('help').status).toBe(0)
  expect(run('enquier').status).toBe(2)
  expect(run('enquier').stderr).toContain('Did you mean enquire?')
})

test('a Node too old for TypeScript hands over to the one that came with the project', () => {
  const { config } = nowhere()
  const old = join(config.dataDir, 'old.mjs')
  writeFileSync(
    old,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })
     process.argv.splice(1, 1)
     await import(${JSON.stringify(resolve('bin/iom.mjs'))})`,
  )
  const { status, stdout } = spawnSync(process.execPath, [old, 'iom', 'help'], { encoding: 'utf8' })
  expect(stdout).toContain('iom <command>')
  expect(status).toBe(0)
})

describe('words in columns', () => {
  test('every column is as wide as its widest cell, and nothing trails', () => {
    expect(
      table(
        [
          ['a', 'bb', 'c'],
          ['aaa', 'b', ''],
        ],
        '  ',
      ),
    ).toBe('  a    bb  c\n  aaa  b')
  })

  test('a sentence is broken between words, under its own beginning', () => {
    expect(labelled('why', 'one two three four', { indent: ' ', width: 14 })).toBe(' why  one two\n      three\n      four')
    expect(labelled('why', 'incomprehensibilities', { indent: '', width: 10 })).toBe('why  incomprehensibilities')
  })

  test('lines are neither wider than can be read nor narrower than a sentence', () => {
    expect([widthOf(undefined), widthOf(20), widthOf(90), widthOf(400)]).toEqual([100, 60, 90, 120])
  })
})
