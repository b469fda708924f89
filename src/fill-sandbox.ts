import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Config } from './config.ts'
import type { LeadTable } from './core/casework/lead/change-rules.ts'
import type { Database } from './db/db.ts'
import { readAgreementFile } from './gateway/agreements/import-agreements.ts'
import { termsHash } from './gateway/agreements/terms-hash.ts'
import { startIssuers } from './sandbox/issuers.ts'
import { seedSandbox } from './sandbox/seed.ts'
import { type AgencySystems, startAgencySystems } from './sandbox/systems/start-agency-systems.ts'
import { parseSourceDescription, type SourceDescription } from './sources/description.ts'
import { sealItems, type Sealer } from './sources/hosted.ts'

export interface RunningSandbox {
  readonly systems: AgencySystems['systems']
  readonly descriptions: readonly SourceDescription[]
  readonly issuersUrl: string
  close(): Promise<void>
}

/** Starts the agencies' issuers and systems, and fills an empty database with the synthetic partnership. */
export const fillSandbox = async (
  database: Database,
  { config, sealer }: { readonly config: Pick<Config, 'dataDir' | 'policiesDir'>; readonly sealer: Sealer },
): Promise<RunningSandbox> => {
  const { dataDir } = config
  const issuers = await startIssuers({ dataDir })
  const systems = await startAgencySystems({ dataDir })
  await seedSandbox(database, {
    dataDir,
    jwksUriOf: (agencyId) => issuers.jwksUriOf(agencyId),
    discoveryUriOf: (agencyId) => issuers.discoveryUriOf(agencyId),
    seal: (items, recordId) => sealItems(items, recordId, sealer),
    history: {
      leadTable: () => parse(readFileSync(join(config.policiesDir, 'lead-agency.yaml'), 'utf8')) as LeadTable,
      sealText: (text, place) => sealer.seal(Buffer.from(text), place),
    },
    agreements: readShippedAgreements(join(config.policiesDir, 'agreements')).map((terms) => ({ terms, hash: termsHash(terms) })),
  })
  return {
    systems: systems.systems,
    descriptions: systems.descriptions.map(({ name, value }) => parseSourceDescription(value, name)),
    issuersUrl: issuers.url,
    close: async () => {
      await systems.close()
      await issuers.close()
    },
  }
}

const readShippedAgreements = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readAgreementFile({ name, text: readFileSync(join(directory, name), 'utf8') }))
