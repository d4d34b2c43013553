import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CalendarCopy } from '../../src/model/on-call.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** What every keeper of calendars promises. */
export function calendarsContract(name: string, make: MakeStores): void {
  describe(`${name} as keeper of calendars`, () => {
    let stores: StoresUnderTest;

    beforeEach(async () => {
      stores = await make();
    });

    afterEach(() => stores.close());

    const copy: CalendarCopy = {
      schedule: 'orders',
      readMs: 1,
      filledMs: 1,
      etag: '"v1"',
      shifts: [{ fromMs: 1, untilMs: 2, emails: ['ann@example.com'], summary: '值班：Ann' }],
      failures: 0,
    };

    it('gives back what was saved, for its schedule alone', async () => {
      await stores.calendars.save(copy);

      expect(await stores.calendars.copy('orders')).toEqual(copy);
      expect(await stores.calendars.copy('billing')).toBeUndefined();
    });

    it('keeps the newest copy', async () => {
      const { etag: _, ...failed } = { ...copy, failures: 3, lastError: 'HTTP 503' };
      await stores.calendars.save(copy);
      await stores.calendars.save(failed);

      expect(await stores.calendars.copy('orders')).toEqual(failed);
    });
  });
}
