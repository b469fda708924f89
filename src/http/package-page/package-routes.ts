import { Router, type Request, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import { Fault } from '../../core/fault.ts'
import type { PackageDoor } from '../../gateway/disclosure/package/package-door.ts'
import { readForm } from '../console/doors/read-form.ts'
import { leavesBodyUnread, untilBeat } from '../present.ts'
import { visitOf } from '../request/visit.ts'
import type { AppUses } from '../uses.ts'
import { type Page, pages } from './pages.ts'

type App = Pick<AppUses, 'logUnauthenticated' | 'log'>

/** As the console's, and with no word to anybody of where one came from: the address is half of what opens the package. */
const guard = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ['data:'],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
  },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  xFrameOptions: { action: 'deny' },
})

/** Whatever stays shut is answered on this beat, so that nobody can time why. */
const BEAT_MS = 400

/**
 * One page for every link there was, is or never was: a form for the code, and nothing else. Whoever only looks, a scanner of mail for
 * instance, changes nothing, and cannot tell one link from another.
 */
export const packageRoutes = (app: App, uses: PackageDoor): Router => {
  const router = Router({ caseSensitive: true, strict: true })
  router.use(guard)
  router.use((_request, response, next) => {
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-robots-tag', 'noindex, nofollow, noarchive')
    response.setHeader('x-request-id', visitOf(response).requestId)
    next()
  })
  router.get('/packages/:link', (_request, response) => send(response, pages.form()))
  router.post('/packages/:link', knock(app, uses))
  router.all('/packages/:link', (_request, response) => {
    response.setHeader('allow', 'GET, HEAD, POST')
    send(response, pages.otherMethod())
  })
  return router
}

const knock =
  (app: App, uses: PackageDoor): RequestHandler =>
  async (request, response) => {
    try {
      const limited = await uses.limit(addressOf(request))
      if (!limited.allowed) {
        response.setHeader('retry-after', String(Math.max(1, Math.ceil(limited.resetSeconds))))
        return void send(response, pages.tooOften())
      }
      await tryCode(app, uses, { request, response })
    } catch (thrown) {
      failed(app, response, thrown)
    }
  }

const tryCode = async (app: App, uses: PackageDoor, { request, response }: { request: Request; response: Response }): Promise<void> => {
  const visit = visitOf(response)
  const form = await readForm(request)
  if (form.spoiled.length > 0) throw new Fault('malformed', 'The form holds characters that cannot be kept.')
  visit.completeAt = performance.now()
  const { requestId, traceparent } = visit
  const { link = '' } = request.params as Record<string, string>
  const opened = await uses.open({ link, code: form.text('code'), receivedAt: new Date(), requestId, traceparent })
  if (opened.outcome === 'opened') {
    visit.entryId = opened.answer.entryId
    response.once('close', () => uses.left(opened, response.writableFinished))
    return void send(response, pages.opened(opened.answer))
  }
  if (opened.outcome === 'no-such-link') {
    await app.logUnauthenticated({ reason: 'a code was given for a package that there is not', sourceAddress: addressOf(request) })
  }
  await untilBeat(visit, BEAT_MS)
  send(response, pages.staysShut())
}

const addressOf = ({ socket }: Request): string => socket.remoteAddress ?? 'unknown'

/** What could not be read as a form, and what cannot be logged: nothing was opened, and no more than that is told. */
const failed = (app: App, response: Response, thrown: unknown): void => {
  const { requestId } = visitOf(response)
  if (!(thrown instanceof Fault)) {
    app.log.error({ id: requestId, err: thrown }, 'a bug')
    return void send(response, pages.failed())
  }
  if (thrown.code !== 'unavailable') return void send(response, pages.notLikeThis())
  app.log.warn({ id: requestId, err: thrown }, 'unavailable')
  response.setHeader('retry-after', String(thrown.retryAfterSeconds ?? 1))
  send(response, pages.unavailable())
}

const send = (response: Response, { status, html }: Page): void => {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    ...(leavesBodyUnread({ request: response.req }) && { connection: 'close' }),
  })
  response.end(html)
}
