import { STATUS_CODES } from 'node:http'
import { type Fault, type FaultCode, faultStatus } from '../core/fault.ts'

export interface Problem {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
}

const nextSteps: Partial<Readonly<Record<FaultCode, string>>> = {
  unauthenticated: 'Mend what `detail` names and send the request again.',
  'rate-limited': 'Wait as long as Retry-After says.',
  unavailable: 'Nothing was released. Wait as long as Retry-After says and send the request again.',
}

/** The one place where a Fault becomes an answer. */
export const problemOf = (fault: Fault, about: { readonly entryId: string | null; readonly challenge?: string | null }): Problem => {
  const status = faultStatus[fault.code]
  const retryAfter = fault.retryAfterSeconds ?? (status === 503 || status === 429 ? 1 : null)
  const nextStep = nextSteps[fault.code]
  return {
    status,
    body: {
      type: `urn:problem:${fault.code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code: fault.code,
      // What is behind a 503 is for the operators, who find it in the log by the request id.
      detail: fault.code === 'unavailable' ? 'The gateway cannot answer now.' : fault.message,
      ...(fault.details.length > 0 && { errors: fault.details }),
      ...(about.entryId !== null && { entryId: about.entryId }),
      ...(nextStep !== undefined && { nextStep }),
    },
    headers: {
      ...(retryAfter !== null && { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
      ...(status === 401 && { 'www-authenticate': about.challenge ?? 'DPoP' }),
    },
  }
}

/** What is said of a bug, and of an answer that no log entry stands behind: nothing. */
export const silentFailure: Problem = {
  status: 500,
  body: {
    type: 'urn:problem:failure',
    title: 'Internal Server Error',
    status: 500,
    code: 'failure',
    detail: 'The gateway failed. Nothing was released.',
    nextStep: 'Send the X-Request-Id of this answer to the operators.',
  },
  headers: {},
}
