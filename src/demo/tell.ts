import type { Stage } from './stage.ts'

/** One step of the story. `tell` returns what happened, or throws when it did not go as told. */
export interface Step {
  readonly title: string
  /** Only where the agencies' systems are the story's own to disturb. */
  readonly ownStageOnly?: boolean
  tell(stage: Stage): Promise<string>
}

export interface Chapter {
  readonly title: string
  readonly steps: readonly Step[]
}

export interface Tally {
  readonly asTold: number
  readonly not: number
  readonly leftOut: number
}

/** Tells every step, whatever became of the one before, and counts. */
export const tellStory = async (stage: Stage, chapters: readonly Chapter[], print: (line: string) => void): Promise<Tally> => {
  let tally: Tally = { asTold: 0, not: 0, leftOut: 0 }
  for (const chapter of chapters) {
    print(`\n${chapter.title}`)
    for (const step of chapter.steps) {
      const outcome = await tellStep(stage, step)
      tally = { ...tally, [outcome.counts]: tally[outcome.counts] + 1 }
      print(`  ${marks[outcome.counts]} ${step.title}`)
      print(`      ${outcome.says}`)
    }
  }
  return tally
}

const marks: Readonly<Record<keyof Tally, string>> = { asTold: '✓', not: '✗', leftOut: '-' }

const tellStep = async (stage: Stage, step: Step): Promise<{ readonly counts: keyof Tally; readonly says: string }> => {
  if (step.ownStageOnly === true && stage.systems === null)
    return { counts: 'leftOut', says: 'left out: the systems of a running sandbox are not disturbed' }
  try {
    return { counts: 'asTold', says: await step.tell(stage) }
  } catch (cause) {
    return { counts: 'not', says: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** The step ends here when what it tells is not so. */
export function mustBe(so: boolean, says: string): asserts so {
  if (!so) throw new Error(`not as told: ${says}`)
}
