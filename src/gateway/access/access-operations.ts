import { evaluateAccess, evaluateAccesses, type EvaluateUses } from './evaluate-access.ts'
import { readAccessTask, type TaskUses } from './read-access-task.ts'
import { requestAccess } from './request-access.ts'

/** What is spoken to policy enforcement points: OpenID AuthZEN 1.0 with its Access Request and Approval draft. */
export const accessOperations = (uses: EvaluateUses & TaskUses) => ({
  evaluateAccess: evaluateAccess(uses),
  evaluateAccesses: evaluateAccesses(uses),
  requestAccess: requestAccess(uses),
  readAccessTask: readAccessTask(uses),
})
