import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Disclosures } from '../../disclosure/support.ts'
import { must } from '../../journeys/support/agree.ts'
import { enquire } from '../../journeys/support/requests.ts'
import { shipped } from '../../support/facts.ts'
import { browserPath, openBrowserFor, openPage, signIn, type Watched } from '../support/browser.ts'
import { look } from '../support/look.ts'
import { openPlaces, type Place } from '../support/places.ts'
import { comeTo } from '../every/walk-the-table.ts'

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

const placeOf = (page: string): Place => places.find((one) => one.page === page)!
const kept = {
  id: 'r13-identity-kept',
  cites: 'a trial',
  action: ['fetch', 'release'],
  subject: 'identity',
  inverted: true,
  reason: 'need-to-know',
}
const withoutIdentity = {
  ...shipped.bundle,
  stages: shipped.bundle.stages.map((stage) => (stage.stage === 'R13' ? { ...stage, rules: [...stage.rules, kept] } : stage)),
}
const press = (page: Page, name: string) => page.getByRole('button', { name }).first().click()

/** Signs in, goes on its way, and looks wherever it is told to. */
const walk = async (persona: string, go: (watched: Watched, see: () => Promise<void>) => Promise<void>): Promise<readonly unknown[]> => {
  const watched = await openPage(browser)
  const found: string[] = []
  await signIn(watched.page, house.url, persona)
  await go(watched, () => look(watched, found))
  await watched.context.close()
  return [...found, ...watched.complaints]
}

describe.skipIf(browserPath === null)('what is shown once a form was filled in well', { timeout: 120_000 }, () => {
  it('of a consent change meets WCAG 2.2 AA and fits into 320 px: its effect, and what happened', async () => {
    const found = await walk('case-manager', async ({ page }, see) => {
      await comeTo(page, house.url, placeOf('/console/people/consent'))
      await page.getByLabel('They take back what they agreed to').check()
      await page.fill('#justification', 'Said so at the visit')
      await press(page, 'Continue')
      await page.getByText('Sharing that stops at once').waitFor()
      await see()
      await press(page, 'Record it')
      await page.getByText('It is recorded').waitFor()
      await see()
    })
    expect(found).toEqual([])
  })

  it('of proposed rules does as well: what differs, who gains and loses, and one question', async () => {
    const { entryId } = must(await enquire(house.as('analyst'), 'jordan', 'identity'), 200)
    const { hash } = must(await house.as('ig-second').post('/v1/policies', { bundle: withoutIdentity }), 201)
    const at = `${house.url}/console/policies/${String(hash)}`
    const found = await walk('ig-officer', async ({ page }, see) => {
      await page.goto(at)
      await page.locator('details summary').first().click()
      await see()
      await page.goto(`${at}/simulate`)
      await page.getByLabel('Verifying that the processing was lawful').check()
      await page.fill('#justification', 'Before publishing')
      await press(page, 'Simulate')
      await page.getByText('No longer released').first().waitFor()
      await see()
      await page.goto(`${at}/try`)
      await page.fill('#readEntryId', String(entryId))
      await page.getByLabel('Verifying that the processing was lawful').check()
      await page.fill('#justification', 'Before publishing')
      await press(page, 'Try it')
      await page.getByText('Differs').first().waitFor()
      await see()
      await page.goto(`${at}/publish`)
      await press(page, 'Continue')
      await page.getByText('Check your answers').first().waitFor()
      await see()
    })
    expect(found).toEqual([])
  })
})
