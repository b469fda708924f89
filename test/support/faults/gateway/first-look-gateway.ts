import type { Logger } from 'pino'
import { connect } from '../../../../src/db/db.ts'
import { withTransaction } from '../../../../src/db/db.ts'
import { readFacts } from '../../../../src/db/facts.ts'
import { findClient, findIssuer } from '../../../../src/db/registry/registry.ts'
import { makeCommitChange } from '../../../../src/gateway/commit/commit-change.ts'
import { writeEntry } from '../../../../src/gateway/commit/log-entry.ts'
import { openLogWriter } from '../../../../src/gateway/commit/log-writer.ts'
import type { Reading } from '../../../../src/gateway/commit/logged-work.ts'
import type { ReleaseCommit } from '../../../../src/gateway/commit/release-commit.ts'
import type { EnquireUses } from '../../../../src/gateway/enquiry/enquire.ts'
import { newId } from '../../../../src/gateway/new-id.ts'
import { makePolicyShelf } from '../../../../src/gateway/policies/policy-shelf.ts'
import { makeStandings } from '../../../../src/gateway/standings.ts'
import { makeApp } from '../../../../src/http/app.ts'
import { loadContract } from '../../../../src/http/contract.ts'
import { makeMetrics } from '../../../../src/http/routes/metrics.ts'
import { makeAuthenticate } from '../../../../src/identity/authenticate.ts'
import { challengeFor } from '../../../../src/identity/refusal.ts'
import { makeOperations } from '../../../../src/operations.ts'
import { openItems } from '../../../../src/sources/hosted.ts'
import type { Gateway, GatewayOptions } from '../../../../src/wiring.ts'

type Parts = Parameters<typeof makeCommitChange>[0]

/**
 * The gateway without its second look, from the same parts: it decides on the facts it read when it was asked, however long the
 * sources took, and logs that durably. It stands for every gateway that checks first and acts afterwards, and exists to be caught.
 */
export const makeFirstLookGateway =
  (byOwnClock: boolean) =>
  async (options: GatewayOptions): Promise<Pick<Gateway, 'app' | 'close'>> => {
    const database = connect(options.database)
    const log = await openLogWriter(database, options.signingKey)
    const parts: Parts = { database, standings: makeStandings(), policies: makePolicyShelf(), log, notDelivered: () => undefined }
    const firstLooks = new Map<string, Reading>()
    const look: EnquireUses['look'] = async (work) => {
      const known = firstLooks.get(work.caller.requestId)
      const reading = known ?? (await readUnlocked(parts, work, byOwnClock))
      firstLooks.set(work.caller.requestId, reading)
      return reading
    }
    const releaseCommit: ReleaseCommit = async (work) => {
      const reading = await look(work)
      if (work.operation === 'enquire') firstLooks.delete(work.caller.requestId)
      return logOnly(parts, work, reading)
    }
    const enquiry: EnquireUses = {
      releaseCommit,
      look,
      sources: options.sources,
      directory: parts.standings.directory,
      partnershipId: options.partnershipId,
      openHosted: (record, definition) => openItems(record, options.sealer, definition),
    }
    const app = makeApp(loadContract(), {
      operations: makeOperations({
        ...options,
        database,
        commitChange: makeCommitChange(parts),
        enquiry,
        checkKey: unused,
        policies: parts.policies,
        witnesses: { keys: [], quorum: 0 },
        logKey: '',
      }),
      authenticate: makeAuthenticate({
        audience: options.audience,
        allowBearer: true,
        findIssuer: (issuer) => findIssuer(database, issuer),
        findClient: (clientId) => findClient(database, clientId),
        fetchJwks: options.fetchJwks,
        rememberProof: unused,
        now: options.now ?? ((): Date => new Date()),
      }),
      ...quietDoors(options.log),
      options: options.doors,
    })
    return { app, close: () => database.end() }
  }

const unused = (): never => {
  throw new Error('The broken gateway answers enquiries only.')
}

const quietDoors = (log: Logger) => ({
  challengeFor,
  logInvalid: unused,
  logUnauthenticated: () => Promise.resolve(),
  limitSearch: unused,
  readiness: () => Promise.resolve({ ready: true, why: [] }),
  info: {},
  log,
  metrics: makeMetrics(),
})

const readUnlocked = async (parts: Parts, work: Parameters<EnquireUses['look']>[0], byOwnClock: boolean): Promise<Reading> => {
  const { caller, offenderId, categories } = work
  const { database, standings, policies } = parts
  const offenderIds = offenderId === null ? [] : [offenderId]
  const read = await readFacts(database, { offenderIds, agencyIds: [caller.agencyId], categories })
  const standingOf = await standings.refresh(database, [caller], read.agencyVersions)
  const at = byOwnClock ? new Date() : read.at
  return {
    at,
    standing: standingOf(caller, at),
    subject: offenderId === null ? null : (read.subjects.get(offenderId) ?? null),
    policies: await policies.find(database, read.policyHash!),
    policyHash: read.policyHash!,
  }
}

const logOnly = async ({ database, log }: Parts, work: Parameters<ReleaseCommit>[0], reading: Reading) => {
  const draft = work.decide(reading)
  const { at, policyHash } = reading
  const { caller, operation } = work
  const entryId = newId()
  const entry = writeEntry({ entryId, at, operation, caller, policyHash, draft: draft.entry, receipt: draft.receipt })
  const disclosures = draft.disclosures.map((row) => ({ ...row, entryId }))
  const sealed = await withTransaction(database, (tx) => log.append(tx, [entry], disclosures, at))
  log.committed(sealed)
  // Nothing that a client of the harness reads: no receipt is made for what should not have left.
  return draft.answer({ entryId, at, receipt: { body: '', commitment: '', index: 0, size: 0, path: [], batch: sealed.jws } })
}
