import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { getPersona } from '../../../src/sandbox/personas.ts'
import type { FreshDatabase } from '../../support/database.ts'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where a browser was found; null where there is none, and then its tests are skipped aloud. */
export const browserPath: string | null = places.find((path) => existsSync(path)) ?? null
if (browserPath === null) console.warn(`No Chromium at ${places.join(', ')}: the console is not tried in a browser.`)

/** The browser asks nobody but the house and its providers: whatever it does in the background is off. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserPath!,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })

/**
 * A browser for a gateway under test. To it the loopback address and localhost are two sites, as a gateway and an agency's provider are:
 * the providers go by the other name.
 */
export const openBrowserFor = async ({ database }: { readonly database: Pick<FreshDatabase, 'owner'> }): Promise<Browser> => {
  await database.owner.query({ text: `update client set discovery_uri = replace(discovery_uri, '127.0.0.1', 'localhost')` })
  return openBrowser()
}

export interface Watched {
  readonly context: BrowserContext
  readonly page: Page
  /** What the browser complained of: broken policies, missing files, scripts that failed. */
  readonly complaints: string[]
}

/** A page of a person with a browser of their own. */
export const openPage = async (browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Watched> => {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // A refusal is a page with a status of its own, of which the browser speaks as of a failure to load.
    if (message.type() === 'error' && !/status of (403|404|409|422)/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(`a script opened a dialogue: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { context, page, complaints }
}

/** Signs in as a person would: choose the agency, choose oneself there, come back. */
export const signIn = async (page: Page, url: string, persona: string, path = '/console'): Promise<void> => {
  const { agencyId, displayName } = getPersona(persona)
  await page.goto(url + path)
  await page.locator(`a[href^="/console/sign-in/${agencyId}"]`).first().click()
  await page.getByRole('button', { name: displayName }).click()
  await page.waitForURL(url + path)
}
