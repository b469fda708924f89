import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { readAgreementFile } from '../../gateway/agreements/import-agreements.ts'
import type { components } from '../../http/generated/contract.ts'
import type { Command } from '../command.ts'
import { problemLines } from '../words/explained.ts'
import { askGateway, type Connection } from '../gateway/gateway-client.ts'
import { commonOptions } from '../options.ts'
import { CommandProblem, usageProblem } from '../problem.ts'
import { connectionOf } from '../session.ts'
import { table } from '../words/table.ts'

type Page = components['schemas']['AgreementPage']
type Summary = Page['agreements'][number]

export const agreementList: Command = {
  words: 'agreement list',
  takes: '',
  says: 'the sharing agreements you may see, with their state',
  options: commonOptions,
  async run(terminal, given) {
    const agreements = await listAll(await connectionOf(terminal, given, 'registrar'))
    terminal.print(given.on('json') ? JSON.stringify(agreements) : sayAgreements(agreements))
    return 0
  },
}

const sayAgreements = (agreements: readonly Summary[]): string =>
  table([
    ['reference', 'version', 'state', 'in force', 'not signed by', 'title'],
    ...agreements.map((one) => [
      one.reference,
      String(one.version),
      one.state,
      `${one.inForceFrom ?? '?'} to ${one.inForceTo ?? 'termination'}`,
      (one.parties ?? []).filter((party) => !(one.signedBy ?? []).includes(party)).join(', ') || '-',
      one.title,
    ]),
  ])

const listAll = async (connection: Connection): Promise<readonly Summary[]> => {
  const agreements: Summary[] = []
  for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined;) {
    const path: string = `/v1/agreements${cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`}`
    const { status, body } = await askGateway<Page>(connection, { method: 'GET', path })
    if (status !== 200) throw new CommandProblem(problemLines(status, body, 100))
    agreements.push(...body.agreements)
    cursor = body.nextCursor
  }
  return agreements
}

export const agreementImport: Command = {
  words: 'agreement import',
  takes: '<file.yaml>',
  says: 'draft the agreement in a file, or its next version; the parties then sign it',
  options: commonOptions,
  async run(terminal, given) {
    const file = given.words[0]
    if (file === undefined) throw usageProblem('Say which file: iom agreement import <file.yaml>.')
    const terms = readAgreementFile({ name: basename(file), text: readText(file) })
    const connection = await connectionOf(terminal, given, 'registrar')
    const known = (await listAll(connection)).find((one) => one.reference === terms.reference)
    const path = known === undefined ? '/v1/agreements' : `/v1/agreements/${known.agreementId}/versions`
    const { status, body, text } = await askGateway<components['schemas']['AgreementDrafted']>(connection, {
      method: 'POST',
      path,
      body: { terms },
    })
    if (given.on('json')) terminal.print(text)
    else if (status !== 201) terminal.print(problemLines(status, body, terminal.width))
    else terminal.print(`Drafted ${terms.reference} version ${body.version}.\n${table(draftRows(body, terms.parties), '  ')}`)
    return status === 201 ? 0 : 1
  },
}

const draftRows = (draft: components['schemas']['AgreementDrafted'], parties: readonly string[]): string[][] => [
  ['agreement', draft.agreementId],
  ['hash', draft.hash],
  ['entry', draft.entryId],
  ['next', `it gives no authority until the signatory of each party has signed: ${parties.join(', ')}`],
]

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CommandProblem(`${file} cannot be read.`, 1, cause)
  }
}
