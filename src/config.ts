import { resolve } from 'node:path'
import { z } from 'zod'

/** Everything that is set from outside, grouped by door; read once, at start. Paths are absolute. */
export interface Config {
  readonly mode: 'sandbox' | 'production'
  readonly http: {
    readonly host: string
    readonly port: number
    /** False when the port is the default: the sandbox then takes the next free one. */
    readonly portWasSet: boolean
    /** Null: no metrics port is opened. */
    readonly metricsPort: number | null
    /** Where clients reach the gateway, without a slash at the end; null in the sandbox only, which takes the address it listens on. */
    readonly publicUrl: string | null
    readonly tls: { readonly keyFile: string; readonly certFile: string } | null
  }
  readonly identity: {
    /** What a token's `aud` must be. */
    readonly audience: string
  }
  readonly database: {
    /** Null in the sandbox only: the bundled PostgreSQL, below `dataDir`. */
    readonly url: string | null
    /** For migrations; null: `url` serves for both. */
    readonly ownerUrl: string | null
  }
  readonly dataDir: string
  readonly keys: {
    /** Signs batches, receipts and checkpoints. Null in the sandbox only, which makes its own in `dataDir`. */
    readonly signingFile: string | null
    /** Seals hosted records. Null in the sandbox only. */
    readonly recordFile: string | null
  }
  /** Descriptions of agencies' own systems; null in the sandbox only, which has its own. */
  readonly sourcesDir: string | null
  readonly policiesDir: string
  /** The governance body in whose name the register answers where a person has no lead agency. */
  readonly partnershipId: string
  /** The access log's name in its checkpoints; it lasts as long as the log. */
  readonly logOrigin: string
  /** Names the witnesses of the log; null: nobody but the gateway signs it. */
  readonly witnessesFile: string | null
  readonly logLevel: (typeof logLevels)[number]
  readonly logLevelWasSet: boolean
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

/** What tokens for the sandbox are addressed to: a name, so that it stays the same whichever port was free. */
const sandboxAudience = 'urn:offender-information-gateway:sandbox'

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535)
  .optional()
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ }).optional()
const text = z.string().optional()

const variables = z.object({
  NODE_ENV: text,
  GATEWAY_MODE: z.enum(['sandbox', 'production']).optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  METRICS_PORT: port,
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  AUDIENCE: text,
  DATABASE_URL: postgresUrl,
  DATABASE_OWNER_URL: postgresUrl,
  DATA_DIR: z.string().default('.data'),
  TLS_KEY_FILE: text,
  TLS_CERT_FILE: text,
  SIGNING_KEY_FILE: text,
  RECORD_KEY_FILE: text,
  SOURCES_DIR: text,
  POLICIES_DIR: z.string().default('policies'),
  PARTNERSHIP_ID: z.string().default('ridings-partnership'),
  LOG_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/)
    .optional(),
  WITNESSES_FILE: text,
  LOG_LEVEL: z.enum(logLevels).optional(),
})
type Variables = z.infer<typeof variables>

const shouldBe: Readonly<Partial<Record<keyof Variables, string>>> = {
  GATEWAY_MODE: 'sandbox or production',
  PORT: 'a port from 0 to 65535',
  METRICS_PORT: 'a port from 0 to 65535',
  PUBLIC_URL: 'the http or https address at which clients reach the gateway',
  AUDIENCE: "what a token's aud must be, for example https://gateway.example",
  DATABASE_URL: 'a URL such as postgres://user@host:5432/database',
  DATABASE_OWNER_URL: 'a URL such as postgres://owner@host:5432/database',
  SIGNING_KEY_FILE: 'the file of the key that signs the log',
  RECORD_KEY_FILE: 'the file of the key that seals hosted records',
  SOURCES_DIR: "the directory of the descriptions of agencies' systems",
  LOG_ORIGIN: 'a name without spaces, for example gateway.example/access-log',
  WITNESSES_FILE: 'the file that names the witnesses of the log',
  LOG_LEVEL: `one of ${logLevels.join(', ')}`,
}

/** The start is refused: each line names a variable and what it should be, never its value, which may be a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/**
 * Reads and checks the configuration. Whether the files exist is found out by those who read them.
 * @param cwd what relative paths are relative to
 * @throws ConfigError with every problem at once
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env, cwd = process.cwd()): Config {
  // An empty variable is an unset one: that is how compose files and shells write it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = variables.safeParse(given)
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues
        .map(({ path }) => String(path[0]) as keyof Variables)
        .map((name) => `${name} must be ${shouldBe[name] ?? 'text'}.`),
    )
  const set = parsed.data
  const mode = set.GATEWAY_MODE ?? (set.NODE_ENV === 'production' ? 'production' : 'sandbox')
  const problems = [...modeProblems(set, mode), ...pairProblems(set)]
  if (problems.length > 0) throw new ConfigError(problems)
  return toConfig(set, mode, cwd)
}

function modeProblems(set: Variables, mode: Config['mode']): string[] {
  if (mode === 'sandbox')
    return set.NODE_ENV === 'production'
      ? ['GATEWAY_MODE must not be sandbox where NODE_ENV is production: the sandbox lets anybody sign in.']
      : []
  const needed = ['AUDIENCE', 'PUBLIC_URL', 'DATABASE_URL', 'SIGNING_KEY_FILE', 'RECORD_KEY_FILE', 'SOURCES_DIR'] as const
  return needed.filter((name) => set[name] === undefined).map((name) => `${name} must be set in production: ${shouldBe[name] ?? ''}.`)
}

function pairProblems(set: Variables): string[] {
  const problems: string[] = []
  if ((set.TLS_KEY_FILE === undefined) !== (set.TLS_CERT_FILE === undefined))
    problems.push('TLS_KEY_FILE and TLS_CERT_FILE must be set together or not at all.')
  if (set.DATABASE_OWNER_URL !== undefined && set.DATABASE_URL === undefined)
    problems.push('DATABASE_OWNER_URL must be left out without DATABASE_URL: the bundled database has its own owner.')
  return problems
}

function toConfig(set: Variables, mode: Config['mode'], cwd: string): Config {
  const file = (path: string | undefined): string | null => (path === undefined ? null : resolve(cwd, path))
  const [keyFile, certFile] = [file(set.TLS_KEY_FILE), file(set.TLS_CERT_FILE)]
  return {
    mode,
    http: {
      host: set.HOST,
      port: set.PORT ?? 8080,
      portWasSet: set.PORT !== undefined,
      metricsPort: set.METRICS_PORT ?? null,
      publicUrl: set.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
      tls: keyFile === null || certFile === null ? null : { keyFile, certFile },
    },
    identity: { audience: set.AUDIENCE ?? sandboxAudience },
    database: { url: set.DATABASE_URL ?? null, ownerUrl: set.DATABASE_OWNER_URL ?? null },
    dataDir: resolve(cwd, set.DATA_DIR),
    keys: { signingFile: file(set.SIGNING_KEY_FILE), recordFile: file(set.RECORD_KEY_FILE) },
    sourcesDir: file(set.SOURCES_DIR),
    policiesDir: resolve(cwd, set.POLICIES_DIR),
    partnershipId: set.PARTNERSHIP_ID,
    logOrigin:
      set.LOG_ORIGIN ?? (set.PUBLIC_URL === undefined ? 'sandbox.invalid/access-log' : `${new URL(set.PUBLIC_URL).host}/access-log`),
    witnessesFile: file(set.WITNESSES_FILE),
    logLevel: set.LOG_LEVEL ?? 'info',
    logLevelWasSet: set.LOG_LEVEL !== undefined,
  }
}
