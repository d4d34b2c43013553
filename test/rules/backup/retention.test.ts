import { describe, expect, it } from 'vitest';
import type { KeptBackup } from '../../../src/model/kept-backup.ts';
import { expiredBackups } from '../../../src/rules/backup/retention.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const mondayMs = Date.UTC(2026, 10, 16);

function aBackup(startedMs: number, denied = 0): KeptBackup {
  return {
    file: `/b/${(startedMs - mondayMs) / hourMs}`,
    startedMs,
    endedMs: startedMs,
    root: '/',
    bytes: 1,
    sha256: '',
    zxid: '0x1',
    znodes: 1,
    dataBytes: 1,
    ephemerals: 0,
    moved: 0,
    denied,
  };
}

const hours = (from: number, count: number, everyHours: number): readonly KeptBackup[] =>
  Array.from({ length: count }, (_, at) => aBackup(mondayMs + (from + at * everyHours) * hourMs));

function stays(kept: readonly KeptBackup[], keep: Parameters<typeof expiredBackups>[1]) {
  const gone = expiredBackups(kept, keep, 'UTC');
  return kept.filter((each) => !gone.includes(each)).map(({ file }) => file);
}

describe('old backups', () => {
  it('go when there are more than so many', () => {
    const kept = hours(0, 5, 1);

    expect(stays(kept, { last: 2, daily: 0, weekly: 0 })).toEqual(['/b/3', '/b/4']);
  });

  it('stay as the newest of their day and of their week', () => {
    // Four a day, for three weeks.
    const kept = hours(0, 84, 6);

    expect(stays(kept, { last: 1, daily: 2, weekly: 3 })).toEqual([
      '/b/162',
      '/b/330',
      '/b/474',
      '/b/498',
    ]);
  });

  it('never go where they are the last one, or the last of which all could be read', () => {
    const whole = aBackup(mondayMs);
    const later = [aBackup(mondayMs + dayMs, 3), aBackup(mondayMs + 2 * dayMs, 3)];

    expect(stays([whole], { last: 0, daily: 0, weekly: 0 })).toEqual(['/b/0']);
    expect(stays([whole, ...later], { last: 1, daily: 0, weekly: 0 })).toEqual(['/b/0', '/b/48']);
  });
});
