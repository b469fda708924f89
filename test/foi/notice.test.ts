import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftNotice, type Decided, type Notice } from '../../src/core/foi/draft-notice.ts'
import type { Ground } from '../../src/core/foi/judge-grounds.ts'
import { foiLabels } from '../../src/core/vocabulary.ts'
import { shipped } from '../support/facts.ts'

const rules = shipped.bundle.change!.foi!
const request = { reference: 'FOI-2026-1', receivedOn: '2026-11-02', ownData: false }
const maintained = { decision: 'maintained', maintaining: ['confidence-of-sources'], disclosing: ['accountability'] } as const
const undecided = { decision: 'undecided', maintaining: [], disclosing: [], estimateOn: '2026-12-15' } as const
const held = (...paragraphs: readonly Decided[]) => draftNotice({ rules, request, whole: null, paragraphs })
const withhold = (...grounds: readonly Ground[]): Decided => ({ outcome: 'withhold', grounds })
const textOf = (notice: Notice | null): string => notice!.text.join('\n')
const third: Ground = { exemption: 'foia-40-2', condition: 'first', principle: 'lawful-fair-transparent' }

describe('a draft notice', () => {
  it('states that fact, the exemption and why, the public interest, the complaints procedure and the right of section 50', () => {
    const notice = held(withhold({ exemption: 'foia-30-1-b', publicInterest: maintained }, third), { outcome: 'disclose', grounds: [] })!
    expect(notice.kind).toBe('part')
    for (const said of [
      ...['exempt under Part II', 's.30(1)(b): it has been held', 's.40(2) with s.40(3A)', 'lawful, fair and transparent', 'is absolute'],
      ...['outweighs the public interest in disclosing', rules.factors.maintaining[4]!.words, rules.factors.disclosing[0]!.words],
      ...[rules.notice.complaints, 'section 50 of the Act', 'FOI-2026-1', '2026-11-02'],
    ])
      expect(textOf(notice)).toContain(said)
    expect(notice.schedule).toEqual([
      { number: 1, outcome: 'withheld', exemptions: ['s.30(1)(b)', 's.40(2) with s.40(3A)'] },
      { number: 2, outcome: 'disclosed', exemptions: [] },
    ])
  })

  it('says that no decision has been reached, and by when it will be, while the public interest is being weighed', () => {
    const notice = held(withhold({ exemption: 'foia-38', likelihood: 'would', publicInterest: undecided }))!
    expect([notice.kind, notice.estimateOn]).toEqual(['extension', '2026-12-15'])
    expect(textOf(notice)).toContain('No decision has yet been reached')
    expect(textOf(notice)).toContain('2026-12-15')
    expect(textOf(notice)).not.toContain('outweighs')
  })

  it('leaves out why, and never that it is exempt or may be complained about, where saying why would reveal it', () => {
    const spoken: Ground = { exemption: 'foia-30-2', publicInterest: maintained }
    const silent = held(withhold({ ...spoken, whyWouldReveal: true }))!
    for (const word of ['confidential sources', 'rely on being protected']) {
      expect(textOf(held(withhold(spoken)))).toContain(word)
      expect(textOf(silent)).not.toContain(word)
    }
    for (const said of ['The exemption is that of s.30(2).', rules.notice.complaints, 'section 50']) expect(textOf(silent)).toContain(said)
  })

  it('is none while a paragraph is being considered or nothing is decided', () => {
    expect(held()).toBeNull()
    expect(held(withhold(third), { outcome: 'consider', grounds: [] })).toBeNull()
    expect(held(withhold(third))!.kind).toBe('refusal')
    expect(held({ outcome: 'disclose', grounds: [] })!.kind).toBe('disclosure')
  })

  it('of what somebody asks about themselves neither confirms nor denies, and says where they will be answered', () => {
    const own = (paragraphs: readonly Decided[]) => draftNotice({ rules, request: { ...request, ownData: true }, whole: null, paragraphs })
    expect(own([])).toEqual(own([withhold(third)]))
    expect([own([])!.kind, own([])!.schedule]).toEqual(['own-data', []])
    for (const said of ['s.40(1) and s.40(5A)', 'neither confirms nor denies', rules.notice.ownData])
      expect(textOf(own([]))).toContain(said)
  })
})

const id = (known: readonly { readonly id: string }[]) => fc.constantFrom(...known.map((one) => one.id))
const interest = fc.record({
  decision: fc.constant('maintained' as const),
  maintaining: fc.array(id(rules.factors.maintaining)),
  disclosing: fc.array(id(rules.factors.disclosing)),
})
const ground: fc.Arbitrary<Ground> = fc.record(
  {
    exemption: fc.constantFrom(...foiLabels),
    condition: fc.constantFrom('first' as const, 'second' as const, 'third' as const),
    principle: id(rules.principles),
    likelihood: fc.constantFrom('would' as const, 'would-be-likely' as const),
    publicInterest: interest,
    defenceWeighed: fc.boolean(),
    whyWouldReveal: fc.boolean(),
  },
  { requiredKeys: ['exemption'] },
)
const paragraph = fc.record({
  outcome: fc.constantFrom('consider' as const, 'withhold' as const, 'disclose' as const),
  grounds: fc.array(ground),
})

/** What a notice that neither confirms nor denies may never say: that something is held, how much, or what. */
const tells = (notice: Notice): boolean =>
  notice.schedule.length > 0 ||
  /holds information of the description you gave(?!\.$)|is not given to you|paragraph/.test(notice.text.slice(2).join('\n')) ||
  !/neither confirms nor denies/.test(notice.text[1]!)

describe('a notice that neither confirms nor denies (scenario 52)', () => {
  const neither = (grounds: readonly Ground[], paragraphs: readonly Decided[]) =>
    draftNotice({ rules, request, whole: { outcome: 'neither-confirm-nor-deny', grounds }, paragraphs })!

  it('is the same whether or not anything is held, and whatever was weighed or written', () => {
    fc.assert(
      fc.property(fc.array(ground, { minLength: 1, maxLength: 4 }), fc.array(paragraph), (grounds, paragraphs) => {
        const notice = neither(grounds, paragraphs)
        const bare = grounds.map(({ exemption }) => ({ exemption }))
        expect(notice).toEqual(neither(bare, []))
        expect(tells(notice)).toBe(false)
      }),
    )
  })

  it('names the exclusion of the duty with its own test, and none of the reasons for withholding', () => {
    const notice = neither([{ exemption: 'foia-30-2', publicInterest: maintained }, { exemption: 'foia-40-2' }], [withhold(third)])
    for (const said of ['s.30(3)', 's.40(5B)(a)', 'is absolute', 'in excluding the duty to confirm or deny', 'section 50'])
      expect(textOf(notice)).toContain(said)
    for (const word of ['confidential sources', 'rely on being protected', 'investigation', 's.30(2)', 's.40(2)'])
      expect(textOf(notice)).not.toContain(word)
  })

  it('would be seen to tell, were it written like any other', () => {
    const ordinary = held(withhold({ exemption: 'foia-30-2', publicInterest: maintained }))!
    expect(tells(ordinary)).toBe(true)
    const neitherOne = neither([{ exemption: 'foia-40-2' }], [])
    expect(tells({ ...neitherOne, schedule: ordinary.schedule })).toBe(true)
    expect(tells({ ...neitherOne, text: [...neitherOne.text, ordinary.text[1]!] })).toBe(true)
  })
})
