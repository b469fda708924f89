import type { Command } from '../command.ts'
import { agreementImport, agreementList } from './agreement.ts'
import { contractChanges, contractRelease } from './contract.ts'
import { doctor } from './doctor.ts'
import { enquire, preview } from './enquire.ts'
import { explain } from './explain.ts'
import { logExport, logVerify } from './log.ts'
import { logEndKey } from './log/keys/end-key.ts'
import { logEndorseKey } from './log/keys/endorse-key.ts'
import { logKeys } from './log/keys/list-keys.ts'
import { logReplay } from './log/log-replay.ts'
import { logSearch } from './log/log-search.ts'
import { migrate } from './migrate.ts'
import { acknowledgeRestore } from './restore/acknowledge-restore.ts'
import { policyApprove, policyList, policyPublish } from './policy.ts'
import { token } from './token.ts'
import { witness } from './witness.ts'

/** Everything that `iom` does, in the order in which help tells it. */
export const commands: readonly Command[] = [
  enquire,
  preview,
  explain,
  doctor,
  token,
  agreementList,
  agreementImport,
  policyList,
  policyPublish,
  policyApprove,
  logSearch,
  logExport,
  logVerify,
  logReplay,
  logKeys,
  logEndorseKey,
  logEndKey,
  acknowledgeRestore,
  witness,
  contractChanges,
  contractRelease,
  migrate,
]
