import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCons } from '../../../src/edges/zookeeper/parse-cons.ts';
import { clockOf } from '../../../src/edges/zookeeper/visit.ts';
import type { Reading } from '../../../src/model/sample.ts';
import type { AdminFacts, ClockFacts } from '../../../src/model/survey.ts';
import { adminSurfaceExposed } from '../../../src/rules/detect/admin-surface-exposed.ts';
import { authFailures } from '../../../src/rules/detect/auth-failures.ts';
import { clockSkew } from '../../../src/rules/detect/clock-skew.ts';
import { tlsCertExpiry } from '../../../src/rules/detect/tls-cert-expiry.ts';
import { tlsHandshakeFailures } from '../../../src/rules/detect/tls-handshake-failures.ts';
import { aReading, aView, nightMs } from '../../support/builders.ts';
import { aHost, aSurveyedView } from '../../support/surveys.ts';
import { seeing } from './figures.ts';
import { judge } from './judge.ts';

const day = 86_400_000;

describe('clock-skew', () => {
  const clock = (skewMs: number, errorMs = 5): { clock: ClockFacts } => ({
    clock: { atMs: nightMs, skewMs, errorMs, source: 'cons' },
  });

  it.each([
    [900, 5, 'clear', 'warn'],
    [-1200, 5, 'firing', 'warn'],
    [1200, 600, 'clear', 'warn'],
    [3_600_000, 5, 'firing', 'page'],
  ] as const)('judges %i ms, give or take %i ms', (skewMs, errorMs, verdict, severity) => {
    const view = aSurveyedView({ zk1: clock(0), zk2: clock(skewMs, errorMs), zk3: clock(1) });

    expect(judge(clockSkew, view, 'zk2')).toMatchObject({ verdict, severity });
    expect(judge(clockSkew, view, 'zk1').verdict).toBe('clear');
  });

  it('says nothing where all servers agree against the bot: its own clock is wrong then', () => {
    const view = aSurveyedView({ zk1: clock(7000), zk2: clock(7100), zk3: clock(6950) });

    for (const server of ['zk1', 'zk2', 'zk3'])
      expect(judge(clockSkew, view, server).verdict).toBe('unknown');
  });

  it('finds the hour of the recorded server by its own session in cons', () => {
    const file = '../../fixtures/zookeeper/3.8.0/clock-skew/s2.cons.txt';
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    const cons = parseCons(text, nightMs, '0x200003fc5e40002')!;
    // The session began an hour before by every other clock.
    const stoodMs = cons.own!.establishedMs! - 3_600_000;

    const facts = clockOf(
      { id: '0x200003fc5e40002', beganMs: stoodMs - 4, stoodMs },
      cons.own!.establishedMs!,
      nightMs,
    );

    expect(facts.skewMs).toBe(3_600_002);
    expect(facts.errorMs).toBe(3);
    expect(judge(clockSkew, aSurveyedView({ zk2: { clock: facts } }), 'zk2').severity).toBe('page');
  });
});

describe('tls-cert-expiry', () => {
  it.each([
    [30, 'clear', 'warn'],
    [19, 'firing', 'warn'],
    [2, 'firing', 'page'],
    [-1, 'firing', 'page'],
  ] as const)(
    'judges a certificate that is valid for %i days: %s, %s',
    (days, verdict, severity) => {
      const certificate = (port: number, left: number) => ({
        atMs: nightMs,
        port,
        notAfterMs: nightMs + left * day,
        fingerprint: 'AA:BB',
        subject: 'CN=zk2',
      });
      const view = aSurveyedView({
        zk2: { certificates: [certificate(2281, 300), certificate(2181, days)] },
      });

      expect(judge(tlsCertExpiry, view, 'zk2')).toMatchObject({ verdict, severity });
      expect(judge(tlsCertExpiry, view, 'zk2').facts).toMatchObject({ port: 2181 });
    },
  );

  it('knows nothing where no port speaks TLS', () => {
    expect(judge(tlsCertExpiry, aView(), 'zk2').verdict).toBe('unknown');
  });
});

describe('auth-failures and tls-handshake-failures', () => {
  const grows = (name: string, by: number) =>
    seeing({
      zk2: [
        [-60_000, { [name]: 100 }],
        [-30_000, { [name]: 100 + by / 2 }],
        [0, { [name]: 100 + by }],
      ],
    });

  it.each([
    [authFailures, 'auth_failed_count', 11, 'firing'],
    [authFailures, 'auth_failed_count', 10, 'clear'],
    [authFailures, 'auth_failed_count', 0, 'clear'],
    [tlsHandshakeFailures, 'unsuccessful_handshake', 11, 'firing'],
    [tlsHandshakeFailures, 'unsuccessful_handshake', 10, 'clear'],
  ] as const)('%o: %s grew by %i in a minute', (detector, name, by, verdict) => {
    expect(judge(detector, grows(name, by), 'zk2').verdict).toBe(verdict);
  });

  it('do not take a counter that began anew for failures', () => {
    const view = seeing({
      zk2: [
        [-60_000, { auth_failed_count: 5000 }],
        [-30_000, { auth_failed_count: 2 }],
        [0, { auth_failed_count: 3 }],
      ],
    });

    expect(judge(authFailures, view, 'zk2').verdict).toBe('clear');
  });

  it('find in the log what no counter has, and where it comes from', () => {
    const logHints = [
      { kind: 'auth-failed', count: 45, addresses: ['10.0.0.9 40', '10.0.0.1 5'], line: 'x' },
    ] as const;
    const view = aSurveyedView({ zk2: { host: aHost({ logHints }) } });

    expect(judge(authFailures, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { perMinute: 30, address: '10.0.0.9' },
    });
  });

  it('know nothing of a version that does not count', () => {
    expect(
      judge(
        authFailures,
        seeing({
          zk2: [
            [-5000, {}],
            [0, {}],
          ],
        }),
        'zk2',
      ).verdict,
    ).toBe('unknown');
  });
});

describe('admin-surface-exposed', () => {
  const admin = (overrides: Partial<AdminFacts>): { admin: AdminFacts } => ({
    admin: { atMs: nightMs, open: true, rootOpen: true, ...overrides },
  });
  const running = (version: string): Record<string, Reading> => ({
    zk2: aReading({ server: 'zk2', version }),
  });

  it.each([
    ['3.9.3', {}, ['snapshot']],
    ['3.10.0', {}, ['snapshot']],
    ['3.8.0', {}, []],
    ['3.9.3', { rootOpen: false }, []],
    ['3.9.3', { open: false }, []],
    ['3.9.3', { snapshot: false, restore: false }, []],
    ['3.9.3', { snapshot: false }, ['snapshot']],
    ['3.8.0', { allWords: true }, ['words']],
  ] as const)('of %s with %o: %o', (version, facts, doors) => {
    const view = aSurveyedView({ zk2: admin(facts) }, { samples: running(version) });

    expect(judge(adminSurfaceExposed, view, 'zk2')).toMatchObject({
      verdict: doors.length === 0 ? 'clear' : 'firing',
      facts: { doors },
    });
  });

  it('reads the words that are allowed from the file as well', () => {
    const host = aHost({ settings: { '4lw.commands.whitelist': 'srvr,*' } });

    expect(judge(adminSurfaceExposed, aSurveyedView({ zk2: { host } }), 'zk2').verdict).toBe(
      'firing',
    );
    expect(judge(adminSurfaceExposed, aView(), 'zk2').verdict).toBe('unknown');
  });
});
