import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allLeadFacts } from '../../src/core/casework/lead/lead-agency.ts'
import { shippedMatrix } from '../../src/matrix.ts'
import { policyDirectory } from '../support/facts.ts'

const rows = (matrix: string, category: string): readonly string[] =>
  (matrix.split(`## ${category}\n`)[1] ?? '')
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))

test('policies/matrix.md is what the rules and the agreements give; `npm run matrix` brings it up to date', () => {
  expect(readFileSync(join(policyDirectory, 'matrix.md'), 'utf8')).toBe(shippedMatrix(policyDirectory))
})

test('the matrix tells permits from refusals', () => {
  const matrix = shippedMatrix(policyDirectory)
  // Scenario 43: police data for accommodation, where one grant names no law.
  expect(rows(matrix, 'arrest-disposal').some((row) => row.includes('purpose-incompatible'))).toBe(true)
  // Scenario 44: health data with no policy document.
  expect(rows(matrix, 'health-mental').some((row) => row.includes('no-policy-doc'))).toBe(true)
  expect(rows(matrix, 'police-intel').find((row) => row.startsWith('| hmp-ravensgill'))).toBeUndefined()
  expect(rows(matrix, 'prison-intel').find((row) => row.startsWith('| hmp-ravensgill |'))).toContain('prison-mou')
  expect(rows(matrix, 'prison-intel').find((row) => row.startsWith('| hmp-stonebeck |'))).toContain('in part')
})

test('the matrix prints the whole space of the lead-agency table: a line for each combination, a column for each strand', () => {
  const printed = rows(shippedMatrix(policyDirectory), 'Lead agency')
  const lines = printed.filter((line) => /^\| (yes|no) \|/.test(line)).map((line) => line.split(' | '))
  expect(lines.length * 3).toBe(allLeadFacts({ unknown: false }).length)
  expect(new Set(lines.map((cells) => cells.slice(0, 5).join())).size).toBe(lines.length)
  expect(lines.filter((cells) => cells.length !== 9 || cells.some((cell) => cell.trim() === ''))).toEqual([])
  // The disputed cell says so, and custody leaves catch and control to nobody.
  expect(printed.some((line) => line.includes('police (disputed: '))).toBe(true)
  expect(printed.filter((line) => line.startsWith('| yes |')).every((line) => line.includes('refused: custody-strand'))).toBe(true)
})
