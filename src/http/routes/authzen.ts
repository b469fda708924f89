import { Router } from 'express'
import { TLSSocket } from 'node:tls'
import type { DoorOptions } from '../uses.ts'
import { visitOf } from '../request/visit.ts'

/** What a policy enforcement point reads first (OpenID AuthZEN 1.0, metadata): where to ask. Nothing about anybody, so nothing to log. */
export const authzenRoutes = ({ publicUrl }: Pick<DoorOptions, 'publicUrl'>): Router => {
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/.well-known/authzen-configuration', (request, response) => {
    const base = publicUrl ?? `${request.socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host ?? ''}`
    const url = base.replace(/\/$/, '')
    response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'x-request-id': visitOf(response).requestId,
    })
    response.end(
      JSON.stringify({
        policy_decision_point: url,
        access_evaluation_endpoint: `${url}/access/v1/evaluation`,
        access_evaluations_endpoint: `${url}/access/v1/evaluations`,
        access_request_endpoint: `${url}/access/v1/requests`,
        capabilities: ['urn:openid:authzen:capability:access-request'],
      }),
    )
  })
  return router
}
