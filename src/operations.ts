import { verifySignature } from './identity/signature.ts'
import type { Database } from './db/db.ts'
import { agreementCoverage } from './gateway/agreements/coverage.ts'
import { draftAgreement } from './gateway/agreements/draft-agreement.ts'
import { draftAgreementVersion } from './gateway/agreements/draft-version.ts'
import { getAgreement, listAgreements } from './gateway/agreements/read-agreements.ts'
import { signAgreement } from './gateway/agreements/sign-agreement.ts'
import { liftAgreementSuspension, suspendAgreement } from './gateway/agreements/suspend-agreement.ts'
import { terminateAgreement } from './gateway/agreements/terminate-agreement.ts'
import type { CommitChange } from './gateway/commit/change.ts'
import { enquire, type EnquireUses, previewEnquiry } from './gateway/enquiry/enquire.ts'
import { readEntry } from './gateway/log/read-entry.ts'
import { myAccess } from './gateway/my-access.ts'
import { newId } from './gateway/new-id.ts'
import { contributeRecord } from './gateway/people/contribute-record.ts'
import { search } from './gateway/people/search.ts'
import { policyHash } from './gateway/policies/policy-files.ts'
import { approvePolicy, listPolicies, proposePolicy } from './gateway/policies/publish-policy.ts'
import { recordConsent } from './gateway/people/record-consent.ts'
import { listAgencies, registerAgency, suspendAgency } from './gateway/registry/manage-agencies.ts'
import { addClientKey, type ClientUses, registerClient, removeClientKey, suspendClient } from './gateway/registry/manage-clients.ts'
import { appoint, endAppointment, registerPerson, registerSignatoryKey } from './gateway/registry/manage-people.ts'
import type { Operations } from './http/uses.ts'
import { sealItems, type Sealer } from './sources/hosted.ts'

export interface OperationUses {
  readonly database: Database
  readonly commitChange: CommitChange
  readonly enquiry: EnquireUses
  readonly sealer: Sealer
  readonly bearerAllowed: boolean
  readonly checkKey: ClientUses['checkKey']
}

/** Every operation of the contract and the use case behind it: the table to read first. */
export const makeOperations = (uses: OperationUses): Operations => {
  const { commitChange, database } = uses
  const agreements = { commitChange, db: database, newId, verifySignature }
  const clients = { commitChange, database, bearerAllowed: uses.bearerAllowed, checkKey: uses.checkKey }
  const policies = { commitChange, bundleHash: policyHash }
  return {
    search: search({ commitChange, material: uses.enquiry }),
    enquire: enquire(uses.enquiry),
    previewEnquiry: previewEnquiry(uses.enquiry),
    contributeRecord: contributeRecord({ commitChange, seal: (items, recordId) => sealItems(items, recordId, uses.sealer) }),
    recordConsent: recordConsent({ commitChange, newId }),

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
    registerClient: registerClient(clients),
    addClientKey: addClientKey(clients),
    removeClientKey: removeClientKey(clients),
    suspendClient: suspendClient(clients, true),
    liftClientSuspension: suspendClient(clients, false),
    registerPerson: registerPerson(clients),
    registerSignatoryKey: registerSignatoryKey(clients),
    appoint: appoint(clients),
    endAppointment: endAppointment(clients),

    myAccess: myAccess({ commitChange }),
    readEntry: readEntry({ commitChange }),
    listPolicies: listPolicies(policies),
    proposePolicy: proposePolicy(policies),
    approvePolicy: approvePolicy(policies),
  }
}
