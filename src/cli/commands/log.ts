import { createWriteStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readClock } from '../../db/clock.ts'
import { connect, withTransaction } from '../../db/db.ts'
import { keepSnapshot } from '../../db/log/export.ts'
import { bundleMembers, type ExportOptions } from '../../gateway/log/export-bundle.ts'
import { logPurposes, noteExport } from '../../gateway/log/export-note.ts'
import { zipArchive } from '../../gateway/log/zip-writer.ts'
import type { Finding } from '../../ledger/verify/finding.ts'
import type { Command } from '../command.ts'
import { openCommandDatabase } from '../database.ts'
import { exportKeys } from '../log/export-keys.ts'
import { openSigningKey } from '../log/open-signing-key.ts'
import { type Verdict, verifyBundle } from '../log/verify-bundle.ts'
import type { Given } from '../options.ts'
import { CommandProblem, knownWord, usageProblem } from '../problem.ts'

export const logExport: Command = {
  words: 'log export',
  takes: '<bundle.zip>',
  says: 'write the access log, or a part of it, with everything needed to check it elsewhere (on the gateway’s own machine)',
  options: [
    { name: 'purpose', value: 'purpose', says: `one of the uses DPA 2018 s.62(4) allows: ${logPurposes.join(', ')}` },
    { name: 'why', value: 'text', says: 'why, in your own words' },
    { name: 'by', value: 'name', says: 'who exports' },
    { name: 'from', value: 'leaf', says: 'the first leaf of a part of the log' },
    { name: 'to', value: 'leaf', says: 'the leaf behind its last one' },
    { name: 'entries', value: 'ids', says: 'entries, by id, with commas between them' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const [file] = given.words
    if (file === undefined) throw usageProblem('Say which file: iom log export bundle.zip')
    if (existsSync(file)) throw new CommandProblem(`${file} is there already.`)
    const about = {
      purpose: knownWord('purpose', given.needed('purpose'), logPurposes),
      justification: given.needed('why'),
      by: given.needed('by'),
    }
    const only = partOf(given)
    const database = await openCommandDatabase(terminal.config)
    const db = connect({ connection: await database.app(), max: 2, statementTimeoutMillis: 600_000, idleInTransactionMillis: 600_000 })
    try {
      // Logged first: an export that failed on the way has an entry too.
      const entryId = await noteExport(db, await openSigningKey(db, terminal.config), { ...about, only: only ?? null })
      await withTransaction(db, async (tx) => {
        await keepSnapshot(tx)
        const options: ExportOptions = { ...exportKeys(terminal.config), at: await readClock(tx), ...(only === undefined ? {} : { only }) }
        await pipeline(Readable.from(zipArchive(bundleMembers(tx, options))), createWriteStream(`${file}.part`, { mode: 0o600 }))
      })
      renameSync(`${file}.part`, file)
      terminal.print(`${file} is written. Entry ${entryId} says so.\nCheck it with: iom log verify ${file}`)
      return 0
    } catch (cause) {
      rmSync(`${file}.part`, { force: true })
      if (cause instanceof RangeError) throw new CommandProblem(`${cause.message}.`, 1, cause)
      throw cause
    } finally {
      await db.end()
      await database.close()
    }
  },
}

const partOf = (given: Given): ExportOptions['only'] => {
  const [from, to, entries] = [given.text('from'), given.text('to'), given.text('entries')]
  if (entries !== undefined) return { entryIds: entries.split(',').map((id) => id.trim().toLowerCase()) }
  if (from === undefined && to === undefined) return undefined
  if (!/^\d+$/.test(from ?? '0') || !/^\d+$/.test(to ?? '0')) throw usageProblem('--from and --to are numbers of leaves.')
  return { from: Number(from ?? 0), to: to === undefined ? Number.MAX_SAFE_INTEGER : Number(to) }
}

export const logVerify: Command = {
  words: 'log verify',
  takes: '<bundle.zip>',
  says: 'check a bundle: no network, no gateway; ends with 1 and names the entry when anything is wrong',
  options: [
    { name: 'key', value: 'key', says: "the log's verifier key as it was told to you, instead of the bundle's own" },
    { name: 'checkpoint', value: 'file', says: 'a checkpoint kept elsewhere, by a witness for instance, to compare with' },
    { name: 'witness', value: 'keys', says: 'verifier keys of witnesses to look for, with commas between them' },
    { name: 'json', says: 'print the findings as JSON' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const [bundle] = given.words
    if (bundle === undefined) throw usageProblem('Say which bundle: iom log verify bundle.zip')
    const [key, checkpoint] = [given.text('key'), given.text('checkpoint')]
    const verdict = await verifyBundle({
      bundle,
      ...(key === undefined ? {} : { key }),
      ...(checkpoint === undefined ? {} : { checkpoint: readFileSync(checkpoint, 'utf8') }),
      witnesses: given.text('witness')?.split(',') ?? [],
    }).catch((cause: unknown) => {
      throw new CommandProblem(`${bundle} cannot be checked: ${cause instanceof Error ? cause.message : String(cause)}`, 1, cause)
    })
    terminal.print(given.on('json') ? JSON.stringify(verdict) : sayVerdict(verdict, key === undefined))
    return verdict.findings.length === 0 ? 0 : 1
  },
}

/** Nothing where one key signed everything. */
const sayKeys = ({ keys }: Verdict): readonly string[] =>
  keys.length === 1
    ? []
    : [
        'From it these keys of the log follow, each signed for by its neighbour:',
        ...keys.map(({ text, from, until }) => `  ${text}: from entry ${from}${until === null ? '' : `, ended at ${until}`}`),
      ]

const MOST_SHOWN = 50

const sayVerdict = (verdict: Verdict, ownKey: boolean): string => {
  const what = verdict.whole ? `all ${verdict.entries} entries` : `${verdict.entries} of ${verdict.treeSize} entries`
  const told = ownKey
    ? `Checked with the key in the bundle itself, ${verdict.key}: compare it with the one you were told.`
    : 'Checked with the key you gave.'
  const key = [told, ...sayKeys(verdict)].join('\n')
  const witnessed = verdict.witnessedBy.length === 0 ? [] : [`Witnessed by ${verdict.witnessedBy.join(', ')}.`]
  if (verdict.findings.length === 0) return [`Whole: ${what} of ${verdict.origin} are as they were signed.`, key, ...witnessed].join('\n')
  const more = verdict.findings.length - MOST_SHOWN
  return [
    `NOT whole: ${verdict.findings.length} findings in ${what} of ${verdict.origin}.`,
    ...verdict.findings.slice(0, MOST_SHOWN).map(sayFinding),
    ...(more > 0 ? [`and ${more} more (--json prints all)`] : []),
    key,
  ].join('\n')
}

const sayFinding = ({ kind, entryId, leafIndex, says }: Finding): string => {
  const place = leafIndex === null ? '' : `, leaf ${leafIndex}`
  return entryId === null ? `  ${kind}${place}: ${says}` : `  ${kind}: entry ${entryId}${place}: ${says}`
}
