import { randomBytes } from 'node:crypto'
import { londonDay } from '../../core/london.ts'
import { saying } from '../../core/misuse/judge.ts'
import { type MisuseRules, sampleRuleId } from '../../core/misuse/misuse-rules.ts'
import type { Tx } from '../../db/db.ts'
import type { NewFlag } from '../../db/misuse/raise-flags.ts'
import { type Drawn, drawSample, findUndrawnDays, insertSample } from '../../db/misuse/samples.ts'
import { newId } from '../new-id.ts'

/** Days on which no instance ran are drawn from later, for so long. */
const MADE_GOOD_MS = 7 * 86_400_000
const SEED_BYTES = 32

export interface SampleDraw {
  readonly onDay: string
  /** Base64url. */
  readonly seed: string
  readonly drawn: readonly { readonly agencyId: string; readonly lookups: number; readonly drawn: number }[]
}

/**
 * Draws from each day that is over and was not drawn from. The seed is made at this moment, after the last look-up of the day, and kept:
 * nobody could have known whom chance would choose, and everybody can see afterwards that it was chance.
 */
export const drawSamples = async (
  tx: Tx,
  { sample }: Pick<MisuseRules, 'sample'>,
  at: Date,
): Promise<{ readonly draws: readonly SampleDraw[]; readonly flags: readonly NewFlag[] }> => {
  const draws: SampleDraw[] = []
  const flags: NewFlag[] = []
  const span = { from: new Date(at.getTime() - MADE_GOOD_MS), today: londonDay(at) }
  for (const onDay of await findUndrawnDays(tx, span)) {
    const seed = randomBytes(SEED_BYTES)
    const drawn = await drawSample(tx, { onDay, seed, atLeast: sample.atLeast, perThousand: sample.perThousand })
    const counts = countsOf(drawn)
    await insertSample(tx, { onDay, seed, drawn: counts, at })
    draws.push({ onDay, seed: seed.toString('base64url'), drawn: counts })
    flags.push(...drawn.map((one) => sampleFlag(sample, onDay, one)))
  }
  return { draws, flags }
}

const countsOf = (drawn: readonly Drawn[]): SampleDraw['drawn'] =>
  [...Map.groupBy(drawn, ({ agencyId }) => agencyId)].map(([agencyId, own]) => ({
    agencyId,
    lookups: own[0]!.lookups,
    drawn: own.length,
  }))

const sampleFlag = (sample: MisuseRules['sample'], onDay: string, { entryId, lookups, ...about }: Drawn): NewFlag => ({
  ...about,
  id: newId(),
  ruleId: sampleRuleId,
  period: onDay,
  rank: 'low',
  entryIds: [entryId],
  numbers: { lookups },
  words: saying(sample.words, { lookups }),
  cites: sample.cites,
  partnershipOnly: false,
})
