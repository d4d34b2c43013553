import { describe, expect, it } from 'vitest';
import { blankTree, type TreeFacts } from '../../src/model/tree.ts';
import { type EnsembleExaminer, examineEnsemble } from '../../src/pipeline/examine-ensemble.ts';
import { anEnsemble, anEnsembleSettings, aReading } from '../support/builders.ts';
import { createFakeClock } from '../support/clock.ts';

const crawl = {
  everyMs: 3_600_000,
  requestsPerSecond: 100,
  nodes: 1000,
  bytes: 1_000_000,
  timeMs: 3_600_000,
  depth: 20,
};

/** Servers that answer everything, and what is remembered of their tree. */
function examinerWith(tree: TreeFacts | undefined): EnsembleExaminer {
  return {
    prober: {
      probe: (_settings, server) => Promise.resolve(aReading({ server: server.id })),
      discover: () => Promise.resolve(undefined),
      evidence: () => Promise.resolve({}),
    },
    surveyor: { survey: () => Promise.resolve({ facts: {}, asked: {} }) },
    hosts: { look: () => Promise.resolve(undefined) },
    tree: () => Promise.resolve(tree),
    tryCanary: () => Promise.resolve({ kind: 'written', tookMs: 3 }),
    clock: createFakeClock(),
  };
}

describe('examineEnsemble', () => {
  it('says that the walk over the tree brings nothing, and why', async () => {
    const settings = anEnsembleSettings({ crawl });
    const examiner = examinerWith({ ...blankTree, failed: 'no server serves' });

    const found = await examineEnsemble(examiner, settings, anEnsemble());

    const [walk, ...others] = found.filter(({ code }) => code === 'zk-walk-failed');
    expect(others).toEqual([]);
    expect(walk).toMatchObject({ about: 'orders', outcome: 'warning' });
    expect(walk?.facts).toEqual({ detail: 'no server serves' });
  });

  it('says nothing of a walk that goes on, or that nobody wants', async () => {
    const failing = examinerWith({ ...blankTree, failed: 'no server serves' });

    const walking = await examineEnsemble(
      examinerWith(blankTree),
      anEnsembleSettings({ crawl }),
      anEnsemble(),
    );
    const without = await examineEnsemble(failing, anEnsembleSettings(), anEnsemble());

    const codes = [...walking, ...without].map(({ code }) => code);
    expect(codes).not.toContain('zk-walk-failed');
    expect(codes).toContain('zk-seen');
  });
});
