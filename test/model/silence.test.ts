import { describe, expect, it } from 'vitest';
import { type Scope, scopesMeet } from '../../src/model/silence.ts';

describe('two scopes', () => {
  it.each<[Scope, Scope, boolean]>([
    [{}, {}, true],
    [{}, { ensemble: 'orders', server: 'zk1', detector: 'member-down', severity: 'page' }, true],
    [{ ensemble: 'orders' }, { ensemble: 'ORDERS' }, true],
    [{ ensemble: 'orders' }, { ensemble: 'users' }, false],
    [{ ensemble: 'orders' }, { server: 'zk1' }, true],
    [{ server: 'zk1' }, { server: 'zk2' }, false],
    [{ severity: 'page' }, { severity: 'warn' }, false],
    [{ severity: 'page' }, { ensemble: 'orders' }, true],
    [{ ensemble: 'ord*' }, { ensemble: 'orders' }, true],
    [{ ensemble: 'ord*' }, { ensemble: '*ers' }, true],
    [{ ensemble: 'orders-*' }, { ensemble: 'orders' }, false],
    [{ ensemble: 'eu-*-a' }, { ensemble: '*-a' }, true],
    [{ ensemble: 'eu-*' }, { ensemble: 'us-*' }, false],
    [{ ensemble: '*a*' }, { ensemble: 'b*' }, true],
    [{ detector: 'member-*' }, { detector: '*-lost' }, true],
    [{ detector: 'member-*' }, { detector: 'quorum-*' }, false],
  ])('%j and %j meet: %s', (one, other, meet) => {
    expect(scopesMeet(one, other)).toBe(meet);
    expect(scopesMeet(other, one)).toBe(meet);
  });
});
