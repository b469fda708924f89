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

const reachable = `[...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter((one) =>
  !one.disabled && one.type !== 'hidden' && one.checkVisibility() && !one.closest('details:not([open]) > :not(summary)'))`

/** A group of radios is one stop of the keyboard. */
const stops = `(() => {
  const seen = new Set()
  return ${reachable}.filter((one) => {
    if (one.type !== 'radio') return true
    const known = seen.has(one.name)
    seen.add(one.name)
    return !known
  }).length
})()`

/** Outline, shadow or colour: the components of GOV.UK show the focus by one of them; a choice shows it beside its box. */
const focused = `(() => {
  const one = document.activeElement
  if (one === null || one === document.body) return null
  const shown = [one, one.nextElementSibling].filter((it) => it !== null).flatMap((it) => [getComputedStyle(it), getComputedStyle(it, '::before')])
  const visible = shown.some(({ outlineStyle, outlineWidth, outlineColor, boxShadow }) =>
    (outlineStyle !== 'none' && outlineWidth !== '0px' && !/rgba\\(.*, 0\\)$/.test(outlineColor)) || boxShadow !== 'none')
  const box = one.getBoundingClientRect()
  const within = box.bottom > 0 && box.top < innerHeight
  return { said: (one.id + ' ' + (one.innerText || one.value || one.name || '')).trim().slice(0, 60), visible, within }
})()`

/** Can one see where the keyboard is? Fails with what has the focus and does not show it. */
export const expectFocusSeen = async (page: Page): Promise<void> => {
  const at = await page.evaluate<{ said: string; visible: boolean; within: boolean } | null>(focused)
  expect(at).toMatchObject({ visible: true, within: true })
}

/** What is wrong for whoever goes through the page by the Tab key alone: something is not reached, or not seen to have the focus. */
export const tabThrough = async (page: Page): Promise<readonly string[]> => {
  const found: string[] = []
  const expected = await page.evaluate<number>(stops)
  let reached = 0
  for (let steps = 0; steps <= expected + 5; steps += 1) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate<{ said: string; visible: boolean; within: boolean } | null>(focused)
    if (at === null) break
    reached += 1
    if (!at.visible) found.push(`${page.url()}: ${at.said} is not seen to have the focus`)
    if (!at.within) found.push(`${page.url()}: ${at.said} has the focus out of sight`)
  }
  if (reached < expected) found.push(`${page.url()}: the keyboard does not reach all: ${reached} of ${expected}`)
  return found
}
