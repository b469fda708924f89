import { loadConfig } from './config.ts'
import { personas } from './sandbox/personas.ts'
import { mintToken } from './sandbox/tokens.ts'

/** Prints a sandbox token for a persona, for scripts: nothing else goes to standard output. */
const config = loadConfig()
const persona = process.argv[2]
if (persona === undefined || !personas.some(({ name }) => name === persona)) {
  console.error(
    `Say whom: npm run --silent token -- ${personas
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('signatory-'))
      .join(' | ')}`,
  )
  process.exit(2)
}
console.log(await mintToken({ dataDir: config.dataDir, persona, audience: config.identity.audience }))
