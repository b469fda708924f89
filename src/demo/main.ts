import { aRefusalOfConsent } from './a-refusal-of-consent.ts'
import { changes } from './changes.ts'
import { evidence } from './evidence.ts'
import { refusals } from './refusals.ts'
import { openStage } from './stage.ts'
import { tellStory } from './tell.ts'
import { theChairsPermission } from './the-chairs-permission.ts'
import { theEnquiry } from './the-enquiry.ts'

/** Plays the story end to end and checks every step; the last line counts them, and so does the exit code. */
const stage = await openStage()
try {
  console.log(`The story is played on ${stage.says}. Everybody in it is synthetic.`)
  const chapters = [theEnquiry, refusals, changes, aRefusalOfConsent, theChairsPermission, evidence]
  const { asTold, not, leftOut } = await tellStory(stage, chapters, (line) => console.log(line))
  process.exitCode = not === 0 && asTold > 0 ? 0 : 1
  if (leftOut > 0)
    console.log(`\n${leftOut} steps are told only when the story starts a sandbox of its own: stop the one that runs, and play it again.`)
  console.log(`\ndemo: ${asTold} steps as told, ${not} not`)
} finally {
  await stage.close()
}
