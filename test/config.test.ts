import { expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../src/config.ts'

const production = {
  NODE_ENV: 'production',
  AUDIENCE: 'https://gateway.example',
  PUBLIC_URL: 'https://gateway.example/',
  DATABASE_URL: 'postgres://gateway@db.example/gateway',
  SIGNING_KEY_FILE: 'signing.pem',
  RECORD_KEY_FILE: '/keys/record',
  SOURCES_DIR: 'sources',
}
const problemsOf = (env: Record<string, string | undefined>): readonly string[] => {
  try {
    loadConfig(env, '/srv')
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('with nothing set it is the sandbox, on this machine alone', () => {
  const config = loadConfig({}, '/srv')
  expect(config).toMatchObject({
    mode: 'sandbox',
    http: { host: '127.0.0.1', port: 8080, portWasSet: false, publicUrl: null, tls: null },
    database: { url: null },
    dataDir: '/srv/.data',
    policiesDir: '/srv/policies',
  })
})

test('production needs everything that the sandbox makes for itself', () => {
  expect(loadConfig(production, '/srv')).toMatchObject({
    mode: 'production',
    http: { publicUrl: 'https://gateway.example' },
    keys: { signingFile: '/srv/signing.pem', recordFile: '/keys/record' },
  })
  for (const name of Object.keys(production).filter((key) => key !== 'NODE_ENV'))
    expect(problemsOf({ ...production, [name]: '' })).toEqual([expect.stringMatching(`^${name} must be set in production`)])
})

test('production refuses the sandbox', () => {
  expect(problemsOf({ ...production, GATEWAY_MODE: 'sandbox' })).toEqual([expect.stringContaining('must not be sandbox')])
  expect(loadConfig({ NODE_ENV: 'development', GATEWAY_MODE: 'sandbox' }).mode).toBe('sandbox')
})

test.each([
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', ' '],
  ['METRICS_PORT', '80.5'],
  ['GATEWAY_MODE', 'prod'],
  ['PUBLIC_URL', 'gateway.example'],
  ['DATABASE_URL', 'mysql://db/secret-word'],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused by name, without its value', (name, value) => {
  const problems = problemsOf({ [name]: value })
  expect(problems).toEqual([expect.stringMatching(`^${name} must be `)])
  expect(problems[0]).not.toContain('secret-word')
})

test('every problem is told at once', () => {
  expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x' })).toHaveLength(2)
})

test('what belongs together is set together', () => {
  expect(problemsOf({ TLS_KEY_FILE: 'key.pem' })).toEqual([expect.stringContaining('TLS_CERT_FILE')])
  expect(problemsOf({ DATABASE_OWNER_URL: 'postgres://owner@db/gateway' })).toEqual([expect.stringContaining('DATABASE_OWNER_URL')])
})

test('a port that was set is told from the default, zero included', () => {
  expect(loadConfig({ PORT: '0' }).http).toMatchObject({ port: 0, portWasSet: true })
  expect(loadConfig({ PORT: '8080' }).http.portWasSet).toBe(true)
})
