import { defineConfig } from 'vitest/config'

/** The long form of the faults and races, one after the other, with its figures in a table at the end. */
export default defineConfig({
  test: {
    include: [
      'test/faults/**/*.test.ts',
      'test/evidence/sealing-kills.test.ts',
      'test/evidence/sealing-tampering.test.ts',
      'test/console/browser.test.ts',
      'test/conference/model.test.ts',
      'test/casework/model.test.ts',
      'test/**/*-long.test.ts',
      'test/console/ig-browser.test.ts',
    ],
    globalSetup: ['test/support/global-setup.ts', 'test/support/faults/measure/report.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
