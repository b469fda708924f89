import { Router, type Response } from 'express'
import type { AppUses } from '../uses.ts'
import { visitOf } from '../request/visit.ts'

/** What operators ask; nothing about anyone's data, so nothing is logged as evidence. */
export const healthRoutes = (uses: Pick<AppUses, 'readiness' | 'info' | 'log'>): Router => {
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/health/liveness', (_request, response) => say(response, 200, { alive: true }))
  router.get('/health/readiness', async (_request, response) => {
    const readiness = await uses.readiness().catch((error: unknown) => {
      uses.log.warn({ err: error }, 'readiness could not be established')
      return { ready: false, why: ['readiness could not be established'] }
    })
    say(response, readiness.ready ? 200 : 503, readiness)
  })
  router.get('/info', (_request, response) => say(response, 200, uses.info))
  return router
}

const say = (response: Response, status: number, body: object): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': visitOf(response).requestId,
  })
  response.end(JSON.stringify(body))
}
