import type { Role } from '../../../../core/vocabulary.ts'
import type { Page, PageAnswer, PageRequest, Told } from '../../page.ts'
import { refused } from '../../refused.ts'

const roles: readonly Role[] = ['ig-officer', 'dpo', 'auditor-external', 'system-admin']

const faultWords = {
  root: 'The tree as it is stored is not the one that the last checkpoint signs',
  'earlier-root': 'The tree as it is stored does not begin with what an earlier checkpoint signed',
  signature: 'The last checkpoint is not signed with the log’s key',
  'entry-missing': 'The entry, or what it said, is gone without an erasure that accounts for it',
  'entry-altered': 'The entry does not say what was committed',
  'leaf-not-in-tree': 'The leaf is not in the tree that the checkpoint signs',
  'leaf-missing': 'The leaf is gone',
}

interface Checkpoint {
  readonly sealedAt: string
}

/** How far the log is sealed, when, and who else signed that. */
export const integrity: Page = {
  path: '/console/log/integrity',
  title: 'Is the log whole?',
  section: 'log',
  roles,
  offers: 'How far the access log is sealed, how old the last checkpoint is, and who witnessed it.',
  open: (request) => integrityView(request, null),
  submit: async (request) => {
    const check = await request.ask('checkLog')
    return check.status === 200 ? integrityView(request, check) : refused(check)
  },
}

/** What the log says of itself; and what the gateway found when it was told to look. */
const integrityView = async ({ ask, session }: PageRequest, check: Told | null): Promise<PageAnswer> => {
  const told = await ask('readCheckpoint')
  if (told.status !== 200) return refused(told)
  const checkpoint = told.body['checkpoint'] as Checkpoint | null
  const age = checkpoint === null ? null : Math.max(0, Math.round((session.at.getTime() - Date.parse(checkpoint.sealedAt)) / 1000))
  const entryIds = [told.entryId, ...(check === null ? [] : [check.entryId])]
  return {
    view: 'log/integrity.njk',
    data: {
      checkpoints: told.body,
      check: check?.body ?? null,
      mayCheck: session.appointments.some(({ role }) => roles.includes(role)),
      faultWords,
      age,
      entryIds,
    },
  }
}
