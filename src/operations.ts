import { verifySignature } from './identity/signature.ts'
import type { CategoryDefinition } from './core/decision/category.ts'
import type { HostedRecord } from './core/snapshot.ts'
import type { Database } from './db/db.ts'
import { agreementCoverage } from './gateway/agreements/coverage.ts'
import { draftAgreement } from './gateway/agreements/draft-agreement.ts'
import { draftAgreementVersion } from './gateway/agreements/draft-version.ts'
import { getAgreement, listAgreements } from './gateway/agreements/read-agreements.ts'
import { signAgreement } from './gateway/agreements/sign-agreement.ts'
import { liftAgreementSuspension, suspendAgreement } from './gateway/agreements/suspend-agreement.ts'
import { terminateAgreement } from './gateway/agreements/terminate-agreement.ts'
import { accessOperations } from './gateway/access/access-operations.ts'
import type { CommitChange } from './gateway/commit/change.ts'
import { makeReleaseRead } from './gateway/commit/release-read.ts'
import { acknowledgeRectification, readRectification } from './gateway/casework/acknowledge-rectification.ts'
import { answerTransfer } from './gateway/casework/cohort/answer-transfer.ts'
import { deselect } from './gateway/casework/cohort/deselect.ts'
import { nominate } from './gateway/casework/cohort/nominate.ts'
import { proposeTransfer } from './gateway/casework/cohort/propose-transfer.ts'
import { readNomination } from './gateway/casework/cohort/read-nomination.ts'
import { register } from './gateway/casework/cohort/register.ts'
import { requestReview } from './gateway/casework/cohort/request-review.ts'
import { recordReview } from './gateway/casework/cohort/review.ts'
import { completeTask } from './gateway/casework/complete-task.ts'
import { listEvents } from './gateway/casework/list-events.ts'
import { listTasks } from './gateway/casework/list-tasks.ts'
import { recordReleaseDate } from './gateway/casework/record-release-date.ts'
import { rectify } from './gateway/casework/rectify.ts'
import { acknowledgeStatement, withdrawAcknowledgement } from './gateway/casework/conference/attending/acknowledge.ts'
import { readAttendance, recordAttendance } from './gateway/casework/conference/attending/attendance.ts'
import { inviteToConference } from './gateway/casework/conference/attending/invite.ts'
import { listStatements, publishStatement } from './gateway/casework/conference/attending/statements.ts'
import { answerDelegation, revokeDelegation } from './gateway/casework/conference/chairing/answer-delegation.ts'
import { listDelegations } from './gateway/casework/conference/chairing/list-delegations.ts'
import { writeDelegation } from './gateway/casework/conference/chairing/write-delegation.ts'
import { correctParagraph } from './gateway/casework/conference/papers/correct-paragraph.ts'
import { recordDiscussion } from './gateway/casework/conference/papers/discuss-case.ts'
import { makeHoldPapers } from './gateway/casework/conference/papers/hold-papers.ts'
import { readMinutes } from './gateway/casework/conference/papers/read-minutes.ts'
import { writeMinutes } from './gateway/casework/conference/papers/write-minutes.ts'
import { addAgendaItem, addMinuteReference } from './gateway/casework/conference/keep-conference.ts'
import { getConference, listConferences } from './gateway/casework/conference/read-conferences.ts'
import { createConference } from './gateway/casework/conference/record-conference.ts'
import { answerStrandChange } from './gateway/casework/strand/answer-strand-change.ts'
import { addEvidence, answerEvidence } from './gateway/casework/strand/evidence.ts'
import { contestPoliceDecision, recordPoliceDecision } from './gateway/casework/strand/police-decision.ts'
import { readCase } from './gateway/casework/strand/read-case.ts'
import { authoriseRecall, recordRecall } from './gateway/casework/strand/recall.ts'
import { recordCustody } from './gateway/casework/strand/record-custody.ts'
import { recordStrandChange } from './gateway/casework/strand/record-strand-change.ts'
import { issuePackageCode } from './gateway/disclosure/package/issue-code.ts'
import { makeDisclosurePackage } from './gateway/disclosure/package/make-package.ts'
import { readDisclosurePackage } from './gateway/disclosure/package/read-package.ts'
import { copyOperations } from './gateway/copies/copy-operations.ts'
import { makeGrantShelf } from './gateway/disclosure/release/grant-shelf.ts'
import { retrieveDisclosure } from './gateway/disclosure/release/retrieve.ts'
import { revokeDisclosure } from './gateway/disclosure/release/revoke.ts'
import {
  answerDisclosureInformation,
  askDisclosureInformation,
  withdrawDisclosureRequest,
} from './gateway/disclosure/request/change-request.ts'
import { createDisclosureRequest } from './gateway/disclosure/request/create-request.ts'
import { decideDisclosure } from './gateway/disclosure/request/decide-request.ts'
import { listDisclosureRequests, readDisclosureRequest } from './gateway/disclosure/request/read-request.ts'
import { acceptWords, proposeWords } from './gateway/disclosure/request/words.ts'
import { listEmergencyAccesses } from './gateway/emergency/list-emergency-accesses.ts'
import { openEmergencyAccess } from './gateway/emergency/open-emergency-access.ts'
import { readEmergencyAccess } from './gateway/emergency/read-emergency-access.ts'
import { reviewEmergencyAccess } from './gateway/emergency/review-emergency-access.ts'
import { viewEmergencyAccess } from './gateway/emergency/view-emergency-access.ts'
import { enquire, type EnquireUses, previewEnquiry } from './gateway/enquiry/enquire.ts'
import { approveErasure, requestErasure } from './gateway/log/retention.ts'
import { endLegalHold, placeLegalHold } from './gateway/log/retention-holds.ts'
import type { Witnesses } from './gateway/log/checkpoint.ts'
import { governanceOperations } from './gateway/governance-operations.ts'
import { myAccess } from './gateway/my-access.ts'
import { newId } from './gateway/new-id.ts'
import { contributeRecord } from './gateway/people/contribute-record.ts'
import { previewConsent } from './gateway/people/consent/preview-consent.ts'
import { search } from './gateway/people/search.ts'
import { policyHash } from './gateway/policies/policy-files.ts'
import type { PolicyShelf } from './gateway/policies/policy-shelf.ts'
import { approvePolicy, listPolicies, proposePolicy } from './gateway/policies/publish-policy.ts'
import { policyTrials } from './gateway/policies/simulate/policy-trials.ts'
import { recordConsent } from './gateway/people/record-consent.ts'
import { listAgencies, registerAgency, suspendAgency } from './gateway/registry/manage-agencies.ts'
import { addClientKey, type ClientUses, registerClient, removeClientKey, suspendClient } from './gateway/registry/manage-clients.ts'
import { appoint, endAppointment, registerPerson, registerSignatoryKey } from './gateway/registry/manage-people.ts'
import { listClients, listEventReaders, listPeople } from './gateway/registry/read-register.ts'
import { receiveCourtResults } from './gateway/systems/receive-court-results.ts'
import { recordTrackerStatus } from './gateway/systems/record-tracker-status.ts'
import { refer } from './gateway/systems/refer.ts'
import { releaseToProsecution } from './gateway/systems/release-to-prosecution.ts'
import { retrieveProsecutionRelease } from './gateway/systems/retrieve-prosecution-release.ts'
import type { Operations } from './http/uses.ts'
import type { BatchKey } from './ledger/batch.ts'
import { openItems, sealItems, type Sealer } from './sources/hosted.ts'

