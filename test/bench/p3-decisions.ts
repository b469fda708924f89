import { decide } from '../../src/core/decision/decide.ts'
import { compilePolicies } from '../../src/core/decision/policy.ts'
import type { Facts } from '../../src/core/facts.ts'
import { categories } from '../../src/core/vocabulary.ts'
import { readPolicyFiles } from '../../src/gateway/policies/policy-files.ts'
import { goodFacts } from '../support/facts.ts'
import { policiesDir } from './data.ts'
import { median } from './load.ts'
import { cedarVerdict, handWritten, handWrittenWhole, type Verdict } from './other-engines.ts'
import type { Row } from './table.ts'

const ask = { lapses: [] }

/** Two in three permitted, one refused by a late stage, over every category that anything permits. */
const sample = (): readonly Facts[] =>
  categories.flatMap((category) => [
    goodFacts(category),
    goodFacts(category, { relationship: 'lead-case-manager' }),
    goodFacts(category, { relationship: 'none', agreement: 'lapsed' }),
  ])

/** P3: decisions a second by the shipped rules, beside Cedar with the same rules parsed once, and the same rules written out by hand. */
export const p3 = (rounds = 5): readonly Row[] => {
  const { bundle } = readPolicyFiles(policiesDir)
  const policies = compilePolicies(bundle)
  const facts = sample()
  const cedar = cedarVerdict(bundle)
  const ours: Verdict = (one) => decide(policies, 'release', one, ask).fields.length > 0
  const hand = handWritten(bundle)
  const whole = handWrittenWhole(bundle)
  const wholeVerdict: Verdict = (one) => whole(one).fields.length > 0
  const differing = facts.filter((one) => ours(one) !== hand(one) || ours(one) !== wholeVerdict(one) || ours(one) !== cedar.verdict(one))
  const rates: Record<'ours' | 'hand' | 'whole' | 'cedar', number[]> = { ours: [], hand: [], whole: [], cedar: [] }
  for (let round = 0; round < rounds; round += 1) {
    rates.ours.push(rateOf(ours, facts, 400_000))
    rates.hand.push(rateOf(hand, facts, 2_000_000))
    rates.whole.push(rateOf(wholeVerdict, facts, 400_000))
    rates.cedar.push(rateOf(cedar.verdict, facts, 600))
  }
  const [o, h, w, c] = [median(rates.ours), median(rates.hand), median(rates.whole), median(rates.cedar)]
  return [
    {
      what: `P3 decisions/s, shipped (${cedar.rules} rules bear on release)`,
      value: o,
      note: `${differing.length} of ${facts.length} verdicts differ`,
    },
    { what: 'P3 decisions/s, Cedar, preparsed', value: c },
    { what: 'P3 decisions/s, by hand, the whole decision', value: w },
    { what: 'P3 decisions/s, by hand, yes or no only', value: h },
    { what: 'P3 shipped : Cedar', value: o / c, goal: '>= 100', met: o / c >= 100 },
    { what: 'P3 shipped : by hand, the whole decision', value: o / w, goal: '>= 0.3', met: o / w >= 0.3 },
    { what: 'P3 shipped : by hand, yes or no only', value: o / h },
  ]
}

const rateOf = (verdict: Verdict, facts: readonly Facts[], times: number): number => {
  for (const one of facts) verdict(one)
  const started = performance.now()
  for (let i = 0; i < times; i += 1) verdict(facts[i % facts.length]!)
  return (times * 1_000) / (performance.now() - started)
}
