/**
 * What a spreadsheet takes for the beginning of a formula: = + - @ with their full-width and small forms, behind any white space or
 * invisible character; and a tab, carriage return or line feed by itself.
 */

const live = /^(?:[\s\u0000-\u001f\u200b-\u200f\u2060]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]|[\t\r\n])/

/**
 * One cell: always between quotes (RFC 4180), and with an apostrophe before what could be run. A cell that begins with an apostrophe of
 * its own gets one more, so that taking one away gives back exactly what was written.
 */
export const csvCell = (value: string): string =>
  `"${(live.test(value) || value.startsWith("'") ? `'${value}` : value).replaceAll('"', '""')}"`

/** Records end with CRLF, the last one too. */
export const csvText = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
