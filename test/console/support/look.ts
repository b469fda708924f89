import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const violationsOn = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze()
  return violations.map(({ id, nodes }) => `${page.url()}: ${id} at ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

/** Does the page need to be scrolled sideways? Tables that are compared side by side scroll by themselves. */
const tooWide = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** Adds what is wrong with a page: violations of WCAG 2.2 AA, and being wider than a telephone. */
export const look = async ({ page }: { readonly page: Page }, found: string[]): Promise<void> => {
  found.push(...(await violationsOn(page)))
  const size = page.viewportSize()!
  await page.setViewportSize({ width: 320, height: 640 })
  if ((await tooWide(page)) > 0) found.push(`${page.url()} is wider than 320 px`)
  await page.setViewportSize(size)
  expect(await page.locator('h1').count()).toBe(1)
}

/** Goes on by the keyboard alone until what has the focus says this. */
export const tabTo = async (page: Page, name: string): Promise<void> => {
  for (let steps = 0; steps < 120; steps += 1) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    const said = `${(await focused.getAttribute('id')) ?? ''} ${(await focused.getAttribute('value')) ?? ''} ${await focused.innerText().catch(() => '')}`
    if (said.includes(name)) return
  }
  throw new Error(`the keyboard does not reach ${name}`)
}
