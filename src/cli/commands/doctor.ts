import { type Check, checkDatabase, checkGateway, checkKeys, checkSources } from '../checks.ts'
import type { Command } from '../command.ts'
import { findGateway } from '../gateway/gateway-address.ts'
import { commonOptions } from '../options.ts'
import { labelled } from '../words/table.ts'

export const doctor: Command = {
  words: 'doctor',
  takes: '',
  says: 'look at everything the gateway needs, and say in words what is wrong',
  options: commonOptions.filter(({ name }) => ['url', 'json', 'help'].includes(name)),
  async run(terminal, given) {
    const { config } = terminal
    const running = findGateway(config.dataDir)
    const url = given.text('url') ?? running?.url ?? config.http.publicUrl
    const checks = [
      ...(await checkGateway(url)),
      ...(await checkDatabase(config)),
      ...(await checkKeys(config, url)),
      ...(await checkSources(config, running)),
    ]
    const wrong = checks.filter(({ well }) => !well).length
    terminal.print(given.on('json') ? JSON.stringify({ well: wrong === 0, checks }) : sayChecks(checks, wrong, terminal.width))
    return wrong === 0 ? 0 : 1
  },
}

const sayChecks = (checks: readonly Check[], wrong: number, width: number): string =>
  [
    ...checks.map(({ well, name, says }) => labelled(`${well ? '✓' : '✗'} ${name.padEnd(12)}`, says, { indent: '', width })),
    wrong === 0 ? 'All is well.' : `${wrong} of ${checks.length} ${wrong === 1 ? 'is' : 'are'} not well.`,
  ].join('\n')
