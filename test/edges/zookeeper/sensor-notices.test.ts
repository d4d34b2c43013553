import { describe, expect, it } from 'vitest';
import { type ServerNotices, serverNotices } from '../../../src/edges/zookeeper/sensor-notices.ts';

type Felt = 'stands' | 'broke' | 'fellSilent';

function told(...felt: readonly Felt[]): readonly string[] {
  const kinds: string[] = [];
  const notices: ServerNotices = serverNotices('zk1', ({ kind }) => void kinds.push(kind));
  for (const what of felt) notices[what]('why');
  return kinds;
}

describe('the notices of a server', () => {
  it.each<[string, readonly Felt[], readonly string[]]>([
    ['standing for the first time is no news', ['stands'], []],
    ['what never stood cannot break', ['broke', 'broke'], []],
    ['what never stood cannot fall silent', ['fellSilent'], []],
    ['a break is told once', ['stands', 'broke', 'broke'], ['broken']],
    ['silence is told once', ['stands', 'fellSilent', 'fellSilent'], ['silent']],
    ['a silent server that dies is news', ['stands', 'fellSilent', 'broke'], ['silent', 'broken']],
    ['a broken one is not silent as well', ['stands', 'broke', 'fellSilent'], ['broken']],
    ['serving again is told', ['stands', 'broke', 'stands', 'stands'], ['broken', 'serving']],
    [
      'silence is told anew after it served',
      ['stands', 'fellSilent', 'stands', 'fellSilent'],
      ['silent', 'serving', 'silent'],
    ],
  ])('%s', (_what, felt, kinds) => {
    expect(told(...felt)).toEqual(kinds);
  });
});
