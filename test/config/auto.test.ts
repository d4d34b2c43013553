import { describe, expect, it } from 'vitest';
import { detectorThresholds } from '../../src/app/catalog.ts';
import { loadConfig } from '../../src/config/load.ts';
import { words } from '../../src/rules/card/words/words.ts';

const restart = 'restart: { systemd: zookeeper }';

function load(rules: string, more: readonly string[] = [restart]) {
  const text = [
    'ensembles:',
    '  orders:',
    '    servers: [zk1:2181, zk2:2181, zk3:2181]',
    ...more.map((line) => `    ${line}`),
    `    auto: ${rules}`,
    '',
  ].join('\n');
  return loadConfig(text, { env: {}, detectorThresholds });
}

function faultOf(rules: string, more?: readonly string[]) {
  const loaded = load(rules, more);
  if (loaded.ok) throw new Error('taken');
  return loaded.faults;
}

const sound = 'detector: member-hung, action: restart-server, after: 10m';

describe('the rules of automatic recovery', () => {
  it('are off where nothing is written', () => {
    const loaded = loadConfig('ensembles: { orders: { servers: [zk1:2181] } }', {
      env: {},
      detectorThresholds,
    });

    expect(loaded.ok && loaded.config.settings.ensembles[0]?.auto).toBeUndefined();
  });

  it.each([
    ['', { times: 1, withinMs: 21_600_000 }, { times: 1, withinMs: 21_600_000 }],
    [', atMost: 2 per 1d', { times: 2, withinMs: 86_400_000 }, { times: 2, withinMs: 86_400_000 }],
    [
      ', atMost: { server: 1 per 6h, ensemble: 3 per 1d }',
      { times: 1, withinMs: 21_600_000 },
      { times: 3, withinMs: 86_400_000 },
    ],
  ])('say after how long, what, and how often%s', (atMost, perServer, perEnsemble) => {
    const loaded = load(`[{ ${sound}${atMost} }]`);

    expect(loaded.ok && loaded.config.settings.ensembles[0]?.auto).toEqual([
      {
        detector: 'member-hung',
        action: 'restart-server',
        afterMs: 600_000,
        perServer,
        perEnsemble,
      },
    ]);
  });

  it.each<[string, string, readonly string[] | undefined, object, string]>([
    [
      'an unknown detector',
      '[{ detector: member-hungry, action: restart-server, after: 10m }]',
      undefined,
      { kind: 'unknown-name', of: 'detector', suggestion: 'member-hung' },
      'did you mean "member-hung"?',
    ],
    [
      'an unknown action',
      '[{ detector: member-hung, action: restart-sever, after: 10m }]',
      undefined,
      { kind: 'unknown-name', of: 'action' },
      'there is no recovery "restart-sever"',
    ],
    [
      'an action that no rule may begin',
      '[{ detector: member-hung, action: rolling-restart, after: 10m }]',
      undefined,
      { kind: 'auto-forbidden' },
      'rolling-restart never begins by itself',
    ],
    [
      'a fault of the whole ensemble',
      '[{ detector: quorum-lost, action: restart-server, after: 10m }]',
      undefined,
      { kind: 'auto-unfit', ofTheEnsemble: true },
      'is a fault of the whole ensemble, so there is no server',
    ],
    [
      'a fault that a restart does not end',
      '[{ detector: overload, action: restart-server, after: 10m }]',
      undefined,
      { kind: 'auto-unfit', ofTheEnsemble: false },
      'restart-server does not end overload',
    ],
    [
      'too little patience',
      '[{ detector: member-hung, action: restart-server, after: 5s }]',
      undefined,
      { kind: 'out-of-range' },
      'at least 10s',
    ],
    [
      'no time at all',
      '[{ detector: member-hung, action: restart-server, after: soon }]',
      undefined,
      { kind: 'wrong-value', want: 'duration' },
      '',
    ],
    [
      'a limit nobody can read',
      `[{ ${sound}, atMost: once }]`,
      undefined,
      { kind: 'wrong-value', want: 'limit' },
      'such as 1 per 6h',
    ],
    [
      'a limit that looks back too far',
      `[{ ${sound}, atMost: 1 per 30d }]`,
      undefined,
      { want: 'limit' },
      'at most 7d',
    ],
    [
      'a second rule for a fault',
      `[{ ${sound} }, { ${sound} }]`,
      undefined,
      { kind: 'auto-twice' },
      'a rule for member-hung already, in line 5',
    ],
    [
      'no way to restart',
      `[{ ${sound} }]`,
      [],
      { kind: 'section-missing' },
      'auto needs the section "restart"',
    ],
    [
      'an action others must agree to',
      `[{ ${sound} }]`,
      [restart, 'approvals: { restart-server: 1 }'],
      { kind: 'auto-agreed' },
      'approvals asks for 1 more person',
    ],
    [
      'a word that is no key',
      `[{ ${sound}, when: night }]`,
      undefined,
      { kind: 'unknown-key' },
      '',
    ],
    ['an empty list', '[]', undefined, { kind: 'empty-list' }, ''],
  ])('cannot have %s', (_, rules, more, what, said) => {
    const faults = faultOf(rules, more);

    expect(faults[0]?.what).toMatchObject(what);
    for (const language of ['en', 'zh-CN'] as const)
      for (const fault of faults)
        expect(words(language).setup.trouble(fault.what).length).toBeGreaterThan(5);
    expect(faults.map((fault) => words('en').setup.trouble(fault.what)).join('\n')).toContain(said);
    expect(faults[0]?.path).toContain('ensembles.orders.auto');
  });
});
