import type { Page } from './page.ts'
import { access } from './pages/agency/access.ts'
import { agency } from './pages/agency/agency.ts'
import { addKey, endKey, registerClient, replaceKey, startClient, stopClient } from './pages/agency/client-acts.ts'
import { clients } from './pages/agency/clients.ts'
import { people } from './pages/agency/people.ts'
import { appoint, endAppointment, registerPerson, registerSignatoryKey } from './pages/agency/people-acts.ts'
import { events } from './pages/agency/events/events.ts'
import { agreement } from './pages/agreements/agreement.ts'
import { agreements } from './pages/agreements/agreements.ts'
import { draftPages } from './pages/agreements/draft/draft-pages.ts'
import { coverage } from './pages/agreements/coverage.ts'
import { liftSuspension, suspendAgreement, terminateAgreement } from './pages/agreements/stop-agreement.ts'
import { attendingPages } from './pages/conferences/attending/attending-pages.ts'
import { conference } from './pages/conferences/conference.ts'
import { conferences } from './pages/conferences/conferences.ts'
import { copyPages } from './pages/copies/copy-pages.ts'
import { delegationPages } from './pages/delegations/delegation-pages.ts'
import { emergencyPages } from './pages/emergency/emergency-pages.ts'
import { home } from './pages/home/home.ts'
import { answerConsultation } from './pages/foi/consultation/answer.ts'
import { decideFoi, giveFoiNotice } from './pages/foi/decide/decide.ts'
import { foiNotice, foiRequest } from './pages/foi/request.ts'
import { foiRequests, recordFoiRequest } from './pages/foi/requests.ts'
import { logEntry } from './pages/log/entry.ts'
import { exploreLog } from './pages/log/explore/explore.ts'
import { exportEntries } from './pages/log/explore/export-entries.ts'
import { logBundle } from './pages/log/bundle/bundle.ts'
import { integrity } from './pages/log/integrity.ts'
import { minutes } from './pages/minutes/minutes.ts'
import { recordConsent } from './pages/people/consent/record-consent.ts'
import { record } from './pages/people/record.ts'
import { search } from './pages/people/search.ts'
import { packagePages } from './pages/permissions/package/package-pages.ts'
import { permissionPages } from './pages/permissions/permission-pages.ts'
import { policyPages } from './pages/policies/policy-pages.ts'
import { logPictures } from './pages/log/pictures/pictures.ts'
import { history } from './pages/people/history.ts'
import { breachDone, breaches } from './pages/review/breaches.ts'
import { decideFlag } from './pages/review/decide-flag.ts'
import { flag } from './pages/review/flag.ts'
import { flags } from './pages/review/flags.ts'
import { flagMeasures } from './pages/review/measures.ts'
import { rightsRequest } from './pages/rights/request.ts'
import { usages } from './pages/rights/usages.ts'
import { withhold } from './pages/rights/withhold.ts'
import { recordRightsRequest, rightsRequests } from './pages/rights/requests.ts'

/**
 * Every page of the console, in the order in which the home page offers them; of two paths that fit an address the first is taken.
 * A new page is a file here and a template beside it.
 */
export const pages: readonly Page[] = [
  home,
  search,
  record,
  recordConsent,
  conferences,
  conference,
  minutes,
  ...attendingPages,
  ...permissionPages,
  ...packagePages,
  ...copyPages,
  ...delegationPages,
  ...emergencyPages,
  agreements,
  coverage,
  ...draftPages,
  agreement,
  suspendAgreement,
  liftSuspension,
  terminateAgreement,
  agency,
  access,
  people,
  registerPerson,
  registerSignatoryKey,
  appoint,
  endAppointment,
  clients,
  events,
  registerClient,
  addKey,
  replaceKey,
  endKey,
  stopClient,
  startClient,
  exploreLog,
  exportEntries,
  logBundle,
  logPictures,
  flags,
  flagMeasures,
  flag,
  decideFlag,
  breaches,
  breachDone,
  history,
  logEntry,
  integrity,
  ...policyPages,
  foiRequests,
  recordFoiRequest,
  foiRequest,
  decideFoi,
  foiNotice,
  giveFoiNotice,
  answerConsultation,
  rightsRequests,
  recordRightsRequest,
  withhold,
  usages,
  rightsRequest,
]
