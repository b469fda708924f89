import { readClock } from '../../../db/clock.ts'
import { connect, withTransaction } from '../../../db/db.ts'
import { keepSnapshot } from '../../../db/log/export.ts'
import { noteByOperator } from '../../../gateway/log/export-note.ts'
import { bundlesIn } from '../../../gateway/log/replay/find-bundles.ts'
import { type ReplayFinding, replayLog, type ReplayReport } from '../../../gateway/log/replay/replay-log.ts'
import type { Command } from '../../command.ts'
import { openCommandDatabase } from '../../database.ts'
import { openSigningKey } from '../../log/open-signing-key.ts'
import type { Given } from '../../options.ts'
import { usageProblem } from '../../problem.ts'

/** A replay reads the whole log in one snapshot. */
const HOURS_MS = 6 * 3_600_000

export const logReplay: Command = {
  words: 'log replay',
  takes: '',
  says: 'decide stored entries again, each with the rules it names, and report any difference (on the gateway’s own machine)',
  options: [
    { name: 'by', value: 'name', says: 'who asks for it' },
    { name: 'why', value: 'text', says: 'why, in your own words' },
    { name: 'from', value: 'leaf', says: 'the first leaf of a part of the log' },
    { name: 'to', value: 'leaf', says: 'the leaf behind its last one' },
    { name: 'json', says: 'print the report as JSON' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const part = partOf(given)
    const by = given.needed('by')
    const justification = given.text('why') ?? 'To see that every stored decision comes out the same'
    const database = await openCommandDatabase(terminal.config)
    const db = connect({ connection: await database.app(), max: 2, statementTimeoutMillis: HOURS_MS, idleInTransactionMillis: HOURS_MS })
    try {
      const content = { logPurpose: 'integrity', justification, by, part: { from: part.from ?? null, to: part.to ?? null } }
      await noteByOperator(db, await openSigningKey(db, terminal.config), { event: 'integrity-checked', operation: 'replayLog', content })
      const started = await readClock(db)
      const report = await withTransaction(db, async (tx) => {
        await keepSnapshot(tx)
        return replayLog(tx, { ...part, findBundle: bundlesIn(tx) })
      })
      const seconds = ((await readClock(db)).getTime() - started.getTime()) / 1000
      terminal.print(given.on('json') ? JSON.stringify({ ...report, seconds }) : sayReport(report, seconds))
      return report.findings.length === 0 ? 0 : 1
    } finally {
      await db.end()
      await database.close()
    }
  },
}

const partOf = (given: Given): { readonly from?: number; readonly to?: number } => {
  const [from, to] = [given.text('from'), given.text('to')]
  if (!/^\d+$/.test(from ?? '0') || !/^\d+$/.test(to ?? '0')) throw usageProblem('--from and --to are numbers of leaves.')
  return { ...(from === undefined ? {} : { from: Number(from) }), ...(to === undefined ? {} : { to: Number(to) }) }
}

const MOST_SHOWN = 50

const sayReport = (report: ReplayReport, seconds: number): string => {
  const { entries, decisions, erased, findings, engine, engines } = report
  const others = Object.entries(engines).filter(([name]) => name !== engine)
  const more = findings.length - MOST_SHOWN
  return [
    findings.length === 0
      ? `No difference: ${decisions} decisions of ${entries} entries came out the same.`
      : `DIFFERENT: ${findings.length} findings in ${decisions} decisions of ${entries} entries.`,
    ...findings.slice(0, MOST_SHOWN).map(sayFinding),
    ...(more > 0 ? [`and ${more} more (--json prints all)`] : []),
    `Decided again by ${engine} in ${seconds.toFixed(1)} s.`,
    ...others.map(([name, count]) => `${count} entries were decided by another engine: ${name}.`),
    ...(erased.length === 0 ? [] : [`${erased.length} entries were lawfully erased, and could not be decided again:`]),
    ...erased.slice(0, MOST_SHOWN).map((entryId) => `  erased: entry ${entryId}`),
  ].join('\n')
}

const sayFinding = (finding: ReplayFinding): string =>
  finding.kind === 'differs'
    ? `  differs: entry ${finding.entryId}, ${finding.category}: stored ${finding.stored}, again ${finding.again}`
    : `  ${finding.kind}: entry ${finding.entryId}: ${finding.says}`
