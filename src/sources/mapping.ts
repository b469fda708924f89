import jsonata from 'jsonata'
import type { Item } from '../core/snapshot.ts'
import { SourceFailure } from './failure.ts'
import { type ItemDefaults, toItem } from './item.ts'

/** One evaluation may take this long, and a whole reply this many records: the event loop belongs to every other enquiry too. */
const evaluationMs = 250
const maxRecords = 1_000
const sliceMs = 10

/** A mapping is a function of the reply alone: it compiles no text and knows neither time nor chance. */
const absent = ['eval', 'now', 'millis', 'random', 'shuffle']

/** Compiles a mapping expression once; throws an Error with JSONata's own words when it is not one. */
export function compileExpression(text: string): jsonata.Expression {
  let expression: jsonata.Expression
  try {
    expression = jsonata(text, { timeout: evaluationMs, stack: 200, sequence: 20_000 })
  } catch (error) {
    throw new Error((error as { message?: string }).message ?? 'unreadable', { cause: error })
  }
  for (const name of absent) expression.assign(name, undefined)
  return expression
}

export interface Mapping {
  /** The items of a reply; throws SourceFailure `wrong-subject` or `invalid-reply`, and then nothing of the reply is used. */
  readonly read: (got: { reply: unknown; identifier: string; defaults: ItemDefaults }) => Promise<readonly Item[]>
}

export interface MappingText {
  readonly subject: string
  readonly records: string
  readonly item: string
}

/** Identifiers as they are compared: upper case, letters and digits only. */
export const normaliseIdentifier = (value: string): string => value.toUpperCase().replace(/[^A-Z0-9]/g, '')

export function compileMapping(text: MappingText): Mapping {
  const [subject, records, item] = [compileExpression(text.subject), compileExpression(text.records), compileExpression(text.item)]
  return {
    read: async ({ reply, identifier, defaults }) => {
      checkSubject(await evaluate(subject, reply), identifier)
      const found = await evaluate(records, reply)
      if (!Array.isArray(found)) throw new SourceFailure('invalid-reply')
      if (found.length > maxRecords) throw new SourceFailure('too-large')
      return readItems({ found, reply, item, defaults })
    },
  }
}

async function readItems(work: { found: readonly unknown[]; reply: unknown; item: jsonata.Expression; defaults: ItemDefaults }) {
  const items: Item[] = []
  let sliceEnd = performance.now() + sliceMs
  for (const record of work.found) {
    const item = toItem(await evaluate(work.item, record, { reply: work.reply }), work.defaults)
    if (!item) throw new SourceFailure('invalid-reply')
    items.push(item)
    // JSONata awaits microtasks only, so nothing else would run until a long reply is done.
    if (performance.now() > sliceEnd) {
      await new Promise((resolve) => setImmediate(resolve))
      sliceEnd = performance.now() + sliceMs
    }
  }
  return items
}

/** A reply about someone else is worse than none; one that names several people is about someone else. */
export function checkSubject(found: unknown, identifier: string): void {
  const subjects: readonly unknown[] = Array.isArray(found) ? found : [found]
  const wanted = normaliseIdentifier(identifier)
  if (wanted === '' || subjects.length === 0) throw new SourceFailure('wrong-subject')
  for (const subject of subjects) {
    if (typeof subject !== 'string' && typeof subject !== 'number') throw new SourceFailure('invalid-reply')
    if (normaliseIdentifier(String(subject)) !== wanted) throw new SourceFailure('wrong-subject')
  }
}

/** What an expression gives for an input; a reply that it cannot read is an invalid one. */
export async function evaluate(expression: jsonata.Expression, input: unknown, bindings?: Record<string, unknown>): Promise<unknown> {
  try {
    return await expression.evaluate(input, bindings)
  } catch (error) {
    throw new SourceFailure('invalid-reply', error)
  }
}
