import { PgBoss } from 'pg-boss'
import type { ConnectOptions } from '../db/db.ts'

type Connection = ConnectOptions['connection']
import { jobsGrants } from '../db/server/jobs-grants.ts'

/** The schema of the timers' own tables, apart from the evidence. */
export const jobsSchema = 'jobs'

/** Every queue, made by the owner: a gateway works on them and makes none. */
export const queues = [
  'clocks-nightly',
  'clocks-hourly',
  'misuse-nightly',
  'misuse-hourly',
  'mi-case-send',
  'mi-case-compare',
  'copy-recalls',
] as const
export type QueueName = (typeof queues)[number]

export interface QueueTimes {
  /** A job that has not ended by then is taken to be nobody's: its instance was killed. */
  readonly expireInSeconds: number
  readonly retryDelaySeconds: number
}
const shippedTimes: QueueTimes = { expireInSeconds: 600, retryDelaySeconds: 30 }

/** `exclusive`: one job of a queue waits or is at work at a time, however many instances there are and however often it is asked for. */
const queueOptions = ({ expireInSeconds, retryDelaySeconds }: QueueTimes) => ({
  retryLimit: 100,
  retryDelay: retryDelaySeconds,
  expireInSeconds,
  deleteAfterSeconds: 7 * 24 * 3600,
})

export type OnError = (message: string, cause: unknown) => void

export interface BossOptions {
  readonly connection: Connection
  readonly onError: OnError
  /** How often the timers look whether a job was left behind; seconds. */
  readonly watchSeconds?: number
}

/** As `gateway_app`: no schema of its own is made or changed, no index rebuilt. */
export const makeBoss = ({ connection, onError, watchSeconds = 60 }: BossOptions): PgBoss =>
  listening(
    new PgBoss({
      ...(connection as object),
      schema: jobsSchema,
      application_name: 'gateway timers',
      max: 3,
      migrate: false,
      createSchema: false,
      reindex: false,
      monitorVacuum: false,
      superviseIntervalSeconds: watchSeconds,
      monitorIntervalSeconds: watchSeconds,
      queueCacheIntervalSeconds: watchSeconds,
    }),
    onError,
  )

const listening = (boss: PgBoss, onError: OnError): PgBoss => boss.on('error', (cause) => onError('the timers met a fault', cause))

/**
 * Brings the timers' schema to this build's version and lets `gateway_app` use it. Run by the owner after the migrations; safe to run
 * on several instances at once.
 */
export const prepareJobs = async (
  owner: Connection,
  options: { readonly onError: OnError; readonly times?: QueueTimes },
): Promise<void> => {
  const boss = listening(new PgBoss({ ...(owner as object), schema: jobsSchema, max: 2, supervise: false }), options.onError)
  await boss.start()
  try {
    const settings = queueOptions(options.times ?? shippedTimes)
    for (const name of queues) {
      if ((await boss.getQueue(name)) === null) await boss.createQueue(name, { policy: 'exclusive', ...settings })
      else await boss.updateQueue(name, settings)
    }
    await boss.getDb().executeSql(jobsGrants(jobsSchema))
  } finally {
    await boss.stop({ graceful: false })
  }
}
