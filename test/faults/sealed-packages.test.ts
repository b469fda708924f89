import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { browserPath, openBrowser, openPage } from '../console/support/browser.ts'
import { agreedWords, landlord, openPackages, type Packages, said } from '../disclosure/package-support.ts'
import type { Instance } from '../support/gateway.ts'
import { entryOf } from '../support/logged.ts'

/** The short form of what a package is stands in test/disclosure; here it is raced and looked at. */
const long = inject('faults')?.size === 'long'

let house: Packages
let second: Instance
beforeAll(async () => {
  if (!long) return
  house = await openPackages()
  second = await house.another()
})
afterAll(() => (long ? house.close() : undefined))

const permitted = async (): Promise<string> => {
  const scene = await house.scene([said])
  await house.consentTo(scene, [landlord.agencyId])
  return house.permitted(scene, landlord)
}

describe.runIf(long)('a package that is opened on one instance while its permission is taken back on another', () => {
  it('is opened before or stays shut, never after the answer', async () => {
    const ended: boolean[] = []
    for (let round = 0; round < 24; round += 1) {
      const permissionId = await permitted()
      const { packageId, link, code } = await house.sealed(permissionId)
      // Later from round to round, so that either comes first in some of them.
      const later = <Value>(ms: number, act: () => Promise<Value>): Promise<Value> =>
        new Promise((resolve, reject) => setTimeout(() => void act().then(resolve, reject), ms))
      const [page, revoked] = await Promise.all([house.knock(link, code, second.url), later(round * 12, () => house.revoke(permissionId))])
      expect(revoked.status).toBe(201)
      const { openingEntryId, openedAt } = await house.standing(packageId)
      expect(openedAt !== null).toBe(page.status === 200)
      if (page.status === 200) {
        const [opening, revocation] = [
          await entryOf(house.database, { entryId: String(openingEntryId) }),
          await entryOf(house.database, revoked),
        ]
        expect(opening.at <= revocation.at).toBe(true)
      }
      expect((await house.knock(link, code)).status).toBe(403)
      ended.push(page.status === 200)
    }
    // The control: the rounds would show nothing if one of the two always came first.
    expect([...new Set(ended)].sort()).toEqual([false, true])
  })
})

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const violationsOn = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze()
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

describe.runIf(long && browserPath !== null)('a package in a browser on a narrow screen', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('is asked for, refused and opened without being scrolled sideways, and is readable to everybody', async () => {
    const { link, code } = await house.sealed(await permitted())
    const { page, complaints, context } = await openPage(browser, { viewport: { width: 320, height: 640 } })
    const look = async (): Promise<void> => {
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(0)
      expect(await violationsOn(page)).toEqual([])
    }
    await page.goto(house.url + link)
    await look()
    for (const typed of ['WRNG-CDES-2222', code]) {
      await page.getByLabel('Code').fill(typed)
      await page.getByRole('button', { name: 'Open the package' }).click()
      await look()
    }
    expect(await page.locator('#words').textContent()).toBe(agreedWords)
    expect(await context.cookies()).toEqual([])
    expect(complaints).toEqual([])
    // What lies beneath does not come back with the address.
    await page.goto(house.url + link)
    expect(await page.locator('#words').count()).toBe(0)
  })

  it('works where no script runs', async () => {
    const { link, code } = await house.sealed(await permitted())
    const { page } = await openPage(browser, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } })
    await page.goto(house.url + link)
    await page.fill('#code', code)
    await page.click('button')
    expect(await page.locator('#words').textContent()).toBe(agreedWords)
  })
})
