import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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
