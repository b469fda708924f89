import type { Answer } from '../../core/answer.ts'
import type { AccessQuestion, EvaluationBody } from './evaluation.ts'

export interface ManyBody extends EvaluationBody {
  readonly evaluations?: readonly EvaluationBody[]
  readonly options?: { readonly evaluations_semantic?: Semantic }
}

type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit'

interface Means {
  readonly question: (body: EvaluationBody, path: string) => AccessQuestion
  readonly evaluate: (question: AccessQuestion) => Promise<Answer>
}

const decisionOf = ({ body }: Answer): boolean => (body as { decision: boolean }).decision

/** What is left out of one question is what the request says of all; without any it is one question like any other. */
export const evaluateMany = async (body: ManyBody, { question, evaluate }: Means): Promise<Answer> => {
  const { evaluations = [], options = {}, ...all } = body
  const [first, ...others] =
    evaluations.length === 0 ? [question(all, '')] : evaluations.map((one, place) => question({ ...all, ...one }, `/evaluations/${place}`))
  const answer = await evaluate(first!)
  // Whoever may not ask at all is told so once.
  if (answer.status !== 200 || evaluations.length === 0) return answer
  const answers = await evaluateOthers([answer], others, { evaluate, semantic: options.evaluations_semantic ?? 'execute_all' })
  const refused = answers.find(({ status }) => status !== 200)
  if (refused !== undefined) return refused
  return {
    ...{ status: 200, entryId: answer.entryId, body: { evaluations: answers.map((one) => one.body) } },
    // One that leaves on the beat takes the others with it.
    ...(answers.some(({ shielded }) => shielded === true) ? { shielded: true } : {}),
  }
}

const stopsAt: { readonly [Name in Semantic]: boolean | null } = {
  execute_all: null,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
}

const evaluateOthers = async (
  answers: readonly Answer[],
  others: readonly AccessQuestion[],
  { evaluate, semantic }: Pick<Means, 'evaluate'> & { readonly semantic: Semantic },
): Promise<readonly Answer[]> => {
  const stop = stopsAt[semantic]
  if (stop === null) return [...answers, ...(await Promise.all(others.map(evaluate)))]
  const made = [...answers]
  for (const one of others) {
    if (decisionOf(made.at(-1)!) === stop) break
    made.push(await evaluate(one))
  }
  return made
}
