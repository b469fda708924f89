import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../../src/http/console/pages.ts'
import { openPackages, type Packages } from '../../disclosure/package-support.ts'
import { type Deed, wordsOf } from '../support/deeds/deed.ts'
import { doneIn } from '../support/deeds/done-in.ts'
import { trials } from '../support/deeds/trials.ts'
import { type Goers, makeGoers } from '../support/goers.ts'
import { filledIn } from '../support/html-form.ts'
import { readBack } from '../support/nasty.ts'
import type { Seen, Visitor } from '../support/visitor.ts'

let house: Packages
let people: Goers
beforeAll(async () => {
  house = await openPackages()
  people = makeGoers(house.url)
})
afterAll(() => house.close())

const acts = pages.filter(({ operationId }) => operationId !== undefined)
const come = async (deed: Deed): Promise<{ readonly visitor: Visitor; readonly opened: Seen }> => ({
  opened: await people.come(deed),
  visitor: await people.as(deed.persona),
})

/** What a page says, without its menu and its marks. */
const said = ({ text }: Seen): string =>
  readBack(text.slice(text.indexOf('<main'), text.indexOf('</main>')).replaceAll(/<option[^>]*>[^<]*<[^>]*>|<[^>]*>/g, ' ')).replaceAll(
    /\s+/g,
    ' ',
  )

const checkAnswers = 'Check your answers'

describe('every form that changes something', () => {
  it('is tried here, and nothing else is', () => {
    expect(Object.keys(trials).toSorted()).toEqual([...new Set(acts.map(({ path }) => path))].toSorted())
  })

  it.each(acts.map(({ path, operationId }) => [path, operationId!]))(
    '%s sent twice at once acts once, and says the same twice',
    async (path, operationId) => {
      const deed = await trials[path]!.prepare(house)
      const { visitor, opened } = await come(deed)
      const check = await visitor.send(deed.path, filledIn(opened, deed.answers))
      expect([path, check.status, check.text.includes(checkAnswers) ? '' : said(check)]).toEqual([path, 200, ''])
      const before = await doneIn(house, operationId)
      const sent = { ...filledIn(check, {}), _step: 'confirm' }
      const send = () => visitor.send(deed.path, sent)
      const answers = await Promise.all([send(), send()])
      for (const one of answers) expect([path, one.status, one.status === 200 ? '' : said(one)]).toEqual([path, 200, ''])
      const titles = answers.map(({ text }) => /<title>([^<]*)</.exec(text)![1])
      expect(new Set(titles).size).toBe(1)
      expect(titles[0]).not.toMatch(/^(Error|Check your answers)/)
      expect(await doneIn(house, operationId)).toBe(before + 1)
    },
  )

  it.each(acts.filter(({ path }) => trials[path]?.neverStale === undefined).map(({ path, operationId }) => [path, operationId!]))(
    '%s says what changed meanwhile, keeps what was typed, and changes nothing',
    async (path, operationId) => {
      const { meanwhile, ...deed } = await trials[path]!.prepare(house)
      const { visitor, opened } = await come(deed)
      await meanwhile!.act()
      const before = await doneIn(house, operationId)
      const seen = await visitor.send(deed.path, { ...filledIn(opened, deed.answers), _step: 'confirm' })
      expect([path, seen.status >= 400 && seen.status < 500 ? '' : said(seen)]).toEqual([path, ''])
      const text = readBack(seen.text)
      expect([path, meanwhile!.says.test(text) ? '' : said(seen)]).toEqual([path, ''])
      for (const word of wordsOf(deed)) expect([path, word, text.includes(word)]).toEqual([path, word, true])
      expect(await doneIn(house, operationId)).toBe(before)
      if (meanwhile!.goesOn !== true) return
      const again = await visitor.send(deed.path, filledIn(seen, {}))
      const after = await visitor.send(deed.path, { ...filledIn(again, {}), _step: 'confirm' })
      expect([path, after.status === 200 ? '' : said(after)]).toEqual([path, ''])
      expect(await doneIn(house, operationId)).toBe(before + 1)
    },
  )

  it('is no notice drafted twice, though its form only shows it', async () => {
    const path = (await trials['/console/foi/:requestId/given']!.prepare(house)).path.replace('/given', '/notice')
    const officer = await people.as('foi-officer')
    const sent = filledIn(await officer.open(path), {})
    const before = await doneIn(house, 'draftFoiNotice')
    for (const seen of await Promise.all([officer.send(path, sent), officer.send(path, sent)]))
      expect([seen.status, said(seen)]).toEqual([200, expect.stringContaining('section 50')])
    expect(await doneIn(house, 'draftFoiNotice')).toBe(before + 1)
  })

  it('shows what was written also where the page itself may not be known any more', async () => {
    const delegationId = await house.delegate({ acts: ['decide-disclosure'] })
    await house.accept(delegationId)
    const path = `/console/permissions/${await house.requested(await house.scene(['One.']))}/decide`
    const deputy = await people.as('deputy')
    const answers = {
      decision: 'grant-whole',
      article8Grounds: 'crime-disorder',
      necessity: 'Written for long.',
      proportionality: 'No more.',
    }
    const check = await deputy.send(path, filledIn(await deputy.open(path), answers))
    expect(said(check)).toContain(checkAnswers)
    await house.as('chair').post(`/v1/delegations/${delegationId}/revocation`, { why: 'Back at work' })
    const seen = await deputy.send(path, { ...filledIn(check, {}), _step: 'confirm' })
    expect([seen.status, said(seen)]).toEqual([403, expect.stringContaining('Written for long.')])
  })
})
