import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { announcedIn, breakLine, contractBreaks, untimely } from '../../http/contract/changes/contract-breaks.ts'
import { lastReleased, releasedDir, writeReleased } from '../../http/contract/changes/released.ts'
import { isTree } from '../../http/contract/dereference.ts'
import { contractFile } from '../../http/contract.ts'
import type { Command } from '../command.ts'
import { CommandProblem, usageProblem } from '../problem.ts'

type Document = Readonly<Record<string, unknown>>

export const contractChanges: Command = {
  words: 'contract changes',
  takes: '',
  says: 'what in a contract breaks whoever was built on a former one; ends with 1 when it was not announced in time',
  options: [
    { name: 'from', value: 'file', says: 'the former one, YAML or JSON (a saved /openapi.json); without it, the one last released' },
    { name: 'to', value: 'file', says: 'the later one; without it, openapi/gateway.yaml' },
    { name: 'json', says: 'print the answer as it came, for scripts' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const [from, to] = [given.text('from'), given.text('to')]
    const former = from === undefined ? neededRelease() : await readDocument(from)
    const later = await readDocument(to ?? contractFile)
    const breaks = contractBreaks(former, later)
    const late = untimely(breaks, former, today())
    if (given.on('json')) terminal.print(JSON.stringify({ breaks, untimely: late }))
    else if (breaks.length === 0) terminal.print('Nothing that was there is gone or stricter.')
    else for (const one of breaks) terminal.print(`${late.includes(one) ? 'not announced in time' : 'announced'}  ${breakLine(one)}`)
    return late.length === 0 ? 0 : 1
  },
}

export const contractRelease: Command = {
  words: 'contract release',
  takes: '<version>',
  says: 'keep the contract as it is released with a version, to compare later ones with',
  options: [{ name: 'help', says: 'say how this command is used' }],
  async run(terminal, given) {
    const version = given.words[0] ?? ''
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw usageProblem('Say which version: iom contract release <version>, e.g. 1.2.0.')
    const file = new URL(`${version}.json`, releasedDir)
    if (existsSync(file)) throw new CommandProblem(`${version} is released: what was promised with it is not changed.`)
    const later = await readDocument(contractFile)
    const former = lastReleased()
    const late = former === null ? [] : untimely(contractBreaks(former.document, later), former.document, today())
    if (late.length > 0) throw new CommandProblem(`Not announced in time:\n${late.map(breakLine).join('\n')}`)
    announcedIn(later)
    await writeFile(file, writeReleased(later))
    terminal.print(`Kept as openapi/released/${version}.json.`)
    return 0
  },
}

const today = (): string => new Date().toISOString().slice(0, 10)

const neededRelease = (): Document => {
  const released = lastReleased()
  if (released === null) throw new CommandProblem('No contract was released yet: say --from.')
  return released.document
}

const readDocument = async (file: string | URL): Promise<Document> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandProblem(`${String(file)} cannot be read.`, 1, cause)
  })
  const document: unknown = parse(text)
  if (!isTree(document) || !isTree(document['paths'])) throw usageProblem(`${String(file)} is no contract.`)
  return document
}
