import { adjudicateFoiRequest } from './foi/adjudicate.ts'
import { answerFoiConsultation } from './foi/consult-originator.ts'
import { draftFoiNotice } from './foi/draft-foi-notice.ts'
import { listFoiRequests } from './foi/list-foi-requests.ts'
import { readFoiConsultation } from './foi/read-consultation.ts'
import { readFoiRequest } from './foi/read-foi-request.ts'
import { recordFoiRequest } from './foi/record-foi-request.ts'
import { listBreaches } from './breaches/list-breaches.ts'
import { type CheckpointUses, readCheckpoint } from './log/checkpoint.ts'
import { readAggregate } from './aggregates/read-aggregate.ts'
import { proveEntry } from './log/proof.ts'
import { readEntry, type ReadEntryUses } from './log/read-entry.ts'
import { exportLogEntries } from './log/search/export/export-log.ts'
import { checkLog } from './log/check/check-log.ts'
import { countLog } from './log/search/count-log.ts'
import { findLogSubjects } from './log/search/find-subjects.ts'
import { searchLog } from './log/search/search-log.ts'
import { registerDecoy, retireDecoy, searchDecoys } from './misuse/manage-decoys.ts'
import { measureFlags, searchSamples } from './misuse/measure-flags.ts'
import { decideFlag, readFlag, searchFlags } from './misuse/review-flags.ts'
import { feedStaffRegister, readStaffKey, type StaffUses } from './misuse/staff-register.ts'
import { answerRightsRequest, exportUsages } from './rights/answer-rights-request.ts'
import { recordRightsRequest } from './rights/record-rights-request.ts'
import { listRightsRequests } from './rights/list-rights-requests.ts'
import { withholdDisclosures } from './rights/withhold-disclosures.ts'
import { readHistory } from './people/read-history.ts'
import type { FoiUses } from './foi/foi-officer.ts'

export type GovernanceUses = FoiUses & CheckpointUses & ReadEntryUses & StaffUses

/** What governance officers work with, and what people ask of those who hold their data: operation by operation. */
export const governanceOperations = (uses: GovernanceUses) => ({
  readEntry: readEntry(uses),
  searchLog: searchLog(uses),
  countLog: countLog(uses),
  findLogSubjects: findLogSubjects(uses),
  exportLogEntries: exportLogEntries(uses),
  readCheckpoint: readCheckpoint(uses),
  checkLog: checkLog(uses),
  proveEntry: proveEntry(uses),

  searchFlags: searchFlags(uses),
  readFlag: readFlag(uses),
  decideFlag: decideFlag(uses),
  measureFlags: measureFlags(uses),
  searchSamples: searchSamples(uses),
  registerDecoy: registerDecoy(uses),
  searchDecoys: searchDecoys(uses),
  retireDecoy: retireDecoy(uses),
  readStaffKey: readStaffKey(uses),
  feedStaffRegister: feedStaffRegister(uses),
  listBreaches: listBreaches(uses),

  readHistory: readHistory(uses),
  recordRightsRequest: recordRightsRequest(uses),
  listRightsRequests: listRightsRequests(uses),
  answerRightsRequest: answerRightsRequest(uses),
  exportUsages: exportUsages(uses),
  withholdDisclosures: withholdDisclosures(uses),
  recordFoiRequest: recordFoiRequest(uses),
  listFoiRequests: listFoiRequests(uses),
  readFoiRequest: readFoiRequest(uses),
  adjudicateFoiRequest: adjudicateFoiRequest(uses),
  readFoiConsultation: readFoiConsultation(uses),
  answerFoiConsultation: answerFoiConsultation(uses),
  draftFoiNotice: draftFoiNotice(uses),
  readAggregate: readAggregate(uses),
})
