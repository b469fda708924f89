import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Every page in every state, in a browser, and a month of look-ups: `npm run test:faults`.
    exclude: ['node_modules/**', 'test/**/*-long.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Much of a test is waiting for the database or for a process to start.
    maxWorkers: 4,
    // One process for many files: what a file loads and compiles, the next one finds.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
