import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { capacityFits } from '../../src/core/case/consent.ts'
import { agencies, getAgency } from '../../src/sandbox/cast.ts'
import { buildHostedRecords } from '../../src/sandbox/hosted-records.ts'
import { buildPeople, peopleCount } from '../../src/sandbox/people.ts'
import type { SandboxPerson } from '../../src/sandbox/people/person.ts'
import { ageOn, isJuvenile, printed, sandboxDay } from '../../src/sandbox/people/person.ts'
import { storyId, storyNames } from '../../src/sandbox/people/story.ts'
import { personas } from '../../src/sandbox/personas.ts'

const people = buildPeople()
const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const told = (name: (typeof storyNames)[number]): SandboxPerson => people.find(({ id }) => id === storyId(name))!
const inCohort = people.filter(({ basis }) => basis === 'cohort')

/** The table that ends the Strand Clarification, written out again: [CC, PD, RR] by kind of agency. */
const leadTable: Record<string, readonly [string, string, string]> = {
  'L1 adult ppo statutory': ['probation', 'probation', 'probation'],
  'L2 juvenile ppo statutory': ['yos', 'yos', 'yos'],
  'L3 adult ppo non-statutory': ['police', 'police', 'probation'],
  'L4 juvenile ppo non-statutory': ['police', 'police', 'police'],
  'L5 adult iom statutory': ['probation', 'probation', 'probation'],
  'L6 juvenile iom statutory': ['yos', 'yos', 'yos'],
  'L7 adult iom non-statutory': ['police', 'police', 'third-sector'],
  'L8 juvenile iom non-statutory': ['police', 'police', 'yp-provider'],
  'L9 dip statutory': ['probation', 'probation', 'probation'],
  'L10 dip non-statutory': ['dip-police', 'dip', 'dip'],
  'L11 custody': ['never', 'never', 'prison'],
}

const rowOf = (person: SandboxPerson): string => {
  const band = isJuvenile(person.bornOn) ? 'juvenile' : 'adult'
  const cohort = person.cohort === 'ppo' ? 'ppo' : 'iom'
  const supervision = person.statutory ? 'statutory' : 'non-statutory'
  const wanted =
    person.custodyAgencyId !== null
      ? 'L11 custody'
      : person.dip && band === 'adult' && !(cohort === 'ppo' && !person.statutory)
        ? `dip ${supervision}`
        : `${band} ${cohort} ${supervision}`
  return Object.keys(leadTable).find((row) => row.replace(/^L\d+ /, '') === wanted.replace(/^L\d+ /, ''))!
}

