import type { Request, Response } from 'express'
import { TLSSocket } from 'node:tls'
import type { Contract } from '../contract.ts'
import { leavesBodyUnread, untilBeat } from '../present.ts'
import { visitOf, type Visit } from '../request/visit.ts'
import type { Doors } from '../serve-operation.ts'
import type { ConsoleUses, Session } from './console-uses.ts'
import type { PageFile, Section } from './page.ts'
import { menuFor } from './menu.ts'
import { render } from './view/render.ts'

export interface Shown {
  readonly view: string
  readonly title: string
  readonly status?: number
  readonly data: Readonly<Record<string, unknown>>
  readonly session?: Session
  readonly section?: Section
  /** It is the answer that an invented person, a shielded one and an excluded one share, and leaves on the beat. */
  readonly shielded?: boolean
}

/** What every part of the console works with. */
export interface Desk {
  readonly doors: Doors
  readonly contract: Contract
  readonly uses: ConsoleUses & { logStranger(reason: string, request: Request): Promise<void> }
  readonly visitOf: (response: Response) => Visit
  readonly warn: (message: string, cause: unknown) => void
  /** Scheme and host by which browsers reach the console. */
  originOf(request: Request): string
  queryOf(request: Request): URLSearchParams
  /** The one way out for a page. */
  show(request: Request, response: Response, shown: Shown): Promise<void>
  redirect(response: Response, to: string): void
  download(response: Response, file: PageFile, shielded: boolean): Promise<void>
  nothingHere(request: Request, response: Response): Promise<void>
}

export const makeDesk = (doors: Doors, contract: Contract, uses: ConsoleUses): Desk => {
  const show: Desk['show'] = async (_request, response, shown) => {
    const { session, section } = shown
    const menu = session === undefined ? [] : menuFor(session, section)
    const names = await uses.stores.agencyNames()
    // What somebody signed in for is OFFICIAL at least; a page with people on it says more.
    const marking = session === undefined ? null : 'official'
    const html = render(shown.view, { errors: [], session, menu, marking, title: shown.title, ...shown.data }, names)
    if (shown.shielded === true) await untilBeat(visitOf(response))
    send(response, shown.status ?? 200, html)
  }
  return {
    doors,
    contract,
    uses: {
      ...uses,
      logStranger: (reason, request) => doors.uses.logUnauthenticated({ reason, sourceAddress: request.socket.remoteAddress ?? 'unknown' }),
    },
    visitOf,
    warn: (message, cause) => doors.uses.log.warn({ err: cause }, message),
    originOf: (request) =>
      doors.options.publicUrl ?? `${request.socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host ?? ''}`,
    queryOf: ({ url }) => new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''),
    show,
    redirect: (response, to) => {
      response.writeHead(303, { location: to, 'content-length': 0, ...closing(response) })
      response.end()
    },
    download: async (response, { name, mediaType, content }, shielded) => {
      if (shielded) await untilBeat(visitOf(response))
      response.setHeader('content-disposition', `attachment; filename="${name}"`)
      send(response, 200, content, mediaType)
    },
    nothingHere: (request, response) =>
      show(request, response, { view: 'not-found.njk', title: 'There is no such page', status: 404, data: {} }),
  }
}

/** What comes behind a body that nobody reads would wait for it for ever. */
const closing = ({ req }: Response): { readonly connection?: 'close' } =>
  leavesBodyUnread({ request: req }) ? { connection: 'close' } : {}

const send = (response: Response, status: number, text: string | Uint8Array, mediaType = 'text/html; charset=utf-8'): void => {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { 'content-type': mediaType, 'content-length': Buffer.byteLength(text), ...closing(response) })
  response.end(text)
}
