import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { buildPeople } from '../people.ts'
import type { AgencySystem, SystemDefinition } from './agency-system.ts'
import { startAgencySystem } from './agency-system.ts'
import { dipSystem } from './dip.ts'
import { freshStepsSystem } from './fresh-steps.ts'
import { policeSystem } from './police.ts'
import { probationSystem } from './probation.ts'
import { stonebeckSystem } from './stonebeck.ts'
import { yosSystem } from './yos.ts'

const definitions: readonly SystemDefinition[] = [policeSystem, probationSystem, yosSystem, dipSystem, freshStepsSystem, stonebeckSystem]

export interface AgencySystems {
  readonly systems: readonly AgencySystem[]
  /** The description of each system with its address and credential filled in, as `parseSourceDescription` takes them. */
  readonly descriptions: readonly SystemDescription[]
  close(): Promise<void>
}

export interface SystemDescription {
  readonly name: string
  readonly value: Readonly<Record<string, unknown>>
}

/**
 * Starts the five agencies' systems and the prison's, each a server of its own on the loopback address. Each asks for a credential,
 * kept in the data directory for the gateway to read. `ports` by agency id; an agency not named there gets a free port.
 */
export const startAgencySystems = async (options: {
  readonly dataDir: string
  readonly ports?: Readonly<Record<string, number>>
}): Promise<AgencySystems> => {
  const people = buildPeople()
  const systems: AgencySystem[] = []
  const close = async () => {
    await Promise.all(systems.map((system) => system.close()))
  }
  try {
    for (const definition of definitions) {
      const credential = await keptCredential(credentialFile(options.dataDir, definition.agencyId))
      const port = options.ports?.[definition.agencyId] ?? 0
      const keptIn = join(options.dataDir, `${definition.agencyId}.kept`)
      systems.push(await startAgencySystem({ definition, people, credential, port, keptIn }))
    }
    return { systems, descriptions: await describeSystems(options.dataDir, systems), close }
  } catch (error) {
    await close()
    throw error
  }
}

const sourcesDir = new URL('../sources/', import.meta.url)

const describeSystems = async (dataDir: string, systems: readonly AgencySystem[]): Promise<readonly SystemDescription[]> => {
  const files = (await readdir(sourcesDir)).filter((file) => file.endsWith('.yaml')).sort()
  return Promise.all(
    files.map(async (name) => {
      const written = parse(await readFile(new URL(name, sourcesDir), 'utf8')) as { agency: string }
      const system = systems.find(({ agencyId }) => agencyId === written.agency)
      if (!system) throw new Error(`${name} describes ${written.agency}, which has no system in the sandbox`)
      const credential = { type: 'bearer-file', file: credentialFile(dataDir, written.agency) }
      return { name, value: { ...written, address: system.url, credential } }
    }),
  )
}

const credentialFile = (dataDir: string, agencyId: string): string => join(dataDir, 'credentials', agencyId)

/** Made once, readable by its owner only; of two processes starting at once one wins and both read the same. */
const keptCredential = async (path: string): Promise<string> => {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  return readFile(path, 'utf8')
}
