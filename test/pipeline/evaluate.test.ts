import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/model/finding.ts';
import { evaluate } from '../../src/pipeline/evaluate.ts';
import { faultWords } from '../../src/rules/card/words/faults.ts';
import { words } from '../../src/rules/card/words/words.ts';
import { memberDown } from '../../src/rules/detect/member-down.ts';
import { memberHung } from '../../src/rules/detect/member-hung.ts';
import { aView } from '../support/builders.ts';
import { recordingLog } from '../support/log.ts';

const broken: Detector = {
  ...memberDown,
  name: 'odd-one',
  detect() {
    throw new Error('a bug');
  },
};

describe('a detector that throws', () => {
  it('is a finding that names it, and the others go on', () => {
    const log = recordingLog();

    const findings = evaluate([broken, memberDown], aView(), 1, log);

    const own = findings.find(({ detector }) => detector === 'detector-failed');
    expect(own?.verdict).toBe('firing');
    expect(findings.some(({ detector }) => detector === 'member-down')).toBe(true);
    const said = faultWords(words('en'), 'detector-failed');
    expect(said.title({ ensemble: 'orders' }, own?.facts ?? {})).toContain('odd-one failed');
    expect(log.lines.map(({ level }) => level)).toEqual(['error']);
  });

  it('is over as soon as it works again', () => {
    const findings = evaluate([memberDown], aView(), 1, recordingLog());

    expect(findings.find(({ detector }) => detector === 'detector-failed')?.verdict).toBe('clear');
  });
});

describe('a detector of which no card is out', () => {
  const view = aView({ states: { zk1: 'leader', zk2: 'follower', zk3: 'refused' } });
  const judged = (shown: ReadonlySet<string>) =>
    evaluate([memberHung], view, 1, recordingLog(), shown)
      .filter(({ detector }) => detector === 'member-hung')
      .map(({ subject }) => subject.server);

  it('is asked for its candidates alone', () => {
    expect(judged(new Set())).toEqual(['zk1', 'zk2']);
  });

  it('is asked for every server as soon as a card or a line of one is its own', () => {
    expect(judged(new Set(['member-hung']))).toEqual(['zk1', 'zk2', 'zk3']);
  });
});
