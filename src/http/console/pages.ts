import type { Page } from './page.ts'
import { access } from './pages/agency/access.ts'
import { agency } from './pages/agency/agency.ts'
import { addKey, endKey, registerClient, startClient, stopClient } from './pages/agency/client-acts.ts'
import { clients } from './pages/agency/clients.ts'
import { people } from './pages/agency/people.ts'
import { appoint, endAppointment, registerPerson } from './pages/agency/people-acts.ts'
import { agreement } from './pages/agreements/agreement.ts'
import { agreements } from './pages/agreements/agreements.ts'
import { coverage } from './pages/agreements/coverage.ts'
import { liftSuspension, suspendAgreement, terminateAgreement } from './pages/agreements/stop-agreement.ts'
import { conference } from './pages/conferences/conference.ts'
import { conferences } from './pages/conferences/conferences.ts'
import { home } from './pages/home/home.ts'
import { logEntry } from './pages/log/entry.ts'
import { integrity } from './pages/log/integrity.ts'
import { record } from './pages/people/record.ts'
import { search } from './pages/people/search.ts'

/**
 * Every page of the console, in the order in which the home page offers them; of two paths that fit an address the first is taken.
 * A new page is a file here and a template beside it.
 */
export const pages: readonly Page[] = [
  home,
  search,
  record,
  conferences,
  conference,
  agreements,
  coverage,
  agreement,
  suspendAgreement,
  liftSuspension,
  terminateAgreement,
  agency,
  access,
  people,
  registerPerson,
  appoint,
  endAppointment,
  clients,
  registerClient,
  addKey,
  endKey,
  stopClient,
  startClient,
  logEntry,
  integrity,
]
