import { describe, expect, it } from 'vitest'
import { decide } from '../../src/core/decision/decide.ts'
import { categories, type Category } from '../../src/core/vocabulary.ts'
import { goodFacts, shipped, shippedPolicies } from '../support/facts.ts'

const all = shipped.bundle.categories
const release = (category: Category, changed = {}) => decide(shippedPolicies, 'release', goodFacts(category, changed), { lapses: [] })

/** Released on other grounds than an enquiry: attendance, scheme membership, a chair's decision. */
const neverOnEnquiry = ['conf-papers', 'conf-minutes', 'mappa', 'marac', 'mash-results', 'mash-form-of-words', 'disclosure-text']

describe('the categories', () => {
  it('are those of the vocabulary, each once', () => {
    expect(all.map((category) => category.id).sort()).toEqual([...categories].sort())
  })

  it.each(neverOnEnquiry)('%s is never released on an enquiry, however good the facts', (id) => {
    // An enquiry names no meeting, so that nobody attended it.
    const code = id.startsWith('conf-') ? 'not-attendee' : 'default'
    expect(release(id as Category, { attendance: 'unknown' })).toMatchObject({ effect: 'deny', fields: [], reasons: [{ code }] })
  })

  it.each(categories.filter((id) => !neverOnEnquiry.includes(id)))('%s is released when everything is in order', (id) => {
    expect(release(id).effect).toMatch(/^permit-/)
  })

  it('give every field of plain fact, opinion or health a permit, and no other field but those of victims in their own category', () => {
    for (const category of all.filter(({ id }) => !neverOnEnquiry.includes(id))) {
      const open = Object.entries(category.fields).filter(
        ([, { label }]) => ['plain', 'opinion', 'health'].includes(label) || (label === 'victim' && category.id === 'victim-witness'),
      )
      expect([category.id, release(category.id).fields]).toEqual([category.id, open.map(([name]) => name)])
    }
  })

  it('withhold every health field when no condition is cited', () => {
    for (const category of all) {
      const health = Object.entries(category.fields).filter(([, field]) => field.label === 'health')
      const { fields } = release(category.id, { sensitiveCondition: 'not-cited' })
      expect(health.filter(([name]) => fields.includes(name))).toEqual([])
    }
  })

  it('withhold every field that depends on consent by itself when consent is refused without supervision', () => {
    const dependent = all.flatMap((category) =>
      Object.entries(category.fields)
        .filter(([, field]) => field.consent !== undefined)
        .map(([name, field]) => ({ category: category.id, name, field })),
    )
    expect(dependent.length).toBeGreaterThan(0)
    for (const { category, name, field } of dependent) {
      expect(field.consent).toBe('unless-statutory')
      expect(release(category, { statutory: 'no', consent: 'refused' }).fields).not.toContain(name)
      expect(release(category, { statutory: 'no', consent: 'given' }).fields).toContain(name)
    }
  })

  it('mark everything about a person official-sensitive, but results given in open court', () => {
    expect(all.filter((category) => category.marking !== 'official-sensitive').map(({ id }) => id)).toEqual(['aggregate', 'court-result'])
  })

  it('grade intelligence and nothing else', () => {
    expect(all.filter((category) => category.graded).map(({ id }) => id)).toEqual(['partner-intel', 'police-intel', 'prison-intel'])
  })

  it('make the law enforcement data of competent authorities only', () => {
    const competent = ['police', 'probation', 'prison', 'yos', 'court', 'cps', 'dip', 'lead']
    for (const category of all.filter(({ dataRegime }) => dataRegime === 'law-enforcement')) {
      for (const owner of category.owner === 'lead' ? ['lead'] : category.owner)
        expect([category.id, competent.includes(owner)]).toEqual([category.id, true])
    }
  })
})
