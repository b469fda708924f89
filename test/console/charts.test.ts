import { describe, expect, it } from 'vitest'
import { bars } from '../../src/http/console/charts/bars.ts'
import { columns } from '../../src/http/console/charts/columns.ts'
import { dayCounts, everyDay } from '../../src/http/console/charts/day-counts.ts'
import { lines } from '../../src/http/console/charts/lines.ts'
import { matrix } from '../../src/http/console/charts/matrix.ts'
import { strip } from '../../src/http/console/charts/strip.ts'
import { cut, escapeText, numberWords, ticksUpTo } from '../../src/http/console/charts/svg.ts'
import { drawHistory } from '../../src/http/console/pages/people/draw-history.ts'
import { leftWords } from '../../src/http/console/pages/review/breaches.ts'
import { nasty, nastyText, readBack } from './support/nasty.ts'

const caption = { id: 'x', title: 'A picture', says: 'What it says' }
const at = new Date('2026-11-22T12:00:00Z')

/** Every picture there is, with these labels and values. */
const everyPicture = (texts: readonly string[], values: readonly number[]): readonly (readonly [string, string])[] => {
  const rows = texts.map((label, place) => ({ label, value: values[place] ?? 0, part: Math.floor((values[place] ?? 0) / 3) }))
  const stretches = texts.map((label) => ({ from: new Date('2026-01-01T00:00:00Z'), to: null, label, tone: 'plain' as const }))
  const named = { ...caption, title: texts.join(' ') || 'Nothing', says: texts.join(' ') || 'Nothing' }
  return [
    ['bars', bars(named, rows, texts[0] ?? '')],
    ['columns', columns(named, rows)],
    ['histogram', columns(named, rows, true)],
    ['lines', lines(named, texts, [{ name: texts[0] ?? '', values }])],
    ['matrix', matrix(named, { rows: texts, columns: texts, values: texts.map(() => values) })],
    ['strip', strip(named, texts.length === 0 ? [] : [{ name: texts[0]!, stretches }], at)],
  ]
}

const numbersIn = (svg: string): readonly number[] =>
  [...svg.matchAll(/ (?:x|y|x1|x2|y1|y2|cx|cy|width|height|fill-opacity)="([^"]*)"/g)].map(([, value]) => Number(value))
const tagsIn = (svg: string): readonly string[] =>
  [...new Set([...svg.matchAll(/<([a-z!?][^\s/>]*)/gi)].map(([, name]) => name!))].toSorted()
const known = ['circle', 'desc', 'line', 'polyline', 'rect', 'svg', 'text', 'title']

describe.each([
  ['of nothing', [], []],
  ['of one thing', ['Only'], [1]],
  ['of nothing but noughts', ['a', 'b'], [0, 0]],
  ['of very large numbers', ['a', 'b', 'c'], [9_007_199_254_740_991, 1, 123_456_789]],
  ['of very many things', Array.from({ length: 60 }, (_, place) => `Row ${place}`), Array.from({ length: 60 }, (_, place) => place)],
] as const)('a picture %s', (_what, texts, values) => {
  it.each(everyPicture(texts, values))('%s: has a text alternative and draws nothing that is no number', (_name, svg) => {
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="x-title x-says"/)
    expect(svg).toContain('<title id="x-title">')
    expect(numbersIn(svg).filter((value) => !Number.isFinite(value))).toEqual([])
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect(tagsIn(svg).filter((name) => !known.includes(name))).toEqual([])
    expect(svg).not.toMatch(/ (style|on[a-z]+|href)=/)
  })
})

describe('a hostile label', () => {
  it.each(
    everyPicture(
      nasty,
      nasty.map((_, place) => place),
    ),
  )('in %s is written out and does nothing', (_name, svg) => {
    expect(tagsIn(svg).filter((name) => !known.includes(name))).toEqual([])
    expect(nasty.filter((text) => /[<>]/.test(text) && !text.startsWith('&') && text !== ']]>' && svg.includes(text))).toEqual([])
    expect(readBack(svg)).toContain(nasty[0])
  })

  it('would be found if it were not escaped', () => {
    expect(tagsIn(`<svg>${nastyText}</svg>`).filter((name) => !known.includes(name))).toContain('script')
  })

  it('loses what no document may hold, and nothing else', () => {
    expect(escapeText('a\u0000b\u0008c\td\ne')).toBe('abc\td\ne')
    expect(escapeText('Söhne & <Ltd>')).toBe('Söhne &amp; &lt;Ltd&gt;')
  })
})

