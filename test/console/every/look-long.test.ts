import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Disclosures } from '../../disclosure/support.ts'
import { browserPath, openBrowserFor, openPage, signIn } from '../support/browser.ts'
import { look } from '../support/look.ts'
import { openPlaces, type Place } from '../support/places.ts'
import { comeTo, fillAll, press } from './walk-the-table.ts'

let house: Disclosures
let places: readonly Place[]
let browser: Browser
beforeAll(async () => {
  if (browserPath === null) return
  ;({ house, places } = await openPlaces())
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  await browser.close()
  await house.close()
})

const personas = [
  'admin',
  'analyst',
  'case-manager',
  'chair',
  'deputy',
  'dpo',
  'foi-officer',
  'ig-officer',
  'signatory-ridings-police',
  'spoc',
]

describe.skipIf(browserPath === null)('every page of the table', { timeout: 300_000 }, () => {
  it.each(personas)(
    'that %s comes to meets WCAG 2.2 AA and fits into 320 px: opened, with errors, and with its answers to check',
    async (persona) => {
      const watched = await openPage(browser)
      const { page } = watched
      const found: string[] = []
      await signIn(page, house.url, persona)
      const theirs = places.filter((place) => place.persona === persona)
      expect(theirs.length).toBeGreaterThan(0)
      for (const place of theirs) {
        await comeTo(page, house.url, place)
        await look(watched, found)
        if (!place.hasForm || !(await press(page))) continue
        await look(watched, found)
        await comeTo(page, house.url, place)
        if (!(await fillAll(page, 'Needed for the review of 27 March'))) continue
        await press(page)
        await look(watched, found)
      }
      expect([found, watched.complaints]).toEqual([[], []])
      await watched.context.close()
    },
  )

  it('is somebody’s among these', () => {
    expect([...new Set(places.map(({ persona }) => persona))].toSorted()).toEqual(personas)
  })
})
