import { describe, expect, it, vi } from 'vitest';
import { createPainter } from '../../../src/edges/pictures/painter.ts';
import { chartHeight, chartWidth, drawChart } from '../../../src/rules/card/chart.ts';
import { nightMs } from '../../support/builders.ts';

/** Width and height, as the header of a PNG says them. */
function sizeOf(png: Uint8Array): readonly [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

const picture = {
  title: 'orders',
  unit: 'ms',
  fromMs: nightMs - 3_600_000,
  toMs: nightMs,
  zone: 'UTC',
  lines: [],
  marks: [],
} as const;

describe('the painter', () => {
  it('makes a PNG of a chart, letters included, again and again', async () => {
    const painter = createPainter();

    const [named, nameless] = await Promise.all([
      painter.png(drawChart(picture)),
      painter.png(drawChart({ ...picture, title: '' })),
    ]);

    expect(Buffer.from(named.subarray(1, 4)).toString()).toBe('PNG');
    expect(sizeOf(named)).toEqual([chartWidth, chartHeight]);
    // The title is seen: there is more in one than in the other.
    expect(named.byteLength).toBeGreaterThan(nameless.byteLength + 200);
    expect(await createPainter().png(drawChart(picture))).toEqual(named);
  }, 30_000);

  it('draws also where its library has been begun by somebody else of the process', async () => {
    await createPainter().png(drawChart(picture));
    vi.resetModules();
    const fresh = await import('../../../src/edges/pictures/painter.ts');

    const png = await fresh.createPainter().png(drawChart(picture));

    expect(fresh.createPainter).not.toBe(createPainter);
    expect(sizeOf(png)).toEqual([chartWidth, chartHeight]);
  }, 30_000);

  it('refuses what is no drawing', async () => {
    await expect(createPainter().png('<svg')).rejects.toThrow('SVG data parsing failed');
  }, 30_000);
});
