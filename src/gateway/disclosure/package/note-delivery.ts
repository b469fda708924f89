import { readClock } from '../../../db/clock.ts'
import { type Database, withTransaction } from '../../../db/db.ts'
import { insertDelivery, listLostPackages } from '../../../db/disclosure/packages.ts'
import { writeEntry } from '../../commit/log-entry.ts'
import type { LogWriter } from '../../commit/log-writer.ts'
import type { NotDelivered } from '../../commit/settle.ts'
import { newId } from '../../new-id.ts'
import type { Opened } from './open-package.ts'

interface Uses {
  readonly database: Database
  readonly log: LogWriter
}

type JustOpened = Extract<Opened, { outcome: 'opened' }>

/** Notes whether what a package held was seen to leave; where it was not, the log says so. */
export const noteDelivery =
  ({ database, notDelivered }: { readonly database: Database; readonly notDelivered: NotDelivered }) =>
  async ({ packageId, offenderId, caller, answer }: JustOpened, delivered: boolean): Promise<void> => {
    const first = await insertDelivery(database, packageId, delivered ? 'delivered' : 'not-delivered')
    if (!first || delivered || answer.entryId === null) return
    const work = { operation: 'openDisclosurePackage', caller, offenderId }
    notDelivered({ work, entryId: answer.entryId, because: 'the connection ended before the answer did' })
  }

/** An answer that has not left by now was lost with the instance that had it. */
const LOST_AFTER_SECONDS = 60

/**
 * What was opened and never seen to leave has an entry that says so: the package stays used up, and the single point of contact may
 * make another. Several instances may look at once; one of them notes it.
 * @returns how many were noted
 */
export const noteLostPackages = async ({ database, log }: Uses): Promise<number> => {
  const lost = await listLostPackages(database, LOST_AFTER_SECONDS)
  let noted = 0
  for (const { packageId, entryId, permissionId, offenderId } of lost) {
    const sealed = await withTransaction(database, async (tx) => {
      if (!(await insertDelivery(tx, packageId, 'not-delivered'))) return null
      const at = await readClock(tx)
      const content = { about: entryId, packageId, permissionId, because: 'the instance ended before the answer left' }
      const draft = { event: 'not-delivered', effect: 'deny', reason: 'log-unavailable', offenderId, purpose: null, content } as const
      const frame = { entryId: newId(), at, operation: 'openDisclosurePackage', caller: null, policyHash: null, draft, receipt: {} }
      return log.append(tx, [writeEntry(frame)], [], at)
    })
    if (sealed === null) continue
    log.committed(sealed)
    noted += 1
  }
  return noted
}
