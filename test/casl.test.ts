import { Ability, createMongoAbility, subject } from '@casl/ability'
import { permittedFieldsOf } from '@casl/ability/extra'
import { describe, expect, it } from 'vitest'

/** What the one wrapper relies on or guards against; a new version of the library that behaves otherwise fails here first. */
const given = { consent: 'given' }
const refused = { consent: 'refused' }
const typed = { detectSubjectType: () => 'health' }

describe('the behaviours of CASL that the policies rest on', () => {
  it('ignores conditions when asked about a type instead of a record', () => {
    const ability = createMongoAbility([{ action: 'release', subject: 'health', conditions: given }], typed)
    expect(ability.can('release', 'health')).toBe(true)
    expect(ability.can('release', refused as never)).toBe(false)
  })

  it('lets the later rule win, so that a permit laid after a forbid undoes it', () => {
    const permit = { action: 'release', subject: 'health' }
    const forbid = { action: 'release', subject: 'health', inverted: true, conditions: refused }
    expect(createMongoAbility([permit, forbid], typed).can('release', refused as never)).toBe(false)
    expect(createMongoAbility([forbid, permit], typed).can('release', refused as never)).toBe(true)
  })

  it('does not fire a forbid on a bad value when the fact is missing, but does fire one written unless good', () => {
    const permit = { action: 'release', subject: 'health' }
    const onBad = { action: 'release', subject: 'health', inverted: true, conditions: refused }
    const unlessGood = { action: 'release', subject: 'health', inverted: true, conditions: { consent: { $nin: ['given'] } } }
    expect(createMongoAbility([permit, onBad], typed).can('release', {} as never)).toBe(true)
    expect(createMongoAbility([permit, unlessGood], typed).can('release', {} as never)).toBe(false)
  })

  it('permits everything under conditions that are undefined', () => {
    const ability = createMongoAbility([{ action: 'release', subject: 'health', conditions: undefined }], typed)
    expect(ability.can('release', refused as never)).toBe(true)
  })

  it('refuses an empty list of fields at construction', () => {
    expect(() => createMongoAbility([{ action: 'release', subject: 'health', fields: [] }], typed)).toThrow(/cannot be empty/)
  })

  it('still lists fields of a record that a forbid of some other field touches, so fields come from permits alone', () => {
    const ability = createMongoAbility(
      [
        { action: 'release', subject: 'health', fields: ['service', 'condition'] },
        { action: 'release', subject: 'health', fields: ['condition'], inverted: true, conditions: refused },
      ],
      typed,
    )
    const list = (rule: { fields?: string[] }) => rule.fields ?? ['service', 'condition']
    expect(permittedFieldsOf(ability, 'release', refused as never, { fieldsFrom: list })).toEqual(['service'])
    expect(permittedFieldsOf(ability, 'release', 'health', { fieldsFrom: list })).toEqual(['service', 'condition'])
  })

  it('cannot tag a frozen record, so the type is detected instead', () => {
    expect(() => subject('health', Object.freeze({ consent: 'given' }))).toThrow(TypeError)
  })

  it('lists the possible rules with the last one laid first, and keeps the raw rule it was given', () => {
    const rules = [
      { action: 'release', subject: 'health' },
      { action: 'release', subject: 'all', inverted: true },
    ]
    const listed = new Ability(rules).possibleRulesFor('release', 'health')
    expect(listed.map((rule) => rule.origin)).toEqual([rules[1], rules[0]])
    expect(listed[0]!.origin).toBe(rules[1])
  })

  it('asks the conditions matcher it was given, once for each rule', () => {
    let built = 0
    const conditionsMatcher = ((conditions: Record<string, string>) => {
      built += 1
      return (facts: Record<string, string>) => facts.consent === conditions.consent
    }) as never
    const ability = new Ability([{ action: 'release', subject: 'health', conditions: given as never }], { conditionsMatcher, ...typed })
    expect([given, refused, given].map((facts) => ability.can('release', facts as never))).toEqual([true, false, true])
    expect(built).toBe(1)
  })
})
