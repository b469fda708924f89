import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif'

/** GDS Transport and the crest are the government's own (Open Government Licence does not cover them): neither is served from here. */
const withoutTransport = (css: string): string =>
  css
    .replaceAll(/@font-face\{[^}]*\}/g, '')
    .replaceAll(/(?<=font-family:)GDS Transport(,arial,sans-serif)?/g, fonts)
    .replaceAll(/\/\*# sourceMappingURL=[^*]*\*\//g, '')

const files: Readonly<Record<string, () => string>> = {
  'govuk.css': () => withoutTransport(read('govuk-frontend/dist/govuk/govuk-frontend.min.css')),
  'moj.css': () => withoutTransport(read('@ministryofjustice/frontend/moj/moj-frontend.min.css')),
  'console.css': () => readFileSync(new URL('console.css', import.meta.url), 'utf8'),
}

const read = (path: string): string => {
  const [, name, file] = /^((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(path)!
  return readFileSync(new URL(file!, import.meta.resolve(`${name!}/package.json`)), 'utf8')
}

export interface Asset {
  readonly path: string
  readonly content: string
}

let loaded: readonly Asset[] | null = null

/** Style sheets under addresses that change with what is in them, so that a browser may keep them for ever. */
export const assets = (): readonly Asset[] =>
  (loaded ??= Object.entries(files).map(([name, content]) => {
    const text = content()
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16)
    return { path: `/console/assets/${hash}/${name}`, content: text }
  }))

export const assetPaths = (): readonly string[] => assets().map(({ path }) => path)
