import type { Db } from '../db.ts'
import { listAgencyNames } from '../registry/register-reading.ts'
import { endSession, insertSession, touchSession } from './sessions.ts'
import { insertSignIn, listSignInProviders, takeSignIn } from './sign-ins.ts'

const on =
  <Given extends unknown[], Answer>(db: Db, call: (db: Db, ...rest: Given) => Answer) =>
  (...rest: Given): Answer =>
    call(db, ...rest)

/** What the console keeps between requests. */
export const makeConsoleStores = (db: Db) => ({
  listProviders: on(db, listSignInProviders),
  startSignIn: on(db, insertSignIn),
  takeSignIn: on(db, takeSignIn),
  startSession: on(db, insertSession),
  touchSession: on(db, touchSession),
  endSession: on(db, endSession),
  agencyNames: on(db, listAgencyNames),
})
