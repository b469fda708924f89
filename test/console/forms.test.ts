import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../src/http/console/pages.ts'
import type { Disclosures } from '../disclosure/support.ts'
import { countEntries } from '../support/logged.ts'
import { expectHarmless } from './support/harmless.ts'
import { type Control, formsIn, type HtmlForm } from './support/html-form.ts'
import { nastyText, readBack } from './support/nasty.ts'
import { openPlaces, type Place } from './support/places.ts'
import { makeVisitor, type Seen, type Visitor } from './support/visitor.ts'

let house: Disclosures
let places: readonly Place[]
const visitors = new Map<string, Visitor>()
const as = async (persona: string): Promise<Visitor> => {
  const visitor = visitors.get(persona) ?? makeVisitor(house.url)
  if (!visitors.has(persona)) await visitor.signIn(persona)
  visitors.set(persona, visitor)
  return visitor
}
beforeAll(async () => {
  ;({ house, places } = await openPlaces())
})
afterAll(() => house.close())

const placeOf = (page: string): Place => places.find((one) => one.page === page)!

const come = async ({ persona, path, opens }: Place): Promise<Seen> => {
  const visitor = await as(persona)
  if (opens === null) return visitor.open(path)
  await visitor.open('/console/accessibility')
  await visitor.open('/console')
  return visitor.send(path, opens)
}

/** The form that asks something, if the page has one. */
const askingIn = ({ text }: Seen): HtmlForm | null =>
  formsIn(text).find(({ controls }) => controls.some(({ kind }) => kind !== 'hidden')) ?? formsIn(text)[0] ?? null

const typed = (form: HtmlForm, text: (control: Control) => string): Record<string, string> => ({
  ...Object.fromEntries(
    form.controls
      .filter(({ kind }) => kind === 'text' || kind === 'hidden')
      .map((control) => [control.name, control.kind === 'hidden' ? control.values[0]! : text(control)]),
  ),
  ...(form.button === null ? {} : { [form.button[0]]: form.button[1] }),
})

const isQuestion = ({ name }: Control): boolean => !name.startsWith('_')
const deeds = (): Promise<number> => countEntries(house.database, `p.event in ('alteration', 'isa-changed') and p.effect = 'permit'`)
const asked = pages.filter(({ submit }) => submit !== undefined).map(({ path }) => path)

describe('every page of the table', () => {
  it('can be come to by somebody', async () => {
    for (const { page, path } of places) expect(`${page} ${path}`).not.toMatch(/undefined|\s.*:/)
    expect(places.length).toBe(pages.length)
    await Promise.resolve()
  })
})

describe('every form', () => {
  it.each(asked)('%s shows again what was typed, with an error summary, and nothing of it is live', async (page) => {
    const place = placeOf(page)
    const opened = await come(place)
    expect(opened.status).toBeLessThan(500)
    expectHarmless(opened.text)
    const form = askingIn(opened)
    const texts = form?.controls.filter((control) => control.kind === 'text' && isQuestion(control)) ?? []
    if (form === null || texts.length === 0) return
    const before = await deeds()
    const seen = await (
      await as(place.persona)
    ).send(
      form.action ?? place.path,
      typed(form, () => nastyText),
    )
    expect(seen.status).toBeLessThan(500)
    expectHarmless(seen.text)
    expect(await deeds()).toBe(before)
    expect([page, seen.status, seen.text.includes('There is a problem')]).toEqual([page, 422, true])
    for (const { name } of texts)
      expect([page, name, readBack(seen.text).split(nastyText).length - 1 >= texts.length]).toEqual([page, name, true])
  })
})