export interface OperationUses {
  readonly database: Database
  readonly commitChange: CommitChange
  readonly enquiry: EnquireUses
  readonly sealer: Sealer
  /** Bundles by hash, old ones too: an entry is explained under the one that it names. */
  readonly policies: PolicyShelf
  readonly bearerAllowed: boolean
  readonly checkKey: ClientUses['checkKey']
  /** The log's own key: it signs the pages of the event feed as well. */
  readonly signingKey: BatchKey
  readonly witnesses: Witnesses
  /** What agencies hash their staff's names and addresses under. */
  readonly staffKey: Uint8Array
  /** Scheme and host as clients address the gateway; absent where that is not known. */
  readonly publicUrl?: string | null
  /** The log's verifier key (C2SP signed-note). */
  readonly logKey: string
}

/** Every operation of the contract and the use case behind it: the table to read first. */
export const makeOperations = (uses: OperationUses): Operations => {
  const { commitChange, database } = uses
  const agreements = { commitChange, db: database, newId, verifySignature }
  const clients = { commitChange, database, bearerAllowed: uses.bearerAllowed, checkKey: uses.checkKey }
  const { sealer } = uses
  const seal = (text: string, place: Parameters<Sealer['seal']>[1]): Uint8Array => sealer.seal(Buffer.from(text), place)
  const open = (sealed: Uint8Array, place: Parameters<Sealer['open']>[1]): string | null => {
    const plain = sealer.open(sealed, place)
    return plain === null ? null : Buffer.from(plain).toString('utf8')
  }
  const cases = { commitChange, newId, seal, partnershipId: uses.enquiry.partnershipId }
  const policies = { commitChange, bundleHash: policyHash }
  const emergencies = {
    ...{ ...cases, open, database, enquiry: uses.enquiry },
  }
  const meetings = { commitChange, database, policies: uses.policies, newId, seal, open, records: uses.enquiry }
  const reading = { ...meetings, commitChange: makeReleaseRead(uses.enquiry.releaseCommit) }
  const requests = { ...meetings, partnershipId: uses.enquiry.partnershipId }
  const hosted = {
    seal: (items: Parameters<typeof sealItems>[0], recordId: string): Uint8Array => sealItems(items, recordId, sealer),
    openItems: (record: HostedRecord, definition: CategoryDefinition) => {
      const reply = openItems(record, sealer, definition)
      return reply.outcome === 'items' ? reply.items : null
    },
  }
  return {
    search: search({ commitChange, material: uses.enquiry }),
    enquire: enquire(uses.enquiry),
    previewEnquiry: previewEnquiry(uses.enquiry),
    openEmergencyAccess: openEmergencyAccess(emergencies),
    viewEmergencyAccess: viewEmergencyAccess(emergencies),
    listEmergencyAccesses: listEmergencyAccesses(emergencies),
    readEmergencyAccess: readEmergencyAccess(emergencies),
    reviewEmergencyAccess: reviewEmergencyAccess(emergencies),
    contributeRecord: contributeRecord({ commitChange, seal: hosted.seal }),
    recordConsent: recordConsent({ commitChange, newId }),
    previewConsent: previewConsent({ commitChange, newId, material: uses.enquiry }),

    readCase: readCase({ commitChange, material: uses.enquiry }),
    addEvidence: addEvidence(cases),
    answerEvidence: answerEvidence(cases),
    recordStrandChange: recordStrandChange(cases),
    answerStrandChange: answerStrandChange(cases),
    recordCustody: recordCustody(cases),
    recordPoliceDecision: recordPoliceDecision(cases),
    contestPoliceDecision: contestPoliceDecision(cases),
    authoriseRecall: authoriseRecall(cases),
    recordRecall: recordRecall(cases),
    listConferences: listConferences({ commitChange }),
    createConference: createConference({ commitChange, newId }),
    getConference: getConference({ commitChange }),
    addAgendaItem: addAgendaItem({ commitChange, newId }),
    addMinuteReference: addMinuteReference({ commitChange, newId }),

    listStatements: listStatements(meetings),
    publishStatement: publishStatement(meetings),
    inviteToConference: inviteToConference(meetings),
    readAttendance: readAttendance(meetings),
    recordAttendance: recordAttendance(meetings),
    acknowledgeStatement: acknowledgeStatement(meetings),
    withdrawAcknowledgement: withdrawAcknowledgement(meetings),
    recordDiscussion: recordDiscussion(meetings),
    writeMinutes: writeMinutes(meetings),
    correctParagraph: correctParagraph(meetings),
    readMinutes: readMinutes({ ...reading, holdPapers: makeHoldPapers(meetings) }),
    listDelegations: listDelegations(meetings),
    writeDelegation: writeDelegation(meetings),
    answerDelegation: answerDelegation(meetings),
    revokeDelegation: revokeDelegation(meetings),

    listDisclosureRequests: listDisclosureRequests(meetings),
    createDisclosureRequest: createDisclosureRequest(meetings),
    readDisclosureRequest: readDisclosureRequest(meetings),
    askDisclosureInformation: askDisclosureInformation(meetings),
    answerDisclosureInformation: answerDisclosureInformation(meetings),
    withdrawDisclosureRequest: withdrawDisclosureRequest(meetings),
    proposeWords: proposeWords(meetings),
    acceptWords: acceptWords(meetings),
    decideDisclosure: decideDisclosure(meetings),
    retrieveDisclosure: retrieveDisclosure({ ...reading, grants: makeGrantShelf() }),
    revokeDisclosure: revokeDisclosure(meetings),
    makeDisclosurePackage: makeDisclosurePackage(meetings),
    readDisclosurePackage: readDisclosurePackage(meetings),
    issuePackageCode: issuePackageCode(meetings),
    ...copyOperations({ commitChange, signingKey: uses.signingKey }),
    ...accessOperations({ ...meetings, enquiry: uses.enquiry, publicUrl: uses.publicUrl ?? null }),

    listTasks: listTasks({ commitChange }),
    completeTask: completeTask({ commitChange }),
    listEvents: listEvents({ commitChange, signingKey: uses.signingKey }),
    listEventReaders: listEventReaders({ commitChange }),
    nominate: nominate(cases),
    readNomination: readNomination({ commitChange, open }),
    register: register(cases),
    recordReview: recordReview(cases),
    requestReview: requestReview(cases),
    deselect: deselect(cases),
    proposeTransfer: proposeTransfer(cases),
    answerTransfer: answerTransfer(cases),
    recordReleaseDate: recordReleaseDate(cases),
    rectify: rectify(cases),
    readRectification: readRectification({ commitChange }),
    acknowledgeRectification: acknowledgeRectification({ commitChange }),

    receiveCourtResults: receiveCourtResults({ commitChange, database, newId, ...hosted }),
    recordTrackerStatus: recordTrackerStatus({ commitChange, newId }),
    refer: refer(cases),
    releaseToProsecution: releaseToProsecution(cases),
    retrieveProsecutionRelease: retrieveProsecutionRelease({ commitChange, database, newId, open }),

    listAgreements: listAgreements(agreements),
    getAgreement: getAgreement(agreements),
    draftAgreement: draftAgreement(agreements),
    draftAgreementVersion: draftAgreementVersion(agreements),
    signAgreement: signAgreement(agreements),
    suspendAgreement: suspendAgreement(agreements),
    liftAgreementSuspension: liftAgreementSuspension(agreements),
    terminateAgreement: terminateAgreement(agreements),
    agreementCoverage: agreementCoverage(agreements),

    listAgencies: listAgencies({ commitChange }),
    registerAgency: registerAgency({ commitChange }),
    suspendAgency: suspendAgency({ commitChange }, true),
    liftAgencySuspension: suspendAgency({ commitChange }, false),
    listClients: listClients({ commitChange }),
    registerClient: registerClient(clients),
    addClientKey: addClientKey(clients),
    removeClientKey: removeClientKey(clients),
    suspendClient: suspendClient(clients, true),
    liftClientSuspension: suspendClient(clients, false),
    listPeople: listPeople({ commitChange }),
    registerPerson: registerPerson(clients),
    registerSignatoryKey: registerSignatoryKey(clients),
    appoint: appoint(clients),
    endAppointment: endAppointment(clients),

    myAccess: myAccess({ commitChange }),
    ...governanceOperations({ ...uses, ...requests }),
    requestErasure: requestErasure({ commitChange, newId }),
    approveErasure: approveErasure({ commitChange, newId }),
    placeLegalHold: placeLegalHold({ commitChange, newId }),
    endLegalHold: endLegalHold({ commitChange, newId }),
    listPolicies: listPolicies(policies),
    proposePolicy: proposePolicy(policies),
    approvePolicy: approvePolicy(policies),
    ...policyTrials({ commitChange, database, look: uses.enquiry.look }),
  }
}
