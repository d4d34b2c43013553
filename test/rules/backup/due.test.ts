import { describe, expect, it } from 'vitest';
import type { BackupHistory, BackupSettings } from '../../../src/model/kept-backup.ts';
import { dueMs, overdueMsMin, overdueSinceMs, retryMs } from '../../../src/rules/backup/due.ts';

const settings: BackupSettings = {
  dir: '/b',
  when: { everyMs: 1000 },
  keep: { last: 1, daily: 0, weekly: 0 },
  root: '/',
  perSecondMax: 1,
};
const { when: _, ...onRequest } = settings;
const next = (pattern: string, afterMs: number): number | undefined =>
  pattern === 'hourly' ? afterMs + 3_600_000 : undefined;
const at = (startedMs: number): BackupHistory => ({
  ensemble: 'orders',
  kept: [{ startedMs } as BackupHistory['kept'][number]],
});
const none: BackupHistory = { ensemble: 'orders', kept: [] };

describe('a backup', () => {
  it('is due at once where there is none, then by its interval or its pattern, never without either', () => {
    expect(dueMs(settings, none, next)).toBe(0);
    expect(dueMs(settings, at(5000), next)).toBe(6000);
    expect(dueMs({ ...settings, when: { cron: 'hourly' } }, at(5000), next)).toBe(3_605_000);
    expect(dueMs({ ...settings, when: { cron: 'never' } }, at(5000), next)).toBe(Infinity);
    expect(dueMs(onRequest, none, next)).toBeUndefined();
  });

  it('is tried again only a while after it failed', () => {
    const failed = { sinceMs: 1, atMs: 9000, why: '' };

    expect(dueMs(settings, { ...at(5000), failed }, next)).toBe(9000 + retryMs);
  });

  it('is told to be missing when it failed, or well after its time', () => {
    const failed = { sinceMs: 77, atMs: 9000, why: '' };

    expect(overdueSinceMs(settings, { ...at(5000), failed }, next, 9001)).toBe(77);
    expect(overdueSinceMs(settings, at(5000), next, 6000 + overdueMsMin)).toBeUndefined();
    expect(overdueSinceMs(settings, at(5000), next, 6001 + overdueMsMin)).toBe(6000);
    expect(overdueSinceMs(settings, none, next, 9e12)).toBeUndefined();
    expect(overdueSinceMs(onRequest, at(5000), next, 9e12)).toBeUndefined();
  });
});
