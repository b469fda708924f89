import type { Request, Response, Router } from 'express'
import { makeAsking, callerOf } from '../ask.ts'
import type { HeldAppointment, PendingSignIn, Session, SignInProvider } from '../console-uses.ts'
import { cookieNames, droppedCookie, hashOf, newSecret, readCookie, sessionCookie, signInCookie } from '../doors/cookies.ts'
import type { Desk } from '../desk.ts'
import { finishAtProvider, startAtProvider, type SignedIn } from './provider.ts'

/** Only pages of the console are returned to: no other host, no query, nothing that a path could smuggle. */
export const pathWithin = (path: string | null): string =>
  path !== null && /^\/console(?:\/[A-Za-z0-9._:-]{1,128})*$/.test(path) && !path.includes('..') ? path : '/console'

/** Sign-in at the person's own agency. A start is a plain link, because a form may lead to this house alone (CSP form-action). */
export const signInRoutes = (router: Router, desk: Desk): void => {
  router.get('/console/sign-in', async (request, response) => {
    const providers = await desk.uses.stores.listProviders()
    const to = pathWithin(desk.queryOf(request).get('to'))
    await desk.show(request, response, { view: 'sign-in/choose-agency.njk', title: 'Sign in', data: { providers, to } })
  })
  router.get('/console/sign-in/:agencyId', (request, response) => start(desk, request, response))
  router.get('/console/signed-in', (request, response) => finish(desk, request, response))
}

const start = async (desk: Desk, request: Request, response: Response): Promise<void> => {
  const provider = await findProvider(desk, request.params['agencyId'] as string)
  if (provider === undefined) return desk.nothingHere(request, response)
  const query = desk.queryOf(request)
  const handle = newSecret()
  try {
    const { url, pending } = await startAtProvider({
      provider,
      redirectUri: `${desk.originOf(request)}/console/signed-in`,
      toPath: pathWithin(query.get('to')),
      again: query.get('again') === 'yes',
      now: new Date(),
      insecure: desk.uses.insecureProviders,
    })
    await desk.uses.stores.startSignIn(hashOf(handle), pending)
    response.append('set-cookie', signInCookie(handle))
    desk.redirect(response, url)
  } catch (cause) {
    desk.warn('a sign-in could not begin', cause)
    await failed(desk, request, response, `${provider.agencyName} cannot be asked now who you are. Try again in a minute.`)
  }
}

const finish = async (desk: Desk, request: Request, response: Response): Promise<void> => {
  response.append('set-cookie', droppedCookie(cookieNames.signIn))
  const handle = readCookie(request, cookieNames.signIn)
  const pending = handle === null ? null : await desk.uses.stores.takeSignIn(hashOf(handle))
  if (pending === null) return failed(desk, request, response, 'This sign-in is over: it took too long, or it was used already.')
  const provider = await findProvider(desk, pending.agencyId)
  if (provider?.clientId !== pending.clientId) return failed(desk, request, response, 'Your agency’s people cannot sign in at the moment.')
  let who: SignedIn
  try {
    const url = new URL(`${desk.originOf(request)}${request.originalUrl}`)
    who = await finishAtProvider(provider, pending, { url, insecure: desk.uses.insecureProviders })
  } catch (cause) {
    desk.warn('a sign-in failed', cause)
    await desk.uses.logStranger('a sign-in at the console failed', request)
    return failed(desk, request, response, `${provider.agencyName} did not confirm who you are.`)
  }
  await enter(desk, { request, response, provider, pending, who })
}

interface Entering {
  readonly request: Request
  readonly response: Response
  readonly provider: SignInProvider
  readonly pending: PendingSignIn
  readonly who: SignedIn
}

const SESSION_MS = 15 * 60_000

/** Whoever the register does not know, or knows as no longer active, gets no session; that they came is an entry of the log. */
const enter = async (desk: Desk, { request, response, provider, pending, who }: Entering): Promise<void> => {
  const { stores } = desk.uses
  const at = new Date()
  const { agencyId, agencyName, clientId } = provider
  const fresh = { agencyId, clientId, ...who, appointments: [], formToken: newSecret() }
  const session: Session = { ...fresh, agencyName, at, expiresAt: new Date(at.getTime() + SESSION_MS) }
  const visit = desk.visitOf(response)
  const { ask } = makeAsking(desk.doors, desk.contract, { visit, caller: callerOf(session, visit) })
  const told = await ask('myAccess')
  if (told.status !== 200) {
    const { detail, nextStep } = told.body as { detail?: string; nextStep?: string }
    return failed(desk, request, response, [detail, nextStep].filter(Boolean).join(' '))
  }
  // A session begins with a token of its own, whatever the browser brought along.
  const former = readCookie(request, cookieNames.session)
  if (former !== null) await stores.endSession(hashOf(former))
  const token = newSecret()
  await stores.startSession(hashOf(token), { ...fresh, appointments: heldIn(told.body) })
  response.append('set-cookie', sessionCookie(token))
  await desk.show(request, response, { view: 'sign-in/signed-in.njk', title: 'Signed in', data: { to: pending.toPath } })
}

/** The roles and areas in what `myAccess` answered. */
export const heldIn = (body: Readonly<Record<string, unknown>>): readonly HeldAppointment[] =>
  ((body['appointments'] ?? []) as HeldAppointment[]).map(({ role, areaId }) => ({ role, areaId }))

const findProvider = async (desk: Desk, agencyId: string): Promise<SignInProvider | undefined> =>
  (await desk.uses.stores.listProviders()).find((provider) => provider.agencyId === agencyId)

const failed = (desk: Desk, request: Request, response: Response, why: string): Promise<void> =>
  desk.show(request, response, { view: 'sign-in/failed.njk', title: 'You are not signed in', status: 403, data: { why } })
