import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findGateway } from '../cli/gateway/gateway-address.ts'
import { askGateway, askOpenly, type Question, type Reply } from '../cli/gateway/gateway-client.ts'
import { loadConfig, type Config } from '../config.ts'
import { openHouse } from '../house.ts'
import { makeLog } from '../http/request-log.ts'
import { mintToken } from '../sandbox/tokens.ts'
import type { Misbehaviour } from '../sandbox/systems/agency-system.ts'

/** Where the story is played: a sandbox that runs already, or one of its own. */
export interface Stage {
  readonly url: string
  /** One sentence: which sandbox. */
  readonly says: string
  /** Null on a sandbox that was running: its agencies' systems are not ours to disturb. */
  readonly systems: AgencySystems | null
  ask<Body = Record<string, unknown>>(persona: string, question: Question): Promise<Reply<Body>>
  /** Every entry that an answer named so far, with who asked. */
  readonly entries: readonly Answered[]
  /** What puts things back as they were; runs at the end unless it was taken back before. */
  putBackLater(undo: () => Promise<unknown>): () => void
  close(): Promise<void>
}

export interface AgencySystems {
  misbehave(agencyId: string, how: Misbehaviour | null): void
  answered(agencyId: string): number
}

export interface Answered {
  readonly entryId: string
  readonly persona: string
  readonly path: string
}

type Place = Pick<Stage, 'url' | 'says' | 'systems' | 'close'> & { readonly dataDir: string }

export const openStage = async (): Promise<Stage> => {
  const config = loadConfig()
  if (config.mode !== 'sandbox') throw new Error('The story is played in the sandbox only: unset NODE_ENV and GATEWAY_MODE.')
  const place = (await findRunning(config)) ?? (await startOwn(config))
  const entries: Answered[] = []
  const undos = new Set<() => Promise<unknown>>()
  const close = async (): Promise<void> => {
    for (const undo of undos) await undo()
    await place.close()
  }
  return {
    ...place,
    entries,
    close,
    async ask<Body>(persona: string, question: Question): Promise<Reply<Body>> {
      const token = await mintToken({ dataDir: place.dataDir, persona, audience: config.identity.audience })
      const reply = await askGateway<Body & { entryId?: string }>({ url: place.url, token }, question)
      if (reply.body.entryId !== undefined) entries.push({ entryId: reply.body.entryId, persona, path: question.path })
      return reply
    },
    putBackLater: (undo) => {
      undos.add(undo)
      return () => undos.delete(undo)
    },
  }
}

const findRunning = async (config: Config): Promise<Place | null> => {
  const running = findGateway(config.dataDir)
  if (running === null) return null
  // One that was killed is still named there.
  const alive = await askOpenly(running.url, '/health/liveness').catch(() => null)
  if ((alive?.body as { alive?: boolean } | undefined)?.alive !== true) return null
  return {
    url: running.url,
    says: `the sandbox that runs at ${running.url}`,
    systems: null,
    dataDir: config.dataDir,
    close: () => Promise.resolve(),
  }
}

/** On a data directory that nobody else uses, and on whichever ports are free. */
const startOwn = async (config: Config): Promise<Place> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gateway-demo-'))
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true })
  try {
    const own = { ...config, dataDir, http: { ...config.http, port: 0, portWasSet: true, metricsPort: null } }
    const house = await openHouse({ config: own, log: makeLog(config.logLevelWasSet ? config.logLevel : 'error') })
    const systemOf = (agencyId: string) => {
      const system = house.sandbox?.systems.find((one) => one.agencyId === agencyId)
      if (system === undefined) throw new Error(`${agencyId} has no system in the sandbox`)
      return system
    }
    return {
      url: house.url,
      says: `a sandbox of its own at ${house.url}`,
      dataDir,
      systems: {
        misbehave: (agencyId, how) => systemOf(agencyId).misbehave(how),
        answered: (agencyId) => systemOf(agencyId).answered(),
      },
      close: async () => {
        await house.close()
        remove()
      },
    }
  } catch (cause) {
    remove()
    throw cause
  }
}