describe('the sizes of marks', () => {
  const widthsOf = (svg: string): readonly number[] =>
    [...svg.matchAll(/width="([\d.]+)" height="22" class="console-chart__bar"/g)].map(([, value]) => Number(value))

  it('are as the numbers are: twice as much is twice as long, and nothing is drawn of nothing', () => {
    const [first, second, third] = widthsOf(
      bars(caption, [
        { label: 'a', value: 100 },
        { label: 'b', value: 50 },
        { label: 'c', value: 0 },
      ]),
    )
    expect(first! / second!).toBeCloseTo(2)
    expect(third).toBe(0)
  })

  it('stand on ticks of 1, 2 or 5 times a power of ten, the last not below the largest', () => {
    expect(ticksUpTo(0)).toEqual([0, 1])
    expect(ticksUpTo(1)).toEqual([0, 1])
    expect(ticksUpTo(7)).toEqual([0, 2, 4, 6, 8])
    expect(ticksUpTo(340)).toEqual([0, 100, 200, 300, 400])
    for (const largest of [1, 3, 9, 11, 99, 101, 12_345, 9e15]) {
      const ticks = ticksUpTo(largest)
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(largest)
      expect(ticks.length).toBeLessThanOrEqual(7)
    }
  })

  it('are said short when they are large, and labels are cut by characters', () => {
    expect([numberWords(99_999), numberWords(1_200_000), numberWords(2.25)]).toEqual(['99,999', '1.2m', '2.3'])
    expect(cut('👩‍🚒 abcdef', 4)).not.toContain('\ufffd')
    expect([cut('abc', 3), cut('abcd', 3)]).toEqual(['abc', 'ab…'])
  })
})

describe('counts by day', () => {
  const day = (name: string, entries: number, refused = 0) => ({ day: name, entries, refused })

  it('have the days without an entry among them, across the change of the clocks and of the year', () => {
    expect(everyDay([day('2026-10-26', 1), day('2026-10-24', 2)]).map((one) => [one.day, one.entries])).toEqual([
      ['2026-10-24', 2],
      ['2026-10-25', 0],
      ['2026-10-26', 1],
    ])
    expect(everyDay([day('2025-12-31', 1), day('2026-01-01', 1)]).length).toBe(2)
    expect(everyDay([])).toEqual([])
  })

  it('say in words what they show, newest day first in the table', () => {
    const drawn = dayCounts([day('2026-11-01', 4, 1), day('2026-11-03', 6, 2)])
    expect(drawn.svg).toContain('10 in all, 3 of them refused; the most, 6, on 3 November 2026.')
    expect(drawn.rows).toEqual([
      ['3 November 2026', 6, 2],
      ['1 November 2026', 4, 1],
    ])
  })

  it('are counted by month where there are too many days', () => {
    const drawn = dayCounts([day('2025-01-01', 4), day('2026-11-03', 6, 2)])
    expect([drawn.title, drawn.rows]).toEqual([
      'Entries by month',
      [
        ['Nov 2026', 6, 2],
        ['Jan 2025', 4, 0],
      ],
    ])
  })
})

describe('a person’s history', () => {
  it('holds what was said until the next thing was, or until it ran out; a move that was declined never held', () => {
    const { rows } = drawHistory({
      at: at.toISOString(),
      now: { strand: 'prevent-and-deter', leadAgencyId: 'a', cohortSince: '2025-01-01T00:00:00Z' },
      consent: [
        { kind: 'given', happenedAt: '2026-01-01T12:00:00Z', expiresAt: '2026-03-01T12:00:00Z', categories: [] },
        { kind: 'withdrawn', happenedAt: '2026-05-01T12:00:00Z', expiresAt: null, categories: [] },
      ],
      moves: [
        { toStrand: 'catch-and-control', toLead: 'a', fromStrand: 'rehabilitate-and-resettle', heldFrom: null },
        { toStrand: 'prevent-and-deter', toLead: 'a', fromStrand: 'rehabilitate-and-resettle', heldFrom: '2026-06-01T12:00:00Z' },
      ],
    })
    expect(rows).toEqual([
      ['Consent: Given', '1 January 2026', '1 March 2026'],
      ['Consent: Withdrawn', '1 May 2026', 'still'],
      ['Strand: Rehabilitate and resettle', '1 January 2025', '1 June 2026'],
      ['Strand: Prevent and deter', '1 June 2026', 'still'],
    ])
  })
})

describe('the time that is left', () => {
  it.each([
    [72 * 3600, '3 days left'],
    [25 * 3600 + 60, '1 day and 1 hour left'],
    [59, 'less than a minute left'],
    [-90, '1 minute late'],
    [-26 * 3600, '1 day and 2 hours late'],
  ])('%i seconds are %s', (seconds, said) => expect(leftWords(seconds)).toBe(said))
})
