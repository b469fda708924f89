import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { storyId } from '../../src/sandbox/people/story.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { browserPath, openBrowserFor, openPage, signIn } from './support/browser.ts'

let house: TestGateway
let browser: Browser
const flagId = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e98'
const reading = { purpose: 'lawfulness', justification: 'Complaint 14 of 2026' }

beforeAll(async () => {
  if (browserPath === null) return
  house = await openGateway()
  const body = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the conference' }
  for (const name of ['analyst', 'constable-wharfe', 'case-manager', 'keyworker'])
    await house.as(name).post('/v1/enquiries', { ...body, offenderId: storyId('jordan'), categories: [{ id: 'identity' }] })
  await house.database.owner.query({
    text: `insert into misuse_flag (id, rule_id, agency_id, person_sub, rank, words, cites, numbers, partnership_only, policy_hash, raised_at)
           values ($1, 'guessing', 'ridings-police', 'analyst', 'high', 'Searched 12 times.', 's.37', '{}', false, 'x', statement_timestamp())`,
    values: [flagId],
  })
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  await browser.close()
  await house.close()
})

/** Every page and state is looked at in the long form (`npm run test:faults`); the way to a refusal always is. */
const long = inject('faults')?.size === 'long'
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What is wrong with a page: for who cannot see it, and on a telephone. */
const faultsOn = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze()
  const size = page.viewportSize()!
  await page.setViewportSize({ width: 320, height: 640 })
  const over = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  await page.setViewportSize(size)
  const found = violations.map(({ id, nodes }) => `${page.url()}: ${id} at ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
  return over > 0 ? [...found, `${page.url()} is ${over} px wider than 320 px`] : found
}

const fillReading = async (page: Page): Promise<void> => {
  await page.getByLabel('Verifying that the processing was lawful').check()
  await page.fill('#justification', reading.justification)
}

describe.skipIf(browserPath === null)('a governance officer in a browser', { timeout: 120_000 }, () => {
  it('finds who saw a person last month and opens the refusal, without JavaScript, in a few clicks', async () => {
    const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, house.url, 'ig-officer')
    const started = performance.now()
    let clicks = 0
    const click = async (role: 'link' | 'button' | 'radio', name: string): Promise<void> => {
      clicks += 1
      await page.getByRole(role, { name }).first().click()
    }
    await click('link', 'Search the access log')
    await click('radio', 'Verifying that the processing was lawful')
    await page.fill('#justification', reading.justification)
    await page.fill('#givenName', 'Jordan')
    await page.fill('#familyName', 'Examplewood')
    await page.fill('#bornOn-day', '14')
    await page.fill('#bornOn-month', '5')
    await page.fill('#bornOn-year', '2007')
    expect(await page.getByLabel('The last 31 days').isChecked()).toBe(true)
    await click('button', 'Search')
    await page.getByRole('heading', { name: 'Entries found' }).waitFor()
    expect(await page.getByRole('img', { name: /Entries by day/ }).count()).toBe(1)
    const row = page.getByRole('row').filter({ hasText: 'constable-wharfe' })
    expect(await row.getByText('Not confirmed').count()).toBe(1)
    clicks += 1
    await row.getByRole('button', { name: /^Open/ }).click()
    await page.getByRole('heading', { name: 'An entry of the access log' }).waitFor()
    expect(await page.locator('main').innerText()).toContain('constable-wharfe')
    console.log(`who saw this person last month, to the refusal: ${clicks} clicks, ${Math.round(performance.now() - started)} ms`)
    expect(clicks).toBeLessThanOrEqual(5)
    expect(page.url()).not.toMatch(/Jordan|Examplewood/)
    expect(complaints).toEqual([])
    await context.close()
  })

  it.skipIf(!long)('meets pages that meet WCAG 2.2 AA and fit into 320 px: the search, its errors and what it finds', async () => {
    const { page, context, complaints } = await openPage(browser)
    await signIn(page, house.url, 'ig-officer', '/console/log/search')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    const found = [...(await faultsOn(page))]
    expect(await page.getByText('There is a problem').count()).toBe(1)
    await fillReading(page)
    await page.getByLabel('Any time').check()
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    for (const summary of await page.locator('summary').all()) await summary.click()
    found.push(...(await faultsOn(page)))
    expect([found, complaints]).toEqual([[], []])
    await context.close()
  })

  it.skipIf(!long)('meets no other page or state that does not', async () => {
    const { page, context, complaints } = await openPage(browser)
    const found: string[] = []
    const look = async (path: string, button?: string, fill?: () => Promise<void>): Promise<void> => {
      await page.goto(house.url + path)
      found.push(...(await faultsOn(page)))
      if (button === undefined) return
      await fill?.()
      await page.getByRole('button', { name: button, exact: true }).click()
      const shut = page.locator('details:not([open]) > summary')
      while ((await shut.count()) > 0) await shut.first().click()
      found.push(...(await faultsOn(page)))
    }
    const reason = (): Promise<void> => fillReading(page)
    await signIn(page, house.url, 'ig-officer', '/console/log')
    await look('/console/log/pictures', 'Show the pictures', reason)
    await look('/console/log/integrity', 'Check it now')
    await look('/console/log/flags', 'Show the flags', reason)
    await look(`/console/log/flags/${flagId}`, 'Show the flag', reason)
    await look('/console/log/flags/measures', 'Show the outcomes', reason)
    await look(`/console/log/flags/${flagId}/decide`, 'Continue')
    await page.getByLabel('A breach').check()
    await page.fill('#grounds', 'No reason was given')
    await page.getByLabel('Verifying that the processing was lawful').check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Record the decision' }).click()
    found.push(...(await faultsOn(page)))
    await look('/console/log/breaches')
    await look('/console/log/history', 'Show', async () => {
      await page.fill('#offenderId', storyId('jordan'))
      await page.getByLabel('Judging whether').check()
      await page.fill('#justification', 'A complaint')
    })
    await look('/console/rights/new', 'Continue')
    await look('/console/rights')
    await context.clearCookies()
    const made = await house.as('foi-officer').post('/v1/foi-requests', {
      reference: 'FOI-BROWSER',
      receivedOn: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
      asked: 'Who is watched?',
    })
    await signIn(page, house.url, 'foi-officer', '/console/foi')
    const path = `/console/foi/${String(made.body.requestId)}`
    for (const one of ['/console/foi', path]) await look(one)
    await look('/console/foi/new', 'Continue')
    await look(`${path}/decide`, 'Continue')
    await look(`${path}/notice`)
    await look(`${path}/given`, 'Continue')
    expect([found, complaints]).toEqual([[], []])
    await context.close()
  })
})
