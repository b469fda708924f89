import { defineConfig } from 'vitest/config'

/** The long form of the faults and races, one after the other, with its figures in a table at the end. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    globalSetup: ['test/support/faults/measure/report.ts'],
    fileParallelism: false,
    hookTimeout: 120_000,
  },
})
