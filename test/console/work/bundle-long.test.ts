import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { indexed } from '../../evidence/log-search/support.ts'
import { enquire } from '../../journeys/support/requests.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { browserPath, openBrowserFor, openPage, signIn } from '../support/browser.ts'
import { makeCounter } from '../support/decide-in-part.ts'
import { unzipped } from './unzipped.ts'

let house: TestGateway
let browser: Browser
beforeAll(async () => {
  if (browserPath === null) return
  house = await openGateway()
  await enquire(house.as('analyst'), 'jordan', 'identity')
  await indexed(house)
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  await browser.close()
  await house.close()
})

const MOST_CLICKS = 5

describe.skipIf(browserPath === null)('a bundle of the log for somebody outside', { timeout: 120_000 }, () => {
  it('is range, subject, what is left out, reason and download, from the home page, without JavaScript', async () => {
    const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, house.url, 'ig-officer')
    const { click, tick, count } = makeCounter(page)
    const started = performance.now()
    await click('link', 'Entries of the log for somebody outside')
    await tick('Verifying that the processing was lawful')
    await page.fill('#justification', 'Asked for by the Commissioner, reference 15')
    await tick('The last 7 days')
    await page.fill('#givenName', 'Jordan')
    await page.fill('#familyName', 'Examplewood')
    for (const [part, typed] of Object.entries({ day: '14', month: '5', year: '2007' })) await page.fill(`#bornOn-${part}`, typed)
    await tick('Who asked, by name')
    const [download] = await Promise.all([page.waitForEvent('download'), click('button', 'Download the file')])
    const files = unzipped(readFileSync(await download.path()))
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.table([{ task: 'Governance: a bundle for the Commissioner', clicks: count(), most: MOST_CLICKS, seconds }])
    expect([...files.keys()]).toEqual(['README.txt', 'entries-1.csv', 'manifest-1.json', 'proof-1.json'])
    expect([files.get('entries-1.csv')!.includes('[left out]'), files.get('entries-1.csv')!.includes('"analyst"')]).toEqual([true, false])
    expect(complaints).toEqual([])
    expect(count()).toBeLessThanOrEqual(MOST_CLICKS)
    await context.close()
  })
})
