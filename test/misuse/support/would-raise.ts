import type { MisuseRules } from '../../../src/core/misuse/misuse-rules.ts'
import { detectOnce } from '../../../src/gateway/misuse/detect.ts'
import { type Scene, shelfOf } from './scene.ts'

class Undone extends Error {}

/** What these rules would raise as of an instant, by rule; whatever was written is rolled back. */
export const wouldRaise = async (scene: Scene, now: string, rules: MisuseRules): Promise<Readonly<Record<string, number>>> => {
  let said: Readonly<Record<string, number>> = {}
  const log: Scene['uses']['log'] = {
    ...scene.uses.log,
    append: (_tx, [entry]) => {
      said = (JSON.parse(Buffer.from(entry!.columns.canonical).toString('utf8')) as { raised: typeof said }).raised
      return Promise.reject(new Undone('rolled back'))
    },
  }
  const uses = { ...scene.uses, log, policies: shelfOf(rules), now: () => new Date(now) }
  await detectOnce(uses, 'hourly').catch((cause: unknown) => {
    if (!(cause instanceof Undone) && !(cause instanceof Error && cause.cause instanceof Undone)) throw cause
  })
  return said
}
