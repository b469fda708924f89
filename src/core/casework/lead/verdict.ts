import type { Reason } from '../../decision/decision.ts'
import type { ReasonCode } from '../../decision-vocabulary.ts'

/** A change that a rule refuses, with the rule and the paragraph it rests on. */
export interface Refused {
  readonly allowed: false
  readonly status: 403 | 409 | 422
  readonly reason: Reason
}

/** A change that does not fit what is there, which no rule speaks of: it is told where and why. */
export interface Unfit {
  readonly allowed: false
  readonly unfit: { readonly path: string; readonly message: string }
}

/** 403 where somebody else would be allowed, 422 where something has to be added. */
export const refuse = (code: ReasonCode, about: { ruleId: string; stage: string; cites: string; status?: Refused['status'] }): Refused => ({
  allowed: false,
  status: about.status ?? 422,
  reason: { code, stage: about.stage, ruleId: about.ruleId, cites: about.cites },
})

export const unfit = (path: string, message: string): Unfit => ({ allowed: false, unfit: { path, message } })

/** Words that say something: blanks and a dot justify nothing. */
export const saysSomething = (text: string | null): boolean => (text ?? '').trim().length >= 3
