import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Disclosures } from '../../disclosure/support.ts'
import { browserPath, openBrowserFor, openPage, signIn, type Watched } from '../support/browser.ts'
import { nasty, nastyText } from '../support/nasty.ts'
import { openPlaces, type Place } from '../support/places.ts'
import { plantNasty } from '../support/plant-nasty.ts'
import { comeTo, fillAll, press } from './walk-the-table.ts'

let house: Disclosures
let places: readonly Place[]
let browser: Browser
beforeAll(async () => {
  if (browserPath === null) return
  ;({ house, places } = await openPlaces(nastyText))
  await plantNasty(house)
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  await browser.close()
  await house.close()
})

/** What no text may become: anything that runs, loads, redirects or sends elsewhere. */
const live =
  'main script, main img, main iframe, main base, main style, main meta, main math, main object, main embed, main [onload], main [onerror], ' +
  'main [onfocus], main [onmouseover], main [autofocus], main form[action^="http"], main a[href^="javascript"], main a[href^="data"]'

const seen = new Set<string>()
const look = async ({ page, complaints }: Watched, where: string, found: string[]): Promise<void> => {
  const count = await page.locator(live).count()
  if (count > 0) found.push(`${where}: ${count} live elements`)
  const text = await page.locator('main').innerText()
  for (const one of nasty) if (text.includes(one)) seen.add(one)
  if (text.includes('¦ 49 ¦')) found.push(`${where}: a template was run`)
  found.push(...complaints.splice(0).map((complaint) => `${where}: ${complaint}`))
}

const byPersona = (): ReadonlyMap<string, readonly Place[]> => Map.groupBy(places, ({ persona }) => persona)

describe.skipIf(browserPath === null)('hostile text in every field that is shown', { timeout: 300_000 }, () => {
  it('runs nothing on any page, neither as it was kept nor as it was typed', async () => {
    const found: string[] = []
    let [pagesSeen, formsSent, done] = [0, 0, 0]
    for (const [persona, theirs] of byPersona()) {
      const watched = await openPage(browser)
      await signIn(watched.page, house.url, persona)
      for (const place of theirs) {
        await comeTo(watched.page, house.url, place)
        await look(watched, `${place.page}, opened`, found)
        pagesSeen += 1
        if (!place.hasForm) continue
        await fillAll(watched.page, nastyText)
        if (!(await press(watched.page))) continue
        formsSent += 1
        await look(watched, `${place.page}, sent`, found)
        const confirm = watched.page.locator('button[name="_step"][value="confirm"]')
        if ((await confirm.count()) === 0) continue
        await confirm.first().click()
        done += 1
        await look(watched, `${place.page}, confirmed`, found)
      }
      // What was typed has been kept meanwhile.
      for (const place of theirs.filter(({ opens }) => opens === null)) {
        await watched.page.goto(house.url + place.path)
        await look(watched, `${place.page}, opened again`, found)
      }
      await watched.context.close()
    }
    console.info(
      `Hostile text: ${pagesSeen} pages opened, ${formsSent} forms sent, ${done} confirmed; ${seen.size} of ${nasty.length} strings were read.`,
    )
    expect(found).toEqual([])
    expect(pagesSeen).toBe(places.length)
    expect(seen.size).toBeGreaterThan(nasty.length - 4)
  })

  it('would be found if it ran', async () => {
    const watched = await openPage(browser)
    await watched.page.setContent(`<main><h1>x</h1>${nasty[2]!}</main><script>console.error('ran')</script>`)
    const found: string[] = []
    await look(watched, 'planted', found)
    expect(found.some((one) => one.includes('live elements'))).toBe(true)
    await watched.context.close()
  })
})
