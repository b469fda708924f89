import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MisuseRules, misuseKinds } from '../../src/core/misuse/misuse-rules.ts'
import { flagsIn, type FlagSeen, openScene, type Scene, shippedMisuse } from './support/scene.ts'
import { clockAt, ordinaryMonth, type Month } from './support/month.ts'
import { type Planted, plantPatterns } from './support/planted.ts'
import { setUpMonth } from './support/set-up-month.ts'
import { wouldRaise } from './support/would-raise.ts'

const LOOKUPS = 100_000
const asOf = '2026-11-01T00:25:00Z'

let scene: Scene
let month: Month
let planted: readonly Planted[]
/** The entries of each pattern, in the order of `planted`. */
let labelled: readonly ReadonlySet<string>[]
let flags: readonly FlagSeen[]
let withoutHalf: readonly Readonly<Record<string, number>>[]
let tookMs = 0

const kindOf = (ruleId: string) => shippedMisuse.rules.find(({ id }) => id === ruleId)!.kind
/** Every second rule switched off, beginning with the first or with the second. */
const halved = (first: number): MisuseRules => ({
  ...shippedMisuse,
  rules: shippedMisuse.rules.map((rule, n) => ({ ...rule, on: n % 2 !== first })),
})

beforeAll(async () => {
  scene = await openScene()
  const patterns = plantPatterns((month = ordinaryMonth(LOOKUPS)))
  planted = patterns.planted
  await setUpMonth(scene, month, patterns.props)
  const looks = [...month.looks.slice(0, LOOKUPS - planted.flatMap((one) => one.looks).length), ...planted.flatMap((one) => one.looks)]
  expect(looks).toHaveLength(LOOKUPS)
  const ids = await scene.log(looks)
  const idOf = new Map(looks.map((look, n) => [look, ids[n]!]))
  const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
  labelled = planted.map((pattern) => {
    const days = new Set(pattern.looks.map(({ at }) => dayOf(at)))
    const { agencyId, sub } = pattern.person
    const sameDay = looks.filter((look) => look.agencyId === agencyId && look.personSub === sub && days.has(dayOf(look.at)))
    return new Set((pattern.wholeDay === true ? sameDay : pattern.looks).map((look) => idOf.get(look)!))
  })
  withoutHalf = [await wouldRaise(scene, asOf, halved(0)), await wouldRaise(scene, asOf, halved(1))]
  const started = performance.now()
  await scene.detect(asOf, 'nightly')
  tookMs = Math.round(performance.now() - started)
  flags = await flagsIn(scene)
}, 240_000)
afterAll(() => scene.close())

const finds = (flag: FlagSeen, n: number): boolean => flag.entryIds.some((id) => labelled[n]!.has(id))

describe('a month of 100,000 look-ups with 40 patterns planted', () => {
  it('has all kinds of pattern planted, 40 in all, each by somebody else', () => {
    expect(planted).toHaveLength(40)
    expect(new Set(planted.map(({ kind }) => kind))).toEqual(new Set(Object.keys(misuseKinds)))
    expect(new Set(planted.map(({ person }) => `${person.agencyId} ${person.sub}`)).size).toBe(40)
    expect(month.days).toHaveLength(22)
    expect(clockAt('2026-10-01', 90).toISOString()).toBe('2026-10-01T01:30:00.000Z')
  })

  it('finds every pattern by the rule for it (quality T1: 40 of 40, at most 0.5 % false flags)', () => {
    const missed = planted.filter((pattern, n) => !flags.some((flag) => kindOf(flag.ruleId) === pattern.kind && finds(flag, n)))
    const known = new Set(labelled.flatMap((ids) => [...ids]))
    const falseFlags = flags.filter(({ entryIds }) => !entryIds.some((id) => known.has(id)))
    const falseLookups = new Set(flags.flatMap(({ entryIds }) => entryIds).filter((id) => !known.has(id)))
    const byRule = Object.entries(Object.groupBy(flags, ({ ruleId }) => ruleId)).map(([rule, own]) => ({
      rule,
      flagged: own!.length,
      true: own!.length - own!.filter((flag) => falseFlags.includes(flag)).length,
    }))
    console.table(byRule)
    console.log(
      `recall ${planted.length - missed.length} of ${planted.length}; ${flags.length} flags, ${falseFlags.length} of them false; ` +
        `false look-ups ${falseLookups.size} of ${LOOKUPS} (${((falseLookups.size / LOOKUPS) * 100).toFixed(3)} %); judged in ${tookMs} ms`,
    )
    expect(missed.map(({ kind, person }) => [kind, person.sub])).toEqual([])
    expect(falseLookups.size / LOOKUPS).toBeLessThanOrEqual(0.005)
    // Of what is put before a reviewer the greater part is worth the look.
    expect(falseFlags.length).toBeLessThan(flags.length / 2)
  })

  it('finds none of a kind whose rule is off, while the others still find theirs', () => {
    withoutHalf.forEach((raised, off) => {
      for (const [n, { id }] of shippedMisuse.rules.entries()) expect([id, (raised[id] ?? 0) > 0]).toEqual([id, n % 2 !== off])
    })
  })

  it('says which rules could not be applied to whom', async () => {
    const text = `select e.rule_id as rule, e.agency_id as agency, e.state from misuse_evaluation e where e.state <> 'evaluated' order by 1, 2`
    const { rows } = await scene.fresh.owner.query<{ rule: string; agency: string; state: string }>({ text })
    const without = rows.filter(({ agency }) => ['fresh-steps', 'calder-housing'].includes(agency))
    expect(without.map(({ rule, state }) => `${rule} ${state}`)).toEqual(
      [
        ...['after-transfer in-part', 'after-transfer in-part', 'outside-duty not-evaluated', 'outside-duty not-evaluated'],
        ...['own-address not-evaluated', 'own-address not-evaluated'],
      ].toSorted(),
    )
  })

  it('drew a sample of every working day, whatever was flagged', async () => {
    const { rows } = await scene.fresh.owner.query<{ days: number; drawn: number }>({
      text: `select count(*) as days, (select count(*) from misuse_flag f where f.rule_id = 'random-sample') as drawn from misuse_sample`,
    })
    // What is made good reaches back a week.
    expect(rows[0]!.days).toBe(5)
    expect(rows[0]!.drawn).toBeGreaterThanOrEqual(5 * 6 * 2)
  })
})
