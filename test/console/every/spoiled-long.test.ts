import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../../src/http/console/pages.ts'
import type { Disclosures } from '../../disclosure/support.ts'
import { expectHarmless } from '../support/harmless.ts'
import { askingIn, type Goers, isQuestion, makeGoers, typed } from '../support/goers.ts'
import { splitting, unkeepable } from '../support/nasty.ts'
import { openPlaces, type Place } from '../support/places.ts'
import { blindLinksIn } from '../support/summary.ts'
import type { Seen } from '../support/visitor.ts'

let house: Disclosures
let places: readonly Place[]
let people: Goers
beforeAll(async () => {
  ;({ house, places } = await openPlaces())
  people = makeGoers(house.url)
})
afterAll(() => house.close())

const asked = pages.filter(({ submit }) => submit !== undefined).map(({ path }) => path)

/** Sends the page's own form with this in every field for words; null: it has none. */
const sendAll = async (page: string, text: string): Promise<Seen | null> => {
  const place = places.find((one) => one.page === page)!
  const form = askingIn(await people.come(place))
  if (form === null || !form.controls.some((control) => control.kind === 'text' && isQuestion(control))) return null
  return (await people.as(place.persona)).send(
    form.action ?? place.path,
    typed(form, () => text),
  )
}

let sent = 0
describe('every form', () => {
  it.each(asked)('%s refuses what cannot be kept at the fields it was typed in, and keeps the rest', async (page) => {
    for (const text of unkeepable) {
      const seen = await sendAll(page, text)
      if (seen === null) return
      sent += 1
      expect([page, seen.status]).toEqual([page, 422])
      expect([page, ...blindLinksIn(seen.text)]).toEqual([page])
      expect(seen.text).toContain('Beforeafter')
    }
  })

  it.each(asked)('%s makes no header and no markup of lines that would split one', async (page) => {
    const seen = await sendAll(page, splitting)
    if (seen === null) return
    expect(seen.status).toBeLessThan(500)
    expect([...seen.headers].some((pair) => pair.join('').includes('planted'))).toBe(false)
    expectHarmless(seen.text)
  })

  it.each(asked)('%s takes more than anybody may write for too much, and says so', async (page) => {
    for (const length of [20_000, 200_000]) {
      const seen = await sendAll(page, 'x'.repeat(length))
      if (seen === null) return
      expect([page, length, [200, 413, 422].includes(seen.status) ? '' : seen.status]).toEqual([page, length, ''])
      if (seen.status === 422) expect([page, ...blindLinksIn(seen.text)]).toEqual([page])
    }
  })

  it.each(asked)('%s sent empty says at each field what is missing', async (page) => {
    const seen = await sendAll(page, '')
    if (seen === null || seen.status === 200) return
    expect([page, seen.status]).toEqual([page, 422])
    expect([page, ...blindLinksIn(seen.text)]).toEqual([page])
  })

  it('is among those that were filled in', () => {
    expect(sent).toBeGreaterThan(60)
  })
})
