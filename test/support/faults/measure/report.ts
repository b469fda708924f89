import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'

export interface Figure {
  readonly what: string
  readonly measured: string
  /** What it had to be. */
  readonly bar: string
}

/** Keeps a figure for the table at the end of the long run; the short form prints nothing. */
export const note = (figure: Figure): void => {
  const report = inject('faults')?.report
  if (report !== undefined) appendFileSync(report, `${JSON.stringify(figure)}\n`)
}

/** Called by the runner before the long form: where its tests leave their figures. */
export const setup = (project: TestProject): (() => void) => {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-figures-'))
  const report = join(directory, 'figures.jsonl')
  project.provide('faults', { size: 'long', report })
  return () => {
    if (existsSync(report)) console.log(tableOf(readFileSync(report, 'utf8')))
    rmSync(directory, { recursive: true, force: true })
  }
}

const tableOf = (lines: string): string => {
  const figures = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Figure)
  const rows = [{ what: 'what', measured: 'measured', bar: 'bar' }, ...figures]
  const width = (name: keyof Figure): number => Math.max(...rows.map((row) => row[name].length))
  return ['', ...rows.map((row) => `${row.what.padEnd(width('what'))}  ${row.measured.padEnd(width('measured'))}  ${row.bar}`), ''].join(
    '\n',
  )
}
