import { describe, expect, it } from 'vitest';
import { lineFileCharsMax } from '../../../src/model/card.ts';
import { threadLine } from '../../../src/rules/card/thread-line.ts';
import { aDownServer, aRecoveryMark, nightMs, nightSettings } from './incidents.ts';

const srvr = 'Zookeeper version: 3.8.0\nLatency min/avg/max: 0/1.5/900\nMode: follower\n';
const recovered = aDownServer({ recovery: aRecoveryMark({ id: 'r-7', evidence: true }) });

function lineOf(
  answers: Readonly<Record<string, string>>,
  language: 'en' | 'zh-CN' = 'en',
  packs = [{ server: 'zk2', atMs: nightMs, answers }],
) {
  const context = { language, settings: nightSettings(), channel: 'slack', evidence: packs };
  return threadLine(recovered, 'evidence:r-7', context);
}

describe('the evidence in the thread of a card', () => {
  it('is a file with every answer, and calls nobody', () => {
    const { text, mention, file } = lineOf({ mntr: 'zk_uptime\t9\n', srvr });

    expect(text).toBe('What zk2 said right before: Restart of zk2.');
    expect(mention).toEqual([]);
    expect(file?.title).toBe('r-7: zk2 before');
    expect(file?.text).toContain('=== zk2 · 21 Nov 03:12');
    expect(file?.text).toContain('--- mntr ---\nzk_uptime\t9\n');
    expect(file?.text).toContain('--- srvr ---\nZookeeper version');
  });

  it('begins with what tells most where no file can hang', () => {
    const { file } = lineOf({ mntr: 'zk_uptime\t9\n', srvr });

    expect(file?.head).toEqual([
      'zk2 srvr',
      'Zookeeper version: 3.8.0',
      'Latency min/avg/max: 0/1.5/900',
      'Mode: follower',
    ]);
    expect(file?.more).toContain('/zk evidence r-7');
  });

  it('begins with the first answer of a server that has no srvr', () => {
    expect(lineOf({ mntr: 'zk_uptime\t9\n' }).file?.head).toEqual(['zk2 mntr', 'zk_uptime\t9']);
  });

  it('begins with the end of the log of a server that says nothing any more', () => {
    const log = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join('\n');
    const { file } = lineOf({ mntr: 'no answer: refused', srvr: 'no answer: refused', log });

    expect(file?.head).toHaveLength(11);
    expect(file?.head[0]).toBe('zk2 log');
    expect(file?.head.at(-1)).toBe('line 30');
  });

  it('says in words that nothing was said, without a file', () => {
    const silent = { mntr: 'no answer: refused, ECONNREFUSED', srvr: 'no answer: refused' };

    expect(lineOf(silent)).toEqual({
      text: 'zk2 said nothing right before: Restart of zk2 (no answer: refused, ECONNREFUSED).',
      mention: [],
    });
  });

  it('is cut where servers say very much', () => {
    const { file } = lineOf({ cons: 'x'.repeat(2 * lineFileCharsMax) });

    expect(file?.text).toHaveLength(lineFileCharsMax);
    expect(file?.text.endsWith('…')).toBe(true);
  });

  it('says so when it is too old to be kept', () => {
    expect(lineOf({}, 'en', []).text).toContain('There is no evidence of r-7');
  });

  it('is Chinese for Chinese readers', () => {
    const { text, file } = lineOf({ srvr }, 'zh-CN');

    expect(text).toMatch(/zk2 在操作前的应答/u);
    expect(file?.more).toMatch(/\p{Script=Han}.*\/zk evidence r-7/u);
  });
});
