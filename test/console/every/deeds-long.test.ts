import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../../src/http/console/pages.ts'
import { getPersona } from '../../../src/sandbox/personas.ts'
import { openPackages, type Packages } from '../../disclosure/package-support.ts'
import { browserPath, openBrowserFor, openPage, signIn } from '../support/browser.ts'
import { type Deed, wordsOf } from '../support/deeds/deed.ts'
import { doneIn } from '../support/deeds/done-in.ts'
import { trials } from '../support/deeds/trials.ts'
import { look } from '../support/look.ts'
import { comeTo, fillAnswers } from './walk-the-table.ts'

let house: Packages
let browser: Browser
beforeAll(async () => {
  if (browserPath === null) return
  house = await openPackages()
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  await browser.close()
  await house.close()
})

const acts = pages.filter(({ operationId }) => operationId !== undefined).map(({ path, operationId }) => [path, operationId!] as const)
const stale = acts.filter(([path]) => trials[path]?.neverStale === undefined)

/** Where no address names whom it is about, one begins at the page before. */
const openedFrom: Readonly<Record<string, string>> = {
  '/console/permissions/new': '/console/conferences',
  '/console/emergency/new': '/console/people',
  '/console/people/consent': '/console/people',
  '/console/foi/:requestId/consultation': '/console',
  '/console/policies/tests/from-entry': '/console/policies/tests',
}

const come = (page: Page, { path, opens }: Deed): Promise<void> => comeTo(page, house.url, { path, opens: opens ?? null })
const carryOn = async (page: Page, deed: Deed): Promise<void> => {
  await fillAnswers(page, deed.answers)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await page.getByRole('heading', { name: /^Check your answers/ }).waitFor()
}
const confirm = (page: Page) => page.locator('button[name="_step"][value="confirm"]')

/** What was typed in words, wherever the page shows it. */
const shownOn = (page: Page): Promise<string> =>
  page.evaluate(
    `document.querySelector('main').innerText + [...document.querySelectorAll('main input, main textarea')].map((one) => one.value).join(' ')`,
  )

describe.skipIf(browserPath === null)('every form that changes something, in a browser', { timeout: 60_000 }, () => {
  it.each(acts)('%s: a lost session leads back to it with nothing done; pressed twice it acts once', async (path, operationId) => {
    const deed = await trials[path]!.prepare(house)
    const watched = await openPage(browser)
    const { page } = watched
    await signIn(page, house.url, deed.persona)
    await come(page, deed)
    await fillAnswers(page, deed.answers)
    const before = await doneIn(house, operationId)
    await house.database.owner.query({ text: 'delete from console_session where person_sub = $1', values: [deed.persona] })
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    const { agencyId, displayName } = getPersona(deed.persona)
    await page.locator(`a[href^="/console/sign-in/${agencyId}"]`).first().click()
    await page.getByRole('button', { name: displayName }).click()
    await page.waitForURL(house.url + (openedFrom[path] ?? deed.path))
    expect(await doneIn(house, operationId)).toBe(before)
    await come(page, deed)
    await carryOn(page, deed)
    await confirm(page).dblclick({ noWaitAfter: true })
    await expect.poll(() => doneIn(house, operationId)).toBe(before + 1)
    await page.locator('main h1').waitFor()
    await page.waitForLoadState()
    expect(await page.title()).not.toMatch(/^(Error|Check your answers|Refused)/)
    const found: string[] = []
    await look(watched, found)
    expect([await doneIn(house, operationId), found, watched.complaints]).toEqual([before + 1, [], []])
    await watched.context.close()
  })

  it.each(stale)('%s: says what changed meanwhile, keeps what was typed, and can be read by everybody', async (path, operationId) => {
    const { meanwhile, ...deed } = await trials[path]!.prepare(house)
    const watched = await openPage(browser)
    const { page } = watched
    await signIn(page, house.url, deed.persona)
    await come(page, deed)
    await carryOn(page, deed)
    await meanwhile!.act()
    const before = await doneIn(house, operationId)
    await confirm(page).click()
    await page.waitForLoadState()
    const text = await shownOn(page)
    expect(text).toMatch(meanwhile!.says)
    for (const word of wordsOf(deed)) expect(text).toContain(word)
    const found: string[] = []
    await look(watched, found)
    expect([await doneIn(house, operationId), found, watched.complaints]).toEqual([before, [], []])
    await watched.context.close()
  })
})