describe('the people of the sandbox', () => {
  it('are 219, the same every time, to the letter', () => {
    expect(people).toHaveLength(peopleCount)
    expect(new Set(people.map(({ id }) => id)).size).toBe(219)
    expect(sha256(people)).toBe('2d19277ecd1efac86788b5a536b86487200d7f9e54677608b4c3f8508a4862c7')
    expect(sha256(buildHostedRecords(people))).toBe('bb7b1d45f54460e2db72ed37cb05b6774d98462cfa4e56ac1a84319f5bb66fd3')
  })

  it('have UUIDv7 ids in the order in which they were made, before the sandbox’s day', () => {
    const ids = people.map(({ id }) => id)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ids.toSorted()).toEqual(ids)
    expect(Number.parseInt(ids.at(-1)!.replace('-', '').slice(0, 12), 16)).toBeLessThan(Date.parse(sandboxDay))
  })

  it('are led by the agency that the table gives, each of them', () => {
    const rows = new Set<string>()
    for (const person of inCohort) {
      const row = rowOf(person)
      rows.add(row)
      const column = ['catch-and-control', 'prevent-and-deter', 'rehabilitate-and-resettle'].indexOf(person.strand!)
      expect(getAgency(person.leadAgencyId!).kind, `${person.id}: ${row}`).toBe(leadTable[row]![column])
    }
    expect([...rows].sort()).toEqual(Object.keys(leadTable).sort())
  })

  it('are in Rehabilitate and Resettle under their own prison while in custody, and adults there', () => {
    const held = people.filter(({ custodyAgencyId }) => custodyAgencyId !== null)
    expect(new Set(held.map(({ custodyAgencyId }) => custodyAgencyId))).toEqual(new Set(['hmp-stonebeck', 'hmp-ravensgill']))
    for (const person of held) {
      expect(person).toMatchObject({ strand: 'rehabilitate-and-resettle', leadAgencyId: person.custodyAgencyId })
      expect(isJuvenile(person.bornOn)).toBe(false)
      expect(person.identifiers.some(({ kind, agencyId }) => kind === 'prison-number' && agencyId === person.custodyAgencyId)).toBe(true)
    }
  })

  it('are supervised by probation or the youth service exactly when statutory, and no agency leads outside its division', () => {
    for (const person of inCohort) {
      const supervisor = person.supervisorAgencyId === null ? null : getAgency(person.supervisorAgencyId).kind
      expect(supervisor).toBe(person.statutory ? (isJuvenile(person.bornOn) ? 'yos' : 'probation') : null)
      expect([null, person.areaId]).toContain(getAgency(person.leadAgencyId!).areaId)
    }
  })

  it('bear numbers that nobody shares, in the shape of the agency that gave them', () => {
    const shapes: Record<string, RegExp> = {
      'pnc-id': /^\d{4}\/\d{7}[A-Z]$/,
      cro: /^\d{6}\/\d{2}[A-Z]$/,
      'prison-number': /^A\d{4}[A-Z]{2}$/,
      crn: /^X\d{6}$/,
      'yos-number': /^YC\d{5}$/,
      'dip-number': /^MI\d{6}$/,
      'provider-number': /^FS\d{5}$/,
    }
    const all = people.flatMap(({ identifiers }) => identifiers)
    expect(new Set(all.map(({ kind, value, agencyId }) => `${kind} ${value} ${agencyId}`)).size).toBe(all.length)
    for (const identifier of all) expect(printed(identifier)).toMatch(shapes[identifier.kind]!)
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(Object.keys(shapes)))
  })

  it('refuse consent in two cases only, and consent on a basis that fits their age', () => {
    const refusing = people.filter(({ consent }) => consent.some(({ kind }) => kind === 'refused'))
    expect(refusing.map(({ id }) => id)).toEqual([storyId('casey'), storyId('riley')])
    for (const { bornOn, consent } of people) {
      for (const event of consent) expect(capacityFits({ ...event, happenedAt: new Date(event.happenedAt) }, bornOn)).toBe(true)
    }
  })

  it('are named only with people of the cast who work at the agency that the relationship names', () => {
    for (const { agencyId, personSub } of people.flatMap(({ relationships }) => relationships)) {
      expect(agencies.map(({ id }) => id)).toContain(agencyId)
      if (personSub !== null) expect(personas.find(({ name }) => name === personSub)?.agencyId).toBe(agencyId)
    }
  })

  it('each have three kinds of record kept in the gateway while they are in the cohort', () => {
    const records = buildHostedRecords(people)
    for (const { id } of inCohort)
      expect(new Set(records.filter(({ offenderId }) => offenderId === id).map(({ category }) => category)).size).toBeGreaterThanOrEqual(3)
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length)
  })
})

describe('the people of the story', () => {
  it('keep their ids', () => {
    expect(storyNames.map(storyId)).toEqual(people.slice(0, storyNames.length).map(({ id }) => id))
    expect(storyId('jordan')).toBe('019b8d62-7a80-70e9-b77f-ddfdc9d57def')
  })

  it('stand for what they are told to stand for', () => {
    expect(new Set(told('jordan').identifiers.map(({ agencyId }) => agencyId))).toEqual(
      new Set(['ridings-police', 'ridings-probation', 'calder-yos', 'calder-dip', 'fresh-steps']),
    )
    expect(told('jordan').consent[0]).toMatchObject({ kind: 'given', categories: ['drug-treatment', 'ete'] })
    expect(ageOn(told('jordan').bornOn, sandboxDay)).toBe(19)
    expect(told('sam')).toMatchObject({ statutory: false, leadAgencyId: 'fresh-steps', consent: [{ kind: 'given', categories: [] }] })
    expect(ageOn(told('alex').bornOn, sandboxDay)).toBe(17)
    expect(told('morgan').custodyAgencyId).toBe('hmp-stonebeck')
    expect(told('drew').custodyAgencyId).toBe('hmp-ravensgill')
    expect(told('pat')).toMatchObject({ basis: 'pdp', cohort: null, leadAgencyId: null })
    expect(told('lee')).toMatchObject({ basis: 'closed', cohort: null, leadAgencyId: null })
    expect(Date.parse(told('robin').consent[0]!.expiresAt!)).toBeLessThan(Date.parse(sandboxDay))
  })

  it('give no route into Calder to who works in Wharfe, and none at all to the nurse and the landlord', () => {
    const outsiders = personas.filter(({ name }) => ['constable-wharfe', 'nurse', 'landlord'].includes(name))
    for (const person of people.filter(({ areaId }) => areaId === 'calder')) {
      for (const tie of person.relationships) {
        for (const { name, agencyId } of outsiders)
          expect(tie.agencyId === agencyId && (tie.personSub === null || tie.personSub === name)).toBe(false)
      }
    }
    expect(outsiders.flatMap(({ appointments }) => appointments).filter(({ areaId }) => areaId !== 'wharfe')).toEqual([])
  })
})
