import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Machines read the second one: `.ci/run` counts with it.
    reporters: ['default', ['json', { outputFile: '.cache/tests.json' }]],
    // Stories start real servers: two at a time is what two cores carry.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**', 'commands/**'] },
  },
});
