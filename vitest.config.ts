import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rules and what is built of them in memory: nothing of a file is left behind that the next one could stumble over. */
const inMemory = ['rules', 'model', 'commands', 'pipeline'].map(testsIn);

/** The whole bot beside real servers that are killed, frozen and waited for. */
const stories = [testsIn('story')];

/** The like for one edge alone. Some of them count the sockets of their process. */
const waiting = ['edges/zookeeper', 'edges/queue'].map(testsIn);

/** Files of half a minute and more on a quiet machine, the longest first. */
const long = [
  'story/automation',
  'story/recovery-frozen',
  'story/digest-killed',
  'edges/zookeeper/sensors',
  'edges/queue/schedule',
  'story/redis-failover',
  'story/partition',
  'story/bot-killed',
  'story/replica-killed',
].map((name) => `/test/${name}.test.ts`);

/** Begins with the long files, so that the end of a run does not wait for one of them alone. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const place = ({ moduleId }: TestSpecification) => {
      const found = long.findIndex((name) => moduleId.endsWith(name));
      return found === -1 ? long.length : found;
    };
    return sorted.toSorted((a, b) => group(a) - group(b) || place(a) - place(b));
  }
}

/** They leave two cores idle for half of their time: three at a time is what these carry. A busy machine makes them wait long. */
const patient = { maxWorkers: 3, sequence: { groupOrder: 1 }, testTimeout: 180_000 };

export default defineConfig({
  test: {
    // Machines read the second one: `.ci/run` counts with it.
    reporters: ['default', ['json', { outputFile: '.cache/tests.json' }]],
    // For machines that have other things to do; on a quiet one a test takes seconds.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    coverage: { provider: 'v8', include: ['src/**', 'commands/**'] },
    sequence: { sequencer: LongFirst },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'edges',
          include: [testsIn('')],
          exclude: ['node_modules/**', ...inMemory, ...stories, ...waiting],
        },
      },
      // Half of their time would be loading the same modules: once for all.
      { extends: true, test: { name: 'in-memory', include: inMemory, isolate: false } },
      { extends: true, test: { name: 'stories', include: stories, isolate: false, ...patient } },
      { extends: true, test: { name: 'waiting', include: waiting, ...patient } },
    ],
  },
});

function testsIn(folder: string): string {
  return `test/${folder === '' ? '' : `${folder}/`}**/*.test.ts`;
}
