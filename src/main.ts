import { rmSync } from 'node:fs'
import { announceGateway } from './cli/gateway/gateway-address.ts'
import { loadConfig } from './config.ts'
import { makeLog } from './http/request-log.ts'
import { openHouse } from './house.ts'
import { welcome } from './sandbox/welcome.ts'

const config = loadConfig()
if (process.argv.includes('--fresh')) {
  if (config.mode !== 'sandbox') throw new Error('--fresh empties the sandbox; there is nothing it may empty in production.')
  rmSync(config.dataDir, { recursive: true, force: true })
}
// In the sandbox a newcomer reads the screen; the request log is for operators and for LOG_LEVEL=info.
const log = makeLog(config.mode === 'sandbox' && !config.logLevelWasSet ? 'warn' : config.logLevel)

const stopOnFault = (cause: unknown): void => {
  console.error(cause instanceof Error ? cause.message : String(cause))
  process.exitCode = 1
}

try {
  const house = await openHouse({ config, log })
  const withdraw =
    house.sandbox === null
      ? null
      : announceGateway(config.dataDir, {
          url: house.url,
          sources: house.sandbox.systems.map(({ agencyId, url }) => ({ agencyId, address: url })),
        })
  const stop = (): void => {
    withdraw?.()
    house.close().then(() => process.exit(0), stopOnFault)
  }
  const takeOver = (): void => {
    house.takeOverKey().then(
      (kid) => log.warn({ kid }, 'the log is signed with the key that was read now'),
      (cause: unknown) => log.error({ err: cause }, 'the key was not taken over; the one before it signs on'),
    )
  }
  // A terminal that is closed sends the same signal, and the sandbox in it should end.
  if (config.keys.signingFile !== null) process.on('SIGHUP', takeOver)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  if (house.sandbox === null) console.log(`The gateway is ready at ${house.url} with ${house.databaseSays}.`)
  else console.log(welcome({ url: house.url, databaseSays: house.databaseSays }))
} catch (cause) {
  stopOnFault(cause)
  process.exit(1)
}
