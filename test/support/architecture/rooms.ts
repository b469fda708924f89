/** What a room may import besides itself: other rooms, packages and Node's own modules. */
export interface Room {
  readonly rooms: readonly string[]
  readonly packages: readonly string[]
  /** `all`, or the few modules of Node that do not reach outside. */
  readonly builtins: 'all' | readonly string[]
}

/**
 * The import table of the house. Core and ledger know no input, output, clock or randomness; whoever stands further out may use
 * those further in. `node:crypto` in the ledger is hashing and signing only, which the words check holds.
 */
export const rooms: Readonly<Record<string, Room>> = {
  core: { rooms: [], packages: ['@casl/ability'], builtins: [] },
  ledger: { rooms: [], packages: [], builtins: ['crypto'] },
  db: { rooms: ['core', 'ledger'], packages: ['pg', 'node-pg-migrate'], builtins: 'all' },
  sources: { rooms: ['core'], packages: ['undici', 'cockatiel', 'jsonata', 'zod'], builtins: 'all' },
  identity: { rooms: ['core'], packages: ['jose'], builtins: ['crypto', 'buffer'] },
  gateway: { rooms: ['core', 'ledger', 'db', 'sources'], packages: ['yaml', 'zod'], builtins: 'all' },
  jobs: { rooms: ['gateway', 'core', 'ledger', 'db'], packages: ['pg-boss', 'pg'], builtins: 'all' },
  http: {
    rooms: ['gateway', 'identity', 'core'],
    packages: [
      'express',
      'helmet',
      'ajv',
      'ajv-formats',
      'yaml',
      'pino',
      'pino-http',
      'prom-client',
      'rate-limiter-flexible',
      'swagger-ui-dist',
      'nunjucks',
      'openid-client',
      'oauth4webapi',
      '@opentelemetry/api',
    ],
    builtins: 'all',
  },
  sandbox: { rooms: ['http', 'identity', 'core', 'db'], packages: ['jose', 'yaml', 'oidc-provider'], builtins: 'all' },
}

/** Files at the root of src, the command line and the demonstration put the house together: they may import everything. */
export const everything = '^src/(?:[a-z-]+\\.ts$|cli/|demo/)'

/** One package has one door: the wrapper that knows what the package does in corner cases. */
export const onlyImporter: Readonly<Record<string, string>> = {
  '@casl/ability': '^src/core/decision/policy\\.ts$',
  pg: '^src/db/',
}
