import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landlord, openPackages, type Packages } from '../../disclosure/package-support.ts'
import { emergencyOf } from '../../emergency/support.ts'
import { attendAndRead, requestOf } from '../../foi/support.ts'
import { must } from '../../journeys/support/agree.ts'
import { storyId } from '../../../src/sandbox/people/story.ts'
import type { Json } from '../../support/ask.ts'
import { browserPath, openBrowserFor, openPage, signIn } from '../support/browser.ts'
import { look, tabThrough } from '../support/look.ts'

let house: Packages
let browser: Browser
beforeAll(async () => {
  if (browserPath === null) return
  house = await openPackages()
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  await browser.close()
  await house.close()
})

/** A page as it stands after somebody did something on it. */
interface State {
  readonly what: string
  readonly as: string
  /** Makes what the page is about; its address. */
  readonly at: () => Promise<string>
  readonly go?: (page: Page) => Promise<unknown>
  readonly shows: string | RegExp
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const texts = ['Seen at the docks after dark.', 'Named a sister who lives nearby.']
const asked = async (): Promise<string> => house.requested(await house.scene(texts))
const outside = async (): Promise<string> => {
  const scene = await house.scene(texts)
  await house.consentTo(scene, [landlord.agencyId])
  return house.permitted(scene, landlord)
}
const emergency = async (...reviews: readonly (readonly [as: string, outcome: string])[]): Promise<string> => {
  const { emergency: opened } = must(await house.as('case-manager').post('/v1/emergency-accesses', emergencyOf('sam')), 201)
  const id = String((opened as Json)['emergencyId'])
  for (const [as, outcome] of reviews) {
    const body = { step: 'decision', outcome, justification: 'Looked at.' }
    must(await house.as(as).post(`/v1/emergency-accesses/${id}/reviews`, body), 201)
  }
  return `/console/emergency/${id}`
}
const letter = async (): Promise<string> => {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  const body = { reference: 'SAR-9', receivedOn: day, identityConfirmedOn: day, offenderId: storyId('jordan') }
  return `/console/rights/${String(must(await house.as('dpo').post('/v1/rights-requests', body), 201)['requestId'])}`
}
const question = async (): Promise<string> => {
  const id = String(must(await house.as('foi-officer').post('/v1/foi-requests', requestOf()), 201)['requestId'])
  const neither = { outcome: 'neither-confirm-nor-deny', grounds: [{ exemption: 'foia-40-2' }], reasons: 'Somebody is named.' }
  must(await house.as('foi-officer').post(`/v1/foi-requests/${id}/adjudications`, neither), 201)
  return `/console/foi/${id}`
}
const consulted = async (): Promise<string> => {
  const { conferenceId, paragraphs } = await house.scene([{ text: texts[0]!, originatorAgencyId: 'ridings-probation' }])
  await attendAndRead(house, conferenceId)
  must(await house.attend(conferenceId, { 'case-manager': 'attended' }), 201)
  must(await house.acknowledge(conferenceId, 'case-manager'), 201)
  const paragraphId = String(paragraphs[0]!['paragraphId'])
  const id = String(must(await house.as('foi-officer').post('/v1/foi-requests', requestOf()), 201)['requestId'])
  const body = { paragraph: { conferenceId, paragraphId }, outcome: 'consider', reasons: 'Within the request.' }
  must(await house.as('foi-officer').post(`/v1/foi-requests/${id}/adjudications`, body), 201)
  return `/console/foi/${id}/consultation?paragraphId=${paragraphId}`
}
const covered = async (): Promise<string> => {
  must(await house.accept(await house.delegate({ acts: ['decide-disclosure'] })), 201)
  return `/console/permissions/${await house.requested(await house.scene(texts))}`
}
const sealed = async (): Promise<string> => `/console/packages/${String(must(await house.make(await outside()), 201).packageId)}`
const path = (to: string) => () => Promise.resolve(to)

const states: readonly State[] = [
  {
    ...{ what: 'what was released, once it was read', as: 'analyst', shows: texts[1]! },
    at: async () => `/console/permissions/granted/${await house.granted(await asked())}`,
    go: async (page) => {
      await page.selectOption('#purpose', 'risk-management')
      await page.selectOption('#legalGateway', 'dpa35-task')
      await page.fill('#justification', 'The visit on Monday')
      await press(page, 'Read it')
    },
  },
  { what: 'a request as the deputy has it', as: 'deputy', at: covered, shows: 'for chair, Ridings Police' },
  {
    what: 'the list as the deputy has it',
    as: 'deputy',
    at: async () => (await covered(), '/console/permissions'),
    shows: 'for chair, Ridings',
  },
  { what: 'the form of a decision for the chair', as: 'deputy', at: async () => `${await covered()}/decide`, shows: 'What do you decide?' },
  { what: 'an emergency that nobody looked at', as: 'chair', at: () => emergency(), shows: 'Nobody has looked at it yet' },
  { what: 'an emergency that was a breach', as: 'ig-officer', at: () => emergency(['chair', 'not-justified']), shows: /not justified/i },
  {
    ...{ what: 'an emergency that both decided', as: 'ig-officer', shows: /justified/i },
    at: () => emergency(['chair', 'justified'], ['ig-officer', 'part-justified']),
  },
  {
    ...{ what: 'what an emergency shows when looked at again', as: 'case-manager', at: () => emergency(), shows: 'Identity' },
    go: (page) => press(page, 'Look again at what it opened'),
  },
  {
    ...{ what: 'a paragraph that its agency is asked about, once it was read', as: 'case-manager', at: consulted, shows: texts[0]! },
    go: async (page) => {
      await press(page, 'Read it first, if you were at the meeting')
      await page.selectOption('#purpose', 'risk-management')
      await page.selectOption('#legalGateway', 'dpa35-task')
      await page.fill('#justification', 'To answer the authority')
      await press(page, 'Read it')
    },
  },
  { what: 'the file of a question with a decision', as: 'foi-officer', at: question, shows: /neither confirm/i },
  {
    ...{ what: 'the draft of a notice', as: 'foi-officer', at: async () => `${await question()}/notice`, shows: 'section 50' },
    go: (page) => press(page, 'Draft it'),
  },
  {
    ...{ what: 'the compiled answer to a person', as: 'dpo', at: letter, shows: 'What the person is sent' },
    go: (page) => press(page, 'Compile the answer'),
  },
  { what: 'a sealed package', as: 'spoc', at: sealed, shows: 'Sealed package' },
  {
    ...{ what: 'a package just made', as: 'spoc', shows: '/packages/' },
    at: async () => `/console/permissions/granted/${await outside()}/package`,
    go: async (page) => {
      await press(page, 'Continue')
      await press(page, 'Make the package')
    },
  },
  {
    ...{ what: 'the code of a package', as: 'spoc', at: async () => `${await sealed()}/code`, shows: /code/i },
    go: async (page) => {
      await press(page, 'Continue')
      await press(page, 'Get the code')
    },
  },
  { what: 'a home with nothing to do', as: 'nurse', at: path('/console'), shows: 'Nothing is waiting for you' },
  { what: 'no request at all', as: 'nurse', at: path('/console/permissions'), shows: 'There is none' },
  { what: 'no request like that', as: 'chair', at: path('/console/permissions?state=expired'), shows: 'There is none like that' },
  { what: 'no permission', as: 'youth-mentor', at: path('/console/permissions/in-force'), shows: 'No permission is in force' },
  { what: 'no delegation', as: 'nurse', at: path('/console/delegations'), shows: 'There is none that you have a part in' },
  { what: 'a refusal', as: 'analyst', at: path('/console/agency/people'), shows: 'Refused' },
  { what: 'nothing to show', as: 'landlord', at: async () => `/console/permissions/${await asked()}`, shows: 'Nothing to show' },
  { what: 'no such page', as: 'analyst', at: path('/console/no-such-page'), shows: 'There is no such page' },
  {
    ...{ what: 'proof of oneself that is too old', as: 'admin', at: path('/console/agency'), shows: 'Confirm that it is you' },
    go: async (page) => {
      await house.database.owner.query({
        text: `update console_session set authenticated_at = statement_timestamp() - interval '9 minutes'`,
      })
      await page.goto(`${house.url}/console/agency/people/new`)
    },
  },
  {
    ...{
      what: 'a form of a session that is over',
      as: 'admin',
      at: path('/console/agency/people/new'),
      shows: 'The form was not accepted',
    },
    go: async (page) => {
      await house.database.owner.query({ text: `update console_session set form_token = 'another'` })
      await press(page, 'Continue')
    },
  },
  {
    ...{ what: 'a form that is too large', as: 'admin', at: path('/console/agency/people/new'), shows: 'This did not work' },
    go: async (page) => {
      await page.fill('#displayName', 'x'.repeat(200_000))
      await press(page, 'Continue')
    },
  },
  {
    ...{ what: 'a log that cannot be written', as: 'admin', at: path('/console'), shows: 'Nothing was released and nothing was changed' },
    go: async (page) => {
      const { owner } = house.database
      await owner.query({ text: 'revoke insert on access_log_payload from gateway_app' })
      await page
        .goto(`${house.url}/console/agency/clients`)
        .finally(() => owner.query({ text: 'grant insert on access_log_payload to gateway_app' }))
    },
  },
]

describe.skipIf(browserPath === null)('a page in each state', { timeout: 60_000 }, () => {
  it.each(states.map((state) => [state.what, state] as const))(
    '%s: meets WCAG 2.2 AA, fits 320 px, and is gone through by the keyboard',
    async (_what, state) => {
      const watched = await openPage(browser)
      const { page } = watched
      const found: string[] = []
      await signIn(page, house.url, state.as)
      await page.goto(house.url + (await state.at()))
      await state.go?.(page)
      await page.waitForLoadState()
      expect(await page.locator('main').innerText()).toMatch(state.shows)
      await look(watched, found)
      found.push(...(await tabThrough(page)))
      // A log that cannot be written is answered with a status that the browser tells of.
      expect([found, watched.complaints.filter((one) => !/status of (413|50\d)/.test(one))]).toEqual([[], []])
      await watched.context.close()
    },
  )

  it.each(states.map((state) => [state.what, state] as const))('%s: is come to without JavaScript', async (_what, state) => {
    const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, house.url, state.as)
    await page.goto(house.url + (await state.at()))
    await state.go?.(page)
    await page.waitForLoadState()
    expect(await page.locator('main').innerText()).toMatch(state.shows)
    expect(complaints.filter((one) => !/status of (413|50\d)/.test(one))).toEqual([])
    await context.close()
  })

  it('that the keyboard does not reach, or shows nobody where it is, would be found', async () => {
    const { page, context } = await openPage(browser)
    const unseen = '<style>a:focus { outline: none }</style>'
    await page.setContent(`${unseen}<main><a href="#x">one</a><a href="#y" onfocus="this.blur()">two</a></main>`)
    const found = await tabThrough(page)
    expect(found.some((one) => one.includes('is not seen to have the focus'))).toBe(true)
    expect(found.some((one) => one.includes('does not reach'))).toBe(true)
    await context.close()
  })
})
