import type { Page } from 'playwright-core'

/** Presses what leads on, and counts; and counts the pages that are shown on the way. */
export const makeCounter = (page: Page) => {
  let clicks = 0
  let screens = 0
  page.on('domcontentloaded', () => {
    screens += 1
  })
  const click = async (role: 'link' | 'button', name: string | RegExp): Promise<void> => {
    clicks += 1
    await page.getByRole(role, { name }).first().click()
  }
  const tick = async (label: string | RegExp): Promise<void> => {
    clicks += 1
    await page.getByLabel(label).first().check()
  }
  return { click, tick, count: () => clicks, screens: () => screens }
}

/** From a mail's link to a decision in part. Calls `at` on every page on the way. */
export const decideInPart = async (page: Page, firstText: string, at: () => Promise<void>): Promise<number> => {
  const { click, tick, count } = makeCounter(page)
  await at()
  await click('button', 'Show who it is about and what would leave')
  await page.getByText(firstText).waitFor()
  await at()
  await tick('Release a part')
  await tick('Paragraph 1 of the minutes')
  await tick('Prevention of disorder or crime')
  await page.fill('#necessity', 'Needed for the visit.')
  await page.fill('#proportionality', 'One paragraph, to one person.')
  await click('button', 'Continue')
  await at()
  await click('button', 'Decide')
  await page.getByText('The permission is given.').waitFor()
  await at()
  return count()
}
