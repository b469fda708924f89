import { getPersona } from '../../../src/sandbox/personas.ts'

/** A page as it came. */
export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly url: string
}

/** What a browser does with the console, without one: keeps cookies, follows redirects, fills in forms. */
export interface Visitor {
  /** Cookies by name, of the gateway alone. */
  readonly cookies: Map<string, string>
  /** The Set-Cookie lines of the gateway, in turn. */
  readonly setCookies: string[]
  open(path: string, headers?: Record<string, string>): Promise<Seen>
  /** Sends a form with the token of the page that was shown last, unless told otherwise. */
  send(path: string, fields: Readonly<Record<string, string | readonly string[]>>, headers?: Record<string, string>): Promise<Seen>
  /** At the person's own agency, from the page that offers the agencies where one was shown. */
  signIn(persona: string, from?: Seen): Promise<Seen>
  token(): string
}

export const makeVisitor = (gatewayUrl: string): Visitor => {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: string): Map<string, string> => {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    return jar
  }
  const setCookies: string[] = []
  let last = ''

  const ask = async (url: string, init: RequestInit): Promise<Seen> => {
    const jar = jarOf(url)
    const headers = new Headers(init.headers)
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const reply = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of reply.headers.getSetCookie()) {
      if (url.startsWith(gatewayUrl)) setCookies.push(line)
      const [pair = ''] = line.split(';')
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line) || value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const to = reply.headers.get('location')
    if (to !== null) {
      await reply.arrayBuffer()
      return ask(new URL(to, url).href, { method: 'GET' })
    }
    const text = await reply.text()
    if (url.startsWith(gatewayUrl)) last = text
    return { status: reply.status, headers: reply.headers, text, url }
  }

  const token = (): string => /name="_token" value="([^"]+)"/.exec(last)?.[1] ?? ''
  const open: Visitor['open'] = (path, headers) => ask(new URL(path, gatewayUrl).href, { method: 'GET', headers })
  const send: Visitor['send'] = (path, fields, headers) => {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries({ _token: token(), ...fields }))
      for (const one of [value].flat()) body.append(name, one as string)
    return ask(new URL(path, gatewayUrl).href, {
      method: 'POST',
      body: body.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: gatewayUrl, 'sec-fetch-site': 'same-origin', ...headers },
    })
  }
  return {
    cookies: jarOf(gatewayUrl),
    setCookies,
    open,
    send,
    token,
    signIn: async (persona, from) => {
      const start = `/console/sign-in/${getPersona(persona).agencyId}`
      const offered = new RegExp(`href="(${start}(?:[?][^"]*)?)"`).exec(from?.text ?? '')?.[1]
      const choice = await open((offered ?? start).replaceAll('&amp;', '&'))
      if (choice.status !== 200) throw new Error(`no choice of people: ${choice.text}`)
      const back = await ask(choice.url, {
        method: 'POST',
        body: `person=${encodeURIComponent(persona)}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      if (back.status !== 200) return back
      return open(/url=([^"]+)"/.exec(back.text)?.[1] ?? '/console')
    },
  }
}
