import { readPolicyFiles } from '../../gateway/policies/policy-files.ts'
import type { components } from '../../http/generated/contract.ts'
import type { Command } from '../command.ts'
import { problemLines } from '../words/explained.ts'
import { askGateway, type Connection, type Reply } from '../gateway/gateway-client.ts'
import { commonOptions, type Given } from '../options.ts'
import { type ExitCode, usageProblem } from '../problem.ts'
import { connectionOf, type Terminal, tokenFor } from '../session.ts'
import { table } from '../words/table.ts'

type Page = components['schemas']['PolicyPage']

export const policyList: Command = {
  words: 'policy list',
  takes: '',
  says: 'which rules are in force, and which are proposed',
  options: commonOptions,
  async run(terminal, given) {
    const reply = await askGateway<Page>(await connectionOf(terminal, given, 'ig-officer'), { method: 'GET', path: '/v1/policies' })
    return tell(terminal, given, reply, ({ policies }) =>
      table([
        ['hash', 'state', 'approved'],
        ...policies.map((one) => [one.hash, one.state ?? (one.active ? 'active' : 'stored'), one.approvedAt ?? '-']),
      ]),
    )
  },
}

export const policyPublish: Command = {
  words: 'policy publish',
  takes: '',
  says: 'propose the rules in a directory; with --second another officer approves them at once',
  options: [
    { name: 'dir', value: 'directory', says: 'where release/, categories/ and reasons.yaml are; without it, POLICIES_DIR' },
    { name: 'second', value: 'persona', says: 'in the sandbox: the second officer, who approves' },
    ...commonOptions,
  ],
  async run(terminal, given) {
    const { bundle, hash } = readPolicyFiles(given.text('dir') ?? terminal.config.policiesDir)
    const connection = await connectionOf(terminal, given, 'ig-officer')
    const proposed = await askGateway(connection, { method: 'POST', path: '/v1/policies', body: { bundle } })
    const second = given.text('second')
    if (proposed.status !== 201 || second === undefined)
      return tell(terminal, given, proposed, () => `Proposed ${hash}.\nA second officer approves it: iom policy approve ${hash}`)
    return approve(terminal, given, { connection: { ...connection, token: await tokenFor(terminal, second) }, hash })
  },
}

export const policyApprove: Command = {
  words: 'policy approve',
  takes: '<hash>',
  says: 'approve proposed rules, as an officer who did not propose them',
  options: commonOptions,
  async run(terminal, given) {
    const hash = given.words[0]
    if (hash === undefined) throw usageProblem('Say which bundle: iom policy approve <hash>.')
    return approve(terminal, given, { connection: await connectionOf(terminal, given), hash })
  },
}

const approve = async (
  terminal: Terminal,
  given: Given,
  { connection, hash }: { readonly connection: Connection; readonly hash: string },
): Promise<ExitCode> => {
  const path = `/v1/policies/${encodeURIComponent(hash)}/approval`
  const reply = await askGateway<components['schemas']['PolicyApproved']>(connection, { method: 'POST', path })
  return tell(terminal, given, reply, ({ activeSince, entryId }) => `${hash} is in force since ${activeSince ?? 'now'} (entry ${entryId}).`)
}

const tell = <Body>(terminal: Terminal, given: Given, reply: Reply<Body>, words: (body: Body) => string): ExitCode => {
  const done = reply.status < 300
  if (given.on('json')) terminal.print(reply.text)
  else terminal.print(done ? words(reply.body) : problemLines(reply.status, reply.body as object, terminal.width))
  return done ? 0 : 1
}
