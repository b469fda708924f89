import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Disclosures, openDisclosures } from '../disclosure/support.ts'
import { browserPath, openBrowserFor, openPage, signIn } from './support/browser.ts'
import { decideInPart, makeCounter } from './support/decide-in-part.ts'
import { look, tabTo } from './support/look.ts'

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

const texts = ['Seen at the docks after dark.', 'Named a sister who lives nearby.', 'Owes money to a neighbour.']

const asked = async (): Promise<{ readonly requestId: string; readonly conferenceId: string }> => {
  const scene = await house.scene(texts)
  await house.acknowledge(scene.conferenceId, 'chair')
  return { requestId: await house.requested(scene, { urgency: 'soon' }), conferenceId: scene.conferenceId }
}

describe.skipIf(browserPath === null)('a chair in a browser', { timeout: 120_000 }, () => {
  it('decides a request in part in six clicks; every page on the way is accessible and fits a telephone', async () => {
    const { requestId } = await asked()
    const watched = await openPage(browser)
    const found: string[] = []
    await signIn(watched.page, house.url, 'chair', `/console/permissions/${requestId}`)
    const clicks = await decideInPart(watched.page, texts[0]!, () => look(watched, found))
    expect([found, watched.complaints]).toEqual([[], []])
    await watched.context.close()
    expect(clicks).toBe(6)
  })

  it('releases the whole of what is asked in four clicks', async () => {
    const { requestId } = await asked()
    const { page, context } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, house.url, 'chair', `/console/permissions/${requestId}`)
    const { click, tick, count } = makeCounter(page)
    await tick('Release the whole of what is asked')
    await tick('Prevention of disorder or crime')
    await page.fill('#necessity', 'Needed for the visit.')
    await page.fill('#proportionality', 'To one person.')
    await click('button', 'Continue')
    await click('button', 'Decide')
    await page.getByText('The permission is given.').waitFor()
    expect(count()).toBe(4)
    await context.close()
  })

  it('decides by the keyboard alone', async () => {
    const { requestId } = await asked()
    const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, house.url, 'chair', `/console/permissions/${requestId}/decide`)
    await tabTo(page, 'grant-whole')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await page.locator(':focus').getAttribute('value')).toBe('refuse')
    await tabTo(page, 'necessity')
    await page.keyboard.type('The visit is off.')
    await tabTo(page, 'proportionality')
    await page.keyboard.type('Nothing is needed.')
    await tabTo(page, 'Continue')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /Check your answers/ }).waitFor()
    await tabTo(page, 'Decide')
    await page.keyboard.press('Enter')
    await page.getByText('The request is refused.').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('reads minutes that carry who reads them; printed, a page read on a screen holds none of their text', async () => {
    const { conferenceId } = await asked()
    const watched = await openPage(browser)
    const { page, context } = watched
    const found: string[] = []
    await signIn(page, house.url, 'chair', `/console/conferences/${conferenceId}/minutes`)
    await page.selectOption('#purpose', 'risk-management')
    await page.selectOption('#legalGateway', 'dpa35-task')
    await page.fill('#justification', 'Preparing')
    await page.getByRole('button', { name: 'Read', exact: true }).click()
    await page.getByText(texts[1]!).waitFor()
    await look(watched, found)
    expect(found).toEqual([])
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByText(texts[1]!).isVisible()).toBe(false)
    expect(await page.getByText('Printing was not asked for').isVisible()).toBe(true)
    expect(await page.locator('.console-watermark').last().isVisible()).toBe(true)
    const fixed =
      "[...document.querySelectorAll('.console-marking, .console-watermark--every-sheet')].map((one) => getComputedStyle(one).position)"
    expect(await page.evaluate(fixed)).toEqual(['fixed', 'fixed', 'fixed'])
    await context.close()
  })

  it('comes to pages that are all accessible and fit a telephone', async () => {
    const { requestId, conferenceId } = await asked()
    const permissionId = await house.granted((await asked()).requestId)
    await house.delegate({ acts: ['decide-disclosure'] })
    const watched = await openPage(browser)
    const { page } = watched
    const found: string[] = []
    await signIn(page, house.url, 'chair')
    const request = `/console/permissions/${requestId}`
    const meeting = `/console/conferences/${conferenceId}`
    for (const path of [
      ...['/console', '/console/permissions', '/console/permissions?waiting=me', '/console/permissions/in-force'],
      ...[request, `${request}/decide`, `${request}/ask`, `${request}/words`, `/console/permissions/granted/${permissionId}`],
      ...[`/console/permissions/granted/${permissionId}/revoke`, '/console/delegations', '/console/delegations/new'],
      ...[
        meeting,
        `${meeting}/minutes`,
        `${meeting}/attendance`,
        `${meeting}/attendance/record`,
        `${meeting}/invite`,
        `${meeting}/statement`,
      ],
    ]) {
      await page.goto(house.url + path)
      await look(watched, found)
      const send = page.getByRole('button', { name: 'Continue' })
      if ((await send.count()) === 0) continue
      await send.click()
      await look(watched, found)
    }
    expect([found, watched.complaints]).toEqual([[], []])
    await watched.context.close()
  })
})
