import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../../src/http/console/pages.ts'
import { contract } from '../../http/support.ts'
import type { Disclosures } from '../../disclosure/support.ts'
import { countEntries } from '../../support/logged.ts'
import { expectHarmless } from '../support/harmless.ts'
import { askingIn, type Goers, isQuestion, makeGoers, typed } from '../support/goers.ts'
import { nastyText, readBack } from '../support/nasty.ts'
import { openPlaces, type Place } from '../support/places.ts'
import { blindLinksIn } from '../support/summary.ts'
import { makeVisitor } from '../support/visitor.ts'

let house: Disclosures
let places: readonly Place[]
let people: Goers
beforeAll(async () => {
  ;({ house, places } = await openPlaces())
  people = makeGoers(house.url)
})
afterAll(() => house.close())

const placeOf = (page: string): Place => places.find((one) => one.page === page)!

const deeds = (): Promise<number> => countEntries(house.database, `p.event in ('alteration', 'isa-changed') and p.effect = 'permit'`)
const asked = pages.filter(({ submit }) => submit !== undefined).map(({ path }) => path)

describe('every page of the table', () => {
  it('can be come to by somebody', async () => {
    for (const { page, path } of places) expect(`${page} ${path}`).not.toMatch(/undefined|\s.*:/)
    expect(places.length).toBe(pages.length)
    await Promise.resolve()
  })
})

/** Where any reason in words will do, and what it was asked for is shown at once. */
const reads: readonly string[] = ['/console/permissions/:requestId']
const silent: string[] = []
/** Forms that only read. */
const onlyReads: readonly string[] = [
  '/console/agreements/:agreementId/versions/:version/signing-text',
  '/console/conferences/:conferenceId/minutes',
  '/console/emergency/:emergencyId/view',
  '/console/foi/:requestId/notice',
  '/console/log',
  '/console/log/bundle',
  '/console/log/flags',
  '/console/log/flags/:flagId',
  '/console/log/flags/measures',
  '/console/log/history',
  '/console/log/integrity',
  '/console/log/pictures',
  '/console/log/search',
  '/console/log/search/export',
  '/console/people',
  '/console/people/record',
  '/console/permissions/:requestId',
  '/console/permissions/granted/:permissionId',
  '/console/policies/:hash/simulate',
  '/console/policies/:hash/try',
  '/console/rights/:requestId',
  '/console/rights/:requestId/usages',
]
/** Pages that ask for nothing in words: whether at most. */
const onlyWhether: readonly string[] = [
  '/console/agency/clients/:clientId/keys/:thumbprint/end',
  '/console/agency/clients/:clientId/start',
  '/console/agreements/:agreementId/lift',
  '/console/agreements/:agreementId/versions/:version/signing-text',
  '/console/conferences/:conferenceId/attendance/all',
  '/console/conferences/:conferenceId/statement',
  '/console/conferences/:conferenceId/statement/withdraw',
  '/console/delegations/:delegationId/answer',
  '/console/emergency/:emergencyId/view',
  '/console/foi/:requestId/notice',
  '/console/log/integrity',
  '/console/packages/:packageId/code',
  '/console/permissions/:requestId/accept',
  '/console/permissions/granted/:permissionId/package',
  '/console/return-notices/:noticeId',
  '/console/rights/:requestId',
  '/console/rights/:requestId/usages',
]

describe('every form', () => {
  it.each(asked)('%s shows again what was typed, with an error summary, and nothing of it is live', async (page) => {
    const place = placeOf(page)
    const opened = await people.come(place)
    expect(opened.status).toBeLessThan(500)
    expectHarmless(opened.text)
    const form = askingIn(opened)
    const texts = form?.controls.filter((control) => control.kind === 'text' && isQuestion(control)) ?? []
    if (form === null || texts.length === 0) return void silent.push(page)
    const before = await deeds()
    const visitor = await people.as(place.persona)
    const send = (text: string) =>
      visitor.send(
        form.action ?? place.path,
        typed(form, () => text),
      )
    const seen = await send(nastyText)
    const tooLong = seen.status === 200 ? await send(nastyText + 'x'.repeat(9_000)) : seen
    for (const one of reads.includes(page) ? [tooLong] : [seen, tooLong])
      expect([page, readBack(one.text).split(nastyText).length - 1 >= texts.length]).toEqual([page, true])
    for (const { text } of [seen, tooLong]) expectHarmless(text)
    expect([page, tooLong.status, tooLong.text.includes('There is a problem')]).toEqual([page, 422, true])
    expect([page, ...blindLinksIn(tooLong.text)]).toEqual([page])
    const checks = seen.status === 200 && !reads.includes(page)
    expect([page, seen.text.includes('Check your answers')]).toEqual([page, checks])
    expect(await deeds()).toBe(before)
  })

  it('is among those that were filled in, apart from those that only ask whether', () => {
    expect(silent.toSorted()).toEqual(onlyWhether)
  })
})

describe('a form that is sent twice', () => {
  const acts = pages.filter(({ operationId }) => operationId !== undefined)

  it('acts once, because what it asks for takes its key', () => {
    const without = acts.filter(
      ({ operationId }) => !contract.operations.find((one) => one.operationId === operationId)!.takesIdempotencyKey,
    )
    expect(without.map(({ path }) => path)).toEqual([])
    expect(acts.length).toBeGreaterThan(30)
  })

  it('that is no act only reads', () => {
    expect(asked.filter((path) => !acts.some((act) => act.path === path)).toSorted()).toEqual(onlyReads)
  })
})

describe('a lost session', () => {
  it.each(pages.map(({ path }) => path))('is asked for again before %s is shown or done, and leads back to the same page', async (page) => {
    const { path, hasForm } = placeOf(page)
    const stranger = makeVisitor(house.url)
    const before = await deeds()
    const back = path === '/console' ? '/console/sign-in' : `/console/sign-in?to=${encodeURIComponent(path)}`
    expect((await stranger.open(path)).url).toBe(house.url + back)
    if (hasForm) expect((await stranger.send(path, { _step: 'confirm', why: 'x' })).url).toBe(house.url + back)
    expect(await deeds()).toBe(before)
  })
})
