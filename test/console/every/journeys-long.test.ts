import { generateKeyPairSync } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storyId } from '../../../src/sandbox/people/story.ts'
import { type Disclosures, openDisclosures, to } from '../../disclosure/support.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { must } from '../../journeys/support/agree.ts'
import type { Json } from '../../support/ask.ts'
import { shipped } from '../../support/facts.ts'
import { browserPath, openBrowserFor, openPage, signIn } from '../support/browser.ts'
import { makeCounter } from '../support/decide-in-part.ts'

let house: Disclosures
let browser: Browser
const measured: {
  readonly task: string
  readonly clicks: number
  readonly most: number
  readonly screens: number
  readonly seconds: string
}[] = []
beforeAll(async () => {
  if (browserPath === null) return
  house = await openDisclosures()
  browser = await openBrowserFor(house)
})
afterAll(async () => {
  if (browserPath === null) return
  console.table(measured)
  await browser.close()
  await house.close()
})

const scoreAsked = {
  offenderId: storyId('jordan'),
  categories: [{ id: 'selection-score' }],
  ...{ purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the conference' },
}
/** The stage with one rule more, which keeps the selection score from police. */
const paused = <Stage extends { readonly rules: readonly unknown[] }>(stage: Stage) => {
  const rule = { id: 'r13-score-paused', cites: 'Scrutiny Board 1.26: the score is under review', action: ['fetch', 'release'] }
  const more = { subject: 'selection-score', inverted: true, conditions: { callerKind: 'police' }, reason: 'need-to-know' }
  return { ...stage, rules: [...stage.rules, { ...rule, ...more }] }
}

type Journey = (page: Page, counted: ReturnType<typeof makeCounter>) => Promise<void>

/** One task from the page that somebody starts on, without JavaScript: how many clicks, and the seconds that the pages themselves take. */
const measure = async (
  about: { readonly task: string; readonly as: string; readonly from: string; readonly most: number },
  go: Journey,
) => {
  const { page, context, complaints } = await openPage(browser, { javaScriptEnabled: false })
  await signIn(page, house.url, about.as, about.from)
  const counted = makeCounter(page)
  const started = performance.now()
  await go(page, counted)
  const took = (performance.now() - started) / 1000
  measured.push({ task: about.task, clicks: counted.count(), most: about.most, screens: counted.screens(), seconds: took.toFixed(1) })
  expect(complaints).toEqual([])
  expect(counted.count()).toBeLessThanOrEqual(about.most)
  await context.close()
}

const publicKey = (): string => JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }))
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor()

const asked = async (more: Json = {}): Promise<string> => {
  const scene = await house.scene(['Seen at the docks after dark.'])
  await house.acknowledge(scene.conferenceId, 'chair')
  return house.requested(scene, more)
}

