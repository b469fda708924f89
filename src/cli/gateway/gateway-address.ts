import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running sandbox leaves in its data directory, so that the command line finds it whichever port was free. */
export interface RunningGateway {
  readonly url: string
  readonly sources: readonly { readonly agencyId: string; readonly address: string }[]
}

const files = (dataDir: string) => ({ url: join(dataDir, 'gateway.url'), sources: join(dataDir, 'gateway.sources.json') })

/** Writes where the gateway is; the function returned takes it away again, unless another gateway has written since. */
export const announceGateway = (dataDir: string, running: RunningGateway): (() => void) => {
  const { url, sources } = files(dataDir)
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(sources, `${JSON.stringify(running.sources, null, 2)}\n`)
  writeFileSync(url, `${running.url}\n`)
  return () => {
    if (findGateway(dataDir)?.url !== running.url) return
    rmSync(url, { force: true })
    rmSync(sources, { force: true })
  }
}

/** Null when no gateway has said that it runs there; one that was killed may still be named. */
export const findGateway = (dataDir: string): RunningGateway | null => {
  const url = read(files(dataDir).url)?.trim()
  if (url === undefined || url === '') return null
  return { url, sources: JSON.parse(read(files(dataDir).sources) ?? '[]') as RunningGateway['sources'] }
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}
