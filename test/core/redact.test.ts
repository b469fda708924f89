import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldTypes, valueFits, type FieldType } from '../../src/core/decision/category.ts'
import { decide } from '../../src/core/decision/decide.ts'
import { redact } from '../../src/core/decision/redact.ts'
import { goodFacts, shippedPolicies } from '../support/facts.ts'

const intel = shippedPolicies.category('police-intel')!
const arrests = shippedPolicies.category('arrest-disposal')!
const decided = (category: 'police-intel' | 'arrest-disposal') => decide(shippedPolicies, 'release', goodFacts(category), { lapses: [] })

describe('redact', () => {
  it('lets out the fields of the decision and nothing else, known or unknown', () => {
    const item = {
      fields: {
        reference: 'R1',
        text: 'Seen near the station',
        sourceRef: 'S-7',
        handlerRef: 'H-2',
        othersNamed: ['A. N. Other'],
        extra: 'x',
        __proto__x: 1,
      },
    }
    expect(redact(item, decided('police-intel'), intel).fields).toEqual({ reference: 'R1', text: 'Seen near the station' })
  })

  it('withholds a value that is not of the type of its field, with a reason', () => {
    const item = {
      fields: { arrestedOn: '31 March', offence: { text: 'theft', victim: 'A. N. Other' }, station: 'Elland Road', disposal: 7 },
    }
    const redacted = redact(item, decided('arrest-disposal'), arrests)
    expect(redacted.fields).toEqual({ station: 'Elland Road' })
    expect(redacted.withheldFields.map((entry) => entry.field)).toEqual(['arrestedOn', 'offence', 'disposal'])
    for (const { reason } of redacted.withheldFields) expect(reason.cites).toContain('s.38(4)')
  })

  it('leaves out what the item does not say', () => {
    expect(redact({ fields: { offence: null } }, decided('arrest-disposal'), arrests)).toEqual({ fields: {}, withheldFields: [] })
  })

  it('does not read inherited properties', () => {
    const fields = Object.create({ offence: 'theft' }) as Record<string, unknown>
    expect(redact({ fields }, decided('arrest-disposal'), arrests).fields).toEqual({})
  })

  it('never lets out a field outside the decision, whatever the item holds', () => {
    const names = [...Object.keys(intel.fields), 'constructor', '__proto__', 'toString', 'extra']
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (fields) => {
        const decision = decided('police-intel')
        for (const field of Object.keys(redact({ fields }, decision, intel).fields)) expect(decision.fields).toContain(field)
      }),
    )
  })
})

describe('valueFits', () => {
  const good: Record<FieldType, readonly unknown[]> = {
    string: ['', 'text'],
    date: ['2026-02-28', '2024-02-29'],
    instant: ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.123Z'],
    number: [0, -1, 2.5],
    boolean: [true, false],
    'string-list': [[], ['a', 'b']],
  }
  const bad: Record<FieldType, readonly unknown[]> = {
    string: [1, {}, ['a'], null],
    date: ['2026-02-30', '2026-2-1', '21/11/2026', '2026-11-21T00:00:00Z', new Date(0)],
    instant: ['2026-11-21', '2026-11-21T09:00:00', '2026-13-21T09:00:00Z', 0],
    number: ['1', Number.NaN, Infinity],
    boolean: ['true', 0],
    'string-list': ['a', [1], [['a']], { length: 0 }],
  }
  it.each(fieldTypes)('tells a %s from anything else', (type) => {
    const field = { title: 'Any', label: 'plain', type } as const
    expect(good[type].filter((value) => !valueFits(field, value))).toEqual([])
    expect(bad[type].filter((value) => valueFits(field, value))).toEqual([])
  })
})