describe.skipIf(browserPath === null)('the tasks of the people at work, counted', { timeout: 120_000 }, () => {
  it('chair: see what is waiting, overdue first', async () => {
    await asked()
    await measure({ task: 'Chair: see what is waiting', as: 'chair', from: '/console', most: 0 }, async (page) => {
      await page
        .getByRole('link', { name: /^Decide a request for disclosure/ })
        .first()
        .waitFor()
    })
  })

  it('chair: decide a request, from the link in a mail', async () => {
    const from = `/console/permissions/${await asked()}`
    await measure({ task: 'Chair: release the whole of what is asked', as: 'chair', from, most: 4 }, async (page, { click, tick }) => {
      await tick('Release the whole of what is asked')
      await tick('Prevention of disorder or crime')
      await page.fill('#necessity', 'Needed for the visit.')
      await page.fill('#proportionality', 'To one person.')
      await click('button', 'Continue')
      await click('button', 'Decide')
      await page.getByText('The permission is given.').waitFor()
    })
  })

  it('chair: take a permission back, in force at the next request', async () => {
    const permissionId = await house.granted(await asked(to('case-manager')))
    must(await house.retrieve(permissionId, 'case-manager'), 200)
    await measure(
      { task: 'Chair: take a permission back', as: 'chair', from: '/console/permissions/in-force', most: 3 },
      async (page, { click }) => {
        await click('link', /^Revoke it.*case-manager/)
        await page.fill('#why', 'Not needed any more')
        await click('button', 'Continue')
        await click('button', 'Revoke the permission')
        await heading(page, 'Done')
      },
    )
    expect((await house.retrieve(permissionId, 'case-manager')).status).toBe(403)
  })

  it('chair: name somebody to act for them, who then sees the same list', async () => {
    const from = '/console/delegations/new'
    await measure({ task: 'Chair: let the deputy act', as: 'chair', from, most: 3 }, async (page, { click, tick }) => {
      await page.fill('#deputyAgencyId', 'ridings-probation')
      await page.fill('#deputySub', 'deputy')
      await page.fill('#areaId', 'calder')
      await tick('Decide requests for disclosure')
      const [today, later] = [new Date(), new Date(Date.now() + 7 * 86_400_000)]
      for (const [name, day] of [
        ['fromAt', today],
        ['toAt', later],
      ] as const) {
        await page.fill(`#${name}-day`, String(day.getUTCDate()))
        await page.fill(`#${name}-month`, String(day.getUTCMonth() + 1))
        await page.fill(`#${name}-year`, String(day.getUTCFullYear()))
      }
      await click('button', 'Continue')
      await click('button', 'Name them')
      await page.getByText('deputy is asked to act for you.').waitFor()
    })
    await measure({ task: 'Deputy: accept', as: 'deputy', from: '/console/delegations', most: 4 }, async (page, { click, tick }) => {
      await click('link', /Accept/)
      await tick('I accept')
      await click('button', 'Continue')
      await click('button', 'Send the answer')
      await page.getByText('You act for the chair.').waitFor()
    })
  })

  it('governance: is the log whole', async () => {
    await measure(
      { task: 'Governance: is the log whole?', as: 'ig-officer', from: '/console/log/integrity', most: 1 },
      async (page, { click }) => {
        await click('button', 'Check it now')
        await page.getByText(/whole/i).first().waitFor()
      },
    )
  })

  it('governance: odd behaviour, from the ranked list to what was looked at', async () => {
    const flagId = newId()
    const { entryId } = await house.as('analyst').get('/v1/me/access')
    await house.database.owner.query({
      text: `insert into misuse_flag (id, rule_id, agency_id, person_sub, rank, words, cites, numbers, partnership_only, policy_hash, raised_at)
             values ($1, 'guessing', 'ridings-police', 'analyst', 'high', 'Searched 12 times in an hour; others 2.', 's.37', '{}', false, 'x',
                     statement_timestamp())`,
      values: [flagId],
    })
    await house.database.owner.query({
      text: 'insert into misuse_flag_entry (flag_id, entry_id, added_at) values ($1, $2, statement_timestamp())',
      values: [flagId, entryId],
    })
    await measure(
      { task: 'Governance: odd behaviour and its cases', as: 'ig-officer', from: '/console/log/flags', most: 3 },
      async (page, { click, tick, count }) => {
        await tick('My agency monitors its own work')
        await page.fill('#justification', 'Monthly review')
        await click('button', 'Show the flags')
        await page.getByText('Searched 12 times in an hour; others 2.').waitFor()
        const before = count()
        await click('button', /^Open flag 1/)
        await heading(page, 'What was looked at')
        expect([count() - before, await page.getByRole('button', { name: 'Open entry 1' }).count()]).toEqual([1, 1])
      },
    )
  })

  it('integrator: a system and its public key, in six screens from the page where one begins', async () => {
    const client = { clientId: 'journey-system', agencyId: 'ridings-partnership', name: 'Journey' }
    let screens = 0
    await measure(
      { task: 'Single point of contact: register a system and its key', as: 'spoc', from: '/console/agency/clients', most: 7 },
      async (page, { click, tick, screens: shown }) => {
        await click('link', 'Register a system')
        await page.fill('#agencyId', client.agencyId)
        await page.fill('#clientId', client.clientId)
        await page.fill('#name', client.name)
        await tick('By a key of its own')
        await click('button', 'Continue')
        await click('button', 'Register the system')
        await click('link', 'Add its key')
        await page.fill('#key', publicKey())
        await click('button', 'Continue')
        await click('button', 'Add the key')
        await page.getByText('The key is registered.').waitFor()
        screens = shown()
      },
    )
    expect(screens).toBeLessThanOrEqual(6)
  })

  it('integrator: what may my agency get?', async () => {
    await measure({ task: 'Integrator: what may my agency get?', as: 'analyst', from: '/console', most: 1 }, async (page, { click }) => {
      await click('link', 'What may my agency get?')
      await heading(page, 'What may my agency get?')
      expect(await page.getByRole('table').count()).toBeGreaterThan(0)
    })
  })

  it('administrator: replace a key, with a day on which both are good', async () => {
    await measure(
      { task: 'Administrator: replace a key', as: 'admin', from: '/console/agency/clients', most: 3 },
      async (page, { click }) => {
        await click('link', 'Replace the key of Journey')
        await page.fill('#key', publicKey())
        await click('button', 'Continue')
        await click('button', 'Replace the key')
        await page.getByText(/What was there before ends on/).waitFor()
      },
    )
  })

  it('registrar: renew an agreement from its reminder', async () => {
    const { rows } = await house.database.owner.query<{ id: string }>({
      text: `select id from agreement where reference = 'FRESH-STEPS-WORK-009'`,
    })
    const from = `/console/agreements/${rows[0]!.id}/renew`
    await measure({ task: 'Registrar: renew an agreement', as: 'registrar', from, most: 2 }, async (page, { click }) => {
      await click('button', 'Continue')
      await click('button', 'Draft this version')
      await page.getByText('Version 2 is drafted.').waitFor()
    })
  })

  it('practitioner: a person’s record', async () => {
    await measure(
      { task: 'Practitioner: read a person’s record', as: 'analyst', from: '/console/people', most: 5 },
      async (page, { click, tick }) => {
        await page.selectOption('#purpose', 'risk-management')
        await page.selectOption('#legalGateway', 'dpa35-task')
        await page.fill('#justification', 'Preparing the Calder conference')
        await tick('By name')
        await page.fill('#givenName', 'Jordan')
        await page.fill('#familyName', 'Examplewood')
        await click('button', 'Search')
        await click('button', 'Choose what to ask about Jordan Examplewood')
        await tick('Identity')
        await click('button', 'Ask')
        await heading(page, 'Jordan Examplewood')
      },
    )
  })

  it('practitioner: record that consent is taken back, and who is told when', async () => {
    const partner = house.asSystem('ridings-police-records')
    const seen = async (cursor: string) => must(await partner.get(`/v1/events?cursor=${cursor}`), 200)
    let nextCursor = '0'
    for (let events: readonly unknown[] = [1]; events.length > 0;)
      ({ events, nextCursor } = (await seen(nextCursor)) as { events: readonly Json[]; nextCursor: string })
    let told = Number.NaN
    await measure(
      { task: 'Practitioner: record a consent change', as: 'keyworker', from: '/console/people', most: 6 },
      async (page, { click, tick }) => {
        await page.selectOption('#purpose', 'risk-management')
        await page.selectOption('#legalGateway', 'dpa35-task')
        await page.fill('#justification', 'Said so at the visit')
        await tick('By name')
        await page.fill('#givenName', 'Sam')
        await page.fill('#familyName', 'Storyholme')
        await click('button', 'Search')
        await click('button', 'Record consent of Sam Storyholme')
        await tick('They take back what they agreed to')
        await click('button', 'Continue')
        await page.getByText('Sharing that stops at once').waitFor()
        const pressed = performance.now()
        await click('button', 'Record it')
        await page.getByText('Ridings Police has a task to decide about the strand').waitFor()
        for (let look = 0; look < 100 && Number.isNaN(told); look += 1) {
          const { events, nextCursor: next } = (await seen(nextCursor)) as { events: readonly Json[]; nextCursor: string }
          nextCursor = next
          if (events.some(({ kind }) => kind === 'consent-changed')) told = (performance.now() - pressed) / 1000
        }
      },
    )
    console.info(`A consent change was in a partner's feed ${told.toFixed(2)} s after it was pressed (wanted: at most 5 s).`)
    expect(told).not.toBeNaN()
  })

  it('governance: who would gain and lose by changed rules, before a second officer publishes them', async () => {
    must(await house.as('analyst').post('/v1/enquiries', scoreAsked), 200)
    const bundle = { ...shipped.bundle, stages: shipped.bundle.stages.map((stage) => (stage.stage === 'R13' ? paused(stage) : stage)) }
    must(await house.as('ig-second').post('/v1/policies', { bundle }), 201)
    const task = 'Governance: simulate and publish changed rules'
    await measure({ task, as: 'ig-officer', from: '/console/policies', most: 8 }, async (page, { click, tick }) => {
      await page.locator('td', { hasText: 'Proposed' }).first().waitFor()
      await click('link', /^[\w-]{43}$/)
      await click('link', 'See who would gain and who would lose')
      await tick('Verifying that the processing was lawful')
      await page.fill('#justification', 'Before publishing')
      await click('button', 'Simulate')
      await page.getByText('No longer released').first().waitFor()
      await click('button', /^Try/)
      await page.getByText('Differs').first().waitFor()
      await click('link', 'Publish these rules')
      await click('button', 'Continue')
      await click('button', 'Publish')
      await page.getByText('The rules are in force since').waitFor()
    })
  })
})
