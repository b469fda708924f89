/** Columns as wide as their widest cell, two spaces apart; nothing is cut. */
export const table = (rows: readonly (readonly string[])[], indent = ''): string => {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  return rows.map((row) => (indent + row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).trimEnd()).join('\n')
}

/** A label and a sentence, broken between words so that lines after the first stand below the first. */
export const labelled = (label: string, sentence: string, at: { readonly indent: string; readonly width: number }): string => {
  const margin = at.indent + ' '.repeat(label.length + 2)
  const lines: string[] = []
  let line = `${at.indent}${label}  `
  let empty = true
  for (const word of sentence.split(' ')) {
    if (!empty && line.length + 1 + word.length > at.width) {
      lines.push(line)
      line = margin
      empty = true
    }
    line += (empty ? '' : ' ') + word
    empty = false
  }
  return [...lines, line].join('\n')
}

/** How wide to write: the terminal, or 100 where there is none, never so wide that lines are hard to follow. */
export const widthOf = (columns: number | undefined): number => Math.min(120, Math.max(60, columns ?? 100))

export const valueText = (value: unknown): string => {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return JSON.stringify(value)
}
