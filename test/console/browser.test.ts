import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Disclosures, openDisclosures } from '../disclosure/support.ts'
import { browserPath, openBrowserFor, openPage, signIn } from './support/browser.ts'
import { decideInPart } from './support/decide-in-part.ts'
import { look, tabTo as reach } from './support/look.ts'
import { nasty } from './support/nasty.ts'
import { plantNasty } from './support/plant-nasty.ts'

let house: Disclosures
let browser: Browser
beforeAll(async () => {
  if (browserPath === null) return
  house = await openDisclosures()
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  await browser.close()
  await house.close()
})

/** Every page of every persona is looked at in the long form (`npm run test:faults`); the way to a record and an act always are. */
const long = inject('faults')?.size === 'long'

const fillReasons = async (page: Page): Promise<void> => {
  await page.selectOption('#purpose', 'risk-management')
  await page.selectOption('#legalGateway', 'dpa35-task')
  await page.fill('#justification', 'Preparing the Calder conference')
}

/** From the home page to Jordan's record, as one goes. Calls `at` on every page on the way. */
const toRecord = async (page: Page, at: (page: Page) => Promise<void>): Promise<void> => {
  await page.getByRole('link', { name: 'Find a person' }).click()
  await at(page)
  await page.getByRole('button', { name: 'Search' }).click()
  await at(page)
  await fillReasons(page)
  await page.getByLabel('By name').check()
  await page.fill('#givenName', 'Jordan')
  await page.fill('#familyName', 'Examplewood')
  await page.getByRole('button', { name: 'Search' }).click()
  await at(page)
  await page.getByRole('button', { name: 'Choose what to ask about Jordan Examplewood' }).click()
  await at(page)
  for (const category of ['Identity', 'Arrests and disposals', 'Police intelligence', 'OASys assessment', 'Mental health'])
    await page.getByLabel(category, { exact: true }).check()
  await page.getByRole('button', { name: 'Ask' }).click()
  await at(page)
}

const pagesOf = {
  analyst: [
    '/console',
    '/console/conferences',
    '/console/agreements',
    '/console/agreements/coverage',
    '/console/agency',
    '/console/agency/access',
    '/console/agency/people',
    '/console/log',
  ],
  admin: [
    '/console',
    '/console/agency',
    '/console/agency/people',
    '/console/agency/people/new',
    '/console/agency/appointments/new',
    '/console/agency/clients',
    '/console/agency/clients/new',
    '/console/log/integrity',
  ],
} as const

