import { labelled, table } from './table.ts'

/** A reason as every refusal of the gateway carries it. */
export interface Explained {
  readonly code: string
  readonly stage: string
  readonly ruleId?: string
  readonly cites: string
  readonly says?: string
  readonly detail?: string
  readonly nextStep: string
}

/** Code and rule, the paragraph, what it says and what to do next: nothing is withheld without all of them. */
export const explainedLines = (reason: Explained, at: { readonly indent: string; readonly width: number }): string =>
  [
    labelled('why  ', `${reason.says ?? reason.detail ?? ''} (${reason.code})`, at),
    labelled('rule ', `${reason.ruleId ?? '-'}, stage ${reason.stage}; ${reason.cites}`, at),
    labelled('next ', reason.nextStep, at),
  ].join('\n')

/** The same reason for several things is told once, below all of them. */
export const groupByRule = <One extends Explained>(reasons: readonly One[]): readonly (readonly [One, ...One[]])[] => {
  const groups = new Map<string, [One, ...One[]]>()
  for (const reason of reasons) {
    const group = groups.get(`${reason.ruleId ?? ''} ${reason.code}`)
    if (group === undefined) groups.set(`${reason.ruleId ?? ''} ${reason.code}`, [reason])
    else group.push(reason)
  }
  return [...groups.values()]
}

export const sayWithheldFields = (group: readonly [Explained & Field, ...Field[]], width: number): string =>
  `  withheld ${group.map(({ field }) => field).join(', ')}\n${explainedLines(group[0], { indent: '    ', width })}`

export const sayWithheldItems = (reason: Explained & { readonly count: number }, width: number): string =>
  `  withheld ${reason.count} ${reason.count === 1 ? 'item' : 'items'}\n${explainedLines(reason, { indent: '    ', width })}`

interface Field {
  readonly field: string
}

interface ProblemBody extends Partial<Explained> {
  readonly title?: string
  readonly entryId?: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

/** A refusal (RFC 9457) in words; `errors` say where a request does not fit the contract. */
export const problemLines = (status: number, body: ProblemBody, width: number): string => {
  const head = `Refused: ${status} ${body.title ?? ''}`.trimEnd()
  const { code, stage, cites, nextStep } = body
  const why =
    code !== undefined && stage !== undefined && cites !== undefined && nextStep !== undefined
      ? [explainedLines({ ...body, code, stage, cites, nextStep }, { indent: '  ', width })]
      : [labelled('why  ', `${body.detail ?? 'nothing was said'} (${code ?? 'no code'})`, { indent: '  ', width })]
  const errors =
    body.errors === undefined
      ? []
      : [
          table(
            body.errors.map(({ path, message }) => [path === '' ? '/' : path, message]),
            '  ',
          ),
        ]
  const entry = body.entryId === undefined ? [] : [`  entry  ${body.entryId}`]
  return [head, ...why, ...errors, ...entry].join('\n')
}
