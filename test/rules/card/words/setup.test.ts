import { describe, expect, it } from 'vitest';
import type { ConfigTrouble } from '../../../../src/model/config-fault.ts';
import { setupEn } from '../../../../src/rules/card/words/setup/en.ts';
import { setupZhCn } from '../../../../src/rules/card/words/setup/zh-cn.ts';

const troubles: readonly (readonly [ConfigTrouble, string, string])[] = [
  [
    { kind: 'wrong-value', value: '5', want: 'duration' },
    '"5" should be a time with its unit, such as 250ms, 5s, 10m or 2h',
    '“5”应为：带单位的时间，例如 250ms、5s、10m 或 2h',
  ],
  [
    { kind: 'unknown-key', key: 'prot', suggestion: 'port', known: ['host', 'port'] },
    '"prot" is not a key here; did you mean "port"?',
    '这里没有“prot”这个键；是否想写“port”？',
  ],
  [
    { kind: 'unknown-name', of: 'person', name: 'bob', known: [] },
    'there is no person "bob"; none is defined',
    '没有名为“bob”的人员；目前没有定义任何一个',
  ],
  [
    { kind: 'unset-variable', variable: 'BOT' },
    'the environment variable BOT is not set',
    '环境变量 BOT 没有设置',
  ],
  [
    { kind: 'duplicate', of: 'endpoint', value: 'zk1:2181', firstLine: 4 },
    'the address zk1:2181 is used already, in line 4',
    '地址 zk1:2181 在第 4 行已经用过',
  ],
];

describe('what is wrong with a configuration', () => {
  it.each(troubles)('%j is said in both languages', (trouble, english, chinese) => {
    expect(setupEn.trouble(trouble)).toBe(english);
    expect(setupZhCn.trouble(trouble)).toBe(chinese);
  });
});

describe('what a look at Redis found', () => {
  it.each([
    'redis-version',
    'redis-append-only',
    'redis-append-fsync',
    'redis-append-failing',
    'redis-eviction',
    'redis-role',
  ])('%s comes with what mends it, in both languages', (code) => {
    const finding = {
      code,
      level: 'risk',
      facts: { version: '5.0', wanted: '6.2', policy: 'x' },
    } as const;

    const english = setupEn.redisFinding(finding);
    const chinese = setupZhCn.redisFinding(finding);

    expect(english).toMatch(/Redis .+[.]$/u);
    expect(chinese).toMatch(/Redis.+。$/u);
    expect(english).not.toContain('?');
  });

  it('is not hidden where Redis does not say it', () => {
    const finding = { code: 'redis-append-only', level: 'unknown', facts: {} } as const;

    expect(setupEn.redisFinding(finding)).toContain('Redis does not say');
  });
});