describe.skipIf(browserPath === null)('in a browser', { timeout: 120_000 }, () => {
  describe('signing in', () => {
    it('comes back from another site to the page that was asked for, with a session that other sites cannot use', async () => {
      const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
      await signIn(page, house.url, 'chair', '/console/agreements')
      expect(await page.getByText('You are Charlie Chair').count()).toBe(1)
      const cookie = (await context.cookies(house.url)).find(({ name }) => name === '__Host-console')
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' })
      expect(complaints).toEqual([])
      await context.close()
    })

    it('is kept when a link on another site leads here, in spite of Strict', async () => {
      const { page, context } = await openPage(browser, { javaScriptEnabled: false })
      await signIn(page, house.url, 'chair')
      await page.goto(`${house.sandbox.issuersUrl.replace('127.0.0.1', 'localhost')}/nowhere`)
      await page.setContent(`<a href="${house.url}/console/agency/access">a link in a mail</a>`)
      await page.getByRole('link').click()
      await page.getByText('You are Charlie Chair').waitFor()
      expect(page.url()).toBe(`${house.url}/console/agency/access`)
      await context.close()
    })

    it('is not lent to a form on another site', async () => {
      const { page, context } = await openPage(browser, { javaScriptEnabled: false })
      await signIn(page, house.url, 'chair')
      await page.goto(`${house.sandbox.issuersUrl.replace('127.0.0.1', 'localhost')}/nowhere`)
      await page.setContent(`<form method="post" action="${house.url}/console/sign-out"><button>Win a prize</button></form>`)
      await page.getByRole('button').click()
      await page.waitForURL(/console\/sign-in/)
      await page.goto(`${house.url}/console`)
      expect(await page.getByText('You are Charlie Chair').count()).toBe(1)
      await context.close()
    })
  })

  it('a person’s record is found and read without JavaScript, by keyboard alone', async () => {
    const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, house.url, 'analyst')
    const tabTo = (name: string) => reach(page, name)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('Skip to main content')
    await tabTo('Find a person')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${house.url}/console/people`)
    await tabTo('purpose')
    await page.keyboard.type('Managing risk')
    await tabTo('legalGateway')
    await page.keyboard.type('DPA 2018 s.35: a')
    await tabTo('justification')
    await page.keyboard.type('Preparing the Calder conference')
    await tabTo('by name')
    await page.keyboard.press('Space')
    await tabTo('givenName')
    await page.keyboard.type('Jordan')
    await tabTo('familyName')
    await page.keyboard.type('Examplewood')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'People found' }).waitFor()
    await tabTo('Choose what to ask')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'What do you need to know?' }).waitFor()
    await tabTo('identity')
    await page.keyboard.press('Space')
    await tabTo('Ask')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Jordan Examplewood' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('a chair decides a request in part without JavaScript, from a link in a mail to the confirmation', async () => {
    const scene = await house.scene(['Seen at the docks after dark.', 'Owes money to a neighbour.'])
    await house.acknowledge(scene.conferenceId, 'chair')
    const requestId = await house.requested(scene)
    const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, house.url, 'chair', `/console/permissions/${requestId}`)
    const started = performance.now()
    const clicks = await decideInPart(page, 'Seen at the docks after dark.', () => Promise.resolve())
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.info(`A chair decides in part: ${clicks} clicks, 3 of them lead to a page; ${seconds} s without reading and typing.`)
    expect([clicks, complaints]).toEqual([6, []])
    await context.close()
  })

  describe('every page and state', () => {
    it.skipIf(!long)('from search to record meets WCAG 2.2 AA, fits into 320 px and breaks no policy', async () => {
      const watched = await openPage(browser)
      const found: string[] = []
      await signIn(watched.page, house.url, 'analyst')
      await toRecord(watched.page, () => look(watched, found))
      await watched.page.getByRole('button', { name: 'See how it was decided' }).click()
      await look(watched, found)
      await watched.page.getByLabel('My agency monitors its own work').check()
      await watched.page.fill('#justification', 'Checking')
      await watched.page.getByRole('button', { name: 'Read the entry' }).click()
      for (const summary of await watched.page.locator('summary').all()) await summary.click()
      await look(watched, found)
      expect([found, watched.complaints]).toEqual([[], []])
      await watched.context.close()
    })

    it.skipIf(!long).each(Object.entries(pagesOf))('that %s comes to does so too', async (persona, paths) => {
      const watched = await openPage(browser)
      const found: string[] = []
      await watched.page.goto(`${house.url}/console/sign-in`)
      await look(watched, found)
      await signIn(watched.page, house.url, persona)
      for (const path of [...paths, '/console/help', '/console/accessibility', '/console/nowhere']) {
        await watched.page.goto(house.url + path)
        await look(watched, found)
      }
      expect([found, watched.complaints]).toEqual([[], []])
      await watched.context.close()
    })

    it.skipIf(!long)('of an act does so too: form, wrong answers, check answers, done', async () => {
      const watched = await openPage(browser)
      const { page } = watched
      const found: string[] = []
      await signIn(page, house.url, 'admin')
      await page.goto(`${house.url}/console/agency/people/new`)
      await page.getByRole('button', { name: 'Continue' }).click()
      await look(watched, found)
      await page.fill('#agencyId', 'ridings-police')
      await page.fill('#sub', 'browser-person')
      await page.fill('#displayName', 'Bo Browser')
      await page.getByRole('button', { name: 'Continue' }).click()
      await look(watched, found)
      await page.getByRole('button', { name: 'Register the person' }).click()
      await look(watched, found)
      expect(await page.getByText('Bo Browser is registered.').count()).toBe(1)
      await house.database.owner.query({
        text: `update console_session set authenticated_at = statement_timestamp() - interval '6 minutes'`,
      })
      await page.goto(`${house.url}/console/agency/appointments/new`)
      await look(watched, found)
      await page.getByRole('link', { name: 'Confirm at' }).click()
      await page.getByRole('button', { name: 'Addy Admin' }).click()
      await page.getByRole('heading', { name: 'Appoint a person to a role' }).waitFor()
      expect([found, watched.complaints]).toEqual([[], []])
      await watched.context.close()
    })

    it('would be found, if one had a fault', async () => {
      const watched = await openPage(browser)
      await watched.page.setContent(
        '<html><body><h1>x</h1><img src="data:,"><p style="width:900px">wide</p><script>throw new Error("planted")</script></body></html>',
      )
      const found: string[] = []
      await look(watched, found)
      expect(found.some((one) => one.includes('image-alt'))).toBe(true)
      expect(found.some((one) => one.includes('wider than 320 px'))).toBe(true)
      expect(watched.complaints).toContain('planted')
      await watched.context.close()
    })
  })

  it('a page on paper bears its marking on every sheet, and none of what is there to click', async () => {
    const { page, context } = await openPage(browser)
    await signIn(page, house.url, 'analyst')
    await toRecord(page, () => Promise.resolve())
    await page.emulateMedia({ media: 'print' })
    const markings = "[...document.querySelectorAll('.console-marking')].map((one) => [one.innerText, getComputedStyle(one).position])"
    expect(await page.evaluate(markings)).toEqual([
      ['OFFICIAL-SENSITIVE', 'fixed'],
      ['OFFICIAL-SENSITIVE', 'fixed'],
    ])
    expect(await page.getByRole('button').count()).toBe(0)
    await context.close()
  })

  it('hostile text in every field that is shown runs nothing', async () => {
    await plantNasty(house)
    const watched = await openPage(browser)
    const { page } = watched
    await page.goto(`${house.url}/console/sign-in/ridings-partnership`)
    await page.getByRole('button', { name: 'Addy Admin' }).click()
    await page.waitForURL(`${house.url}/console`)
    for (const path of long ? pagesOf.admin : pagesOf.admin.slice(0, 3)) {
      await page.goto(house.url + path)
      expect(await page.locator('body').innerText()).toContain(nasty[0])
    }
    await page.goto(`${house.url}/console/people`)
    for (const text of long ? nasty : nasty.slice(0, 3)) {
      await page.fill('#justification', text)
      await page.getByLabel('By name').check()
      await page.fill('#givenName', text)
      await page.getByRole('button', { name: 'Search' }).click()
      expect(await page.inputValue('#givenName')).toBe(text)
    }
    expect(watched.complaints).toEqual([])
    await watched.context.close()
  })
})
