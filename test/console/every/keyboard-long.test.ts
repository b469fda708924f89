import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Disclosures, openDisclosures, textsOf } from '../../disclosure/support.ts'
import { browserPath, openBrowserFor, openPage } from '../support/browser.ts'
import { expectFocusSeen, tabTo } from '../support/look.ts'

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

/** Tab, arrows, Space and Enter, and what is typed; at each stop it is seen where one is. */
const handsOn = (page: Page) => {
  const to = async (name: string): Promise<void> => {
    await tabTo(page, name)
    await expectFocusSeen(page)
  }
  return {
    to,
    press: async (name: string, key: 'Enter' | 'Space'): Promise<void> => {
      await to(name)
      await page.keyboard.press(key)
    },
    type: async (name: string, text: string): Promise<void> => {
      await to(name)
      await page.keyboard.type(text)
    },
  }
}

describe.skipIf(browserPath === null)(
  'a permission, from the link in a mail to its reading, by the keyboard alone',
  { timeout: 120_000 },
  () => {
    it('is granted in part: signing in, looking, choosing, reasons, checking, deciding', async () => {
      const scene = await house.scene(['Seen at the docks after dark.', 'Named a sister who lives nearby.'])
      await house.acknowledge(scene.conferenceId, 'chair')
      const requestId = await house.requested(scene)
      const { page, context, complaints } = await openPage(browser)
      const { to, press, type } = handsOn(page)
      await page.goto(`${house.url}/console/permissions/${requestId}`)
      await press('Ridings Police', 'Enter')
      await page.getByRole('button', { name: 'Charlie Chair' }).waitFor()
      await tabTo(page, 'Charlie Chair')
      await page.keyboard.press('Enter')
      await page.waitForURL(`${house.url}/console/permissions/${requestId}`)
      await press('Show who it is about', 'Enter')
      await page.getByText('Named a sister who lives nearby.').waitFor()
      // The skip link spares whoever uses the keyboard the menu.
      await page.keyboard.press('Tab')
      await expectFocusSeen(page)
      await page.keyboard.press('Enter')
      await to('grant-whole')
      await page.keyboard.press('ArrowDown')
      await expectFocusSeen(page)
      expect(await page.locator(':focus').getAttribute('value')).toBe('grant-part')
      await press('paragraphs', 'Space')
      await press('crime-disorder', 'Space')
      await type('necessity', 'Needed for the visit.')
      await type('proportionality', 'One paragraph, to one person.')
      await press('Continue', 'Enter')
      await page.getByRole('heading', { name: /^Check your answers/ }).waitFor()
      await press('Decide', 'Enter')
      await page.getByText('The permission is given.').waitFor()
      await context.close()

      const reader = await openPage(browser)
      const hands = handsOn(reader.page)
      await reader.page.goto(`${house.url}/console/permissions/${requestId}`)
      await hands.press('Ridings Police', 'Enter')
      await reader.page.getByRole('button', { name: 'Ash Analyst' }).waitFor()
      await tabTo(reader.page, 'Ash Analyst')
      await reader.page.keyboard.press('Enter')
      await reader.page.waitForURL(`${house.url}/console/permissions/${requestId}`)
      await hands.press('Read what was released to you', 'Enter')
      await reader.page.getByRole('button', { name: 'Read it' }).waitFor()
      await hands.type('justification', 'The visit on Monday')
      await hands.press('Read it', 'Enter')
      await reader.page.getByText('Seen at the docks after dark.').waitFor()
      expect(await reader.page.getByText('Named a sister').count()).toBe(0)
      expect([complaints, reader.complaints]).toEqual([[], []])
      await reader.context.close()
      const { permissionId } = (await house.readRequest(requestId)).body
      expect(textsOf(await house.retrieve(String(permissionId), 'analyst'))).toEqual(['Seen at the docks after dark.'])
    })
  },
)
