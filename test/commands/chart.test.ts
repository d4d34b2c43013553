import { describe, expect, it } from 'vitest';
import { chart } from '../../commands/chart.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import type { Reply } from '../../src/model/reply.ts';
import type { Sample } from '../../src/model/sample.ts';
import { growTrend } from '../../src/model/trend.ts';
import { aFailure, anIncident, aPerson, aReading, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

/** Three servers, a look every 20 s for an hour; zk2 is away for ten minutes. */
const samples: readonly Sample[] = ['zk1', 'zk2', 'zk3'].flatMap((server, place) =>
  Array.from({ length: 180 }, (_, index) => {
    const atMs = nightMs - 3_600_000 + index * 20_000;
    const count = index * 10;
    return server === 'zk2' && index >= 60 && index < 90
      ? aFailure({ server, atMs })
      : aReading({
          server,
          atMs,
          metrics: {
            uptime: 1e9 + index,
            outstanding_requests: index % 10,
            cnt_updatelatency: count,
            sum_updatelatency: count * 10 * (place + 1),
          },
        });
  }),
);

const trends = {
  zk1: {
    fine: [],
    coarse: [growTrend({}, aReading(), undefined, { disk_free_bytes: 7 }).fine ?? fail()],
  },
};

function fail(): never {
  throw new Error('a reading makes a point');
}

function ask(line: string, via = 'slack', language: 'en' | 'zh-CN' = 'en') {
  const incidents = [anIncident({ sinceMs: nightMs - 1_800_000, detector: 'overload', facts: {} })];
  const desk = aDesk(
    { samples, trends, incidents },
    { origin: { via, actor: aPerson() }, language, nowMs: nightMs },
  );
  return run(chart, line, desk);
}

function svgOf(answer: Reply | Refusal): string {
  const [picture] = 'kind' in answer ? [] : (answer.pictures ?? []);
  return Buffer.from(picture?.base64 ?? '', 'base64').toString();
}

describe('the command chart', () => {
  it('draws a line for each server, and says the same in words and bars', async () => {
    const answer = await ask('chart orders latency 1h');

    expect(answer).toMatchObject({
      outcome: 'done',
      visibility: 'public',
      pictures: [{ name: 'orders-latency.png', mediaType: 'image/png' }],
    });
    expect(read(answer)).toContain('orders: mean time of a write, last 1 h');
    expect(read(answer)).toMatch(/zk3 \| [▁ ]+ \| 30 ms \| 30 ms \| 30 ms/u);
    const svg = svgOf(answer);
    expect(svg.match(/<polyline/gu)).toHaveLength(4);
    expect(svg).toContain('orders · write latency · 1 h');
    expect(svg).toContain('#12');
    for (const server of ['zk1', 'zk2', 'zk3']) expect(svg).toContain(`>${server}</text>`);
  });

  it('tells what it shows to those who do not see it', async () => {
    const answer = await ask('chart orders latency');

    expect('kind' in answer ? '' : answer.pictures?.[0]?.alt).toBe(
      'orders: mean time of a write, last 1 h; zk1: 10 ms / 10 ms / 10 ms; zk2: 20 ms / 20 ms / 20 ms; zk3: 30 ms / 30 ms / 30 ms',
    );
  });

  it.each([
    'chart orders outstanding',
    'chart ORDERS outstanding_requests 1h',
    'chart orders zk_outstanding_requests',
    'chart 1h Outstanding orders',
    'chart orders queue 60 min',
    'chart 12',
    'chart #12 1h',
    '图表 orders 排队 1小时',
  ])('understands %s', async (line) => {
    expect(read(await ask(line))).toContain('requests taken and not answered, last 1 h');
  });

  it('lists what can be drawn to who asks alone, gauges of the servers too', async () => {
    const answer = await ask('chart orders');
    const said = read(answer);

    expect(answer).toMatchObject({ outcome: 'done', visibility: 'private' });
    expect(said).toContain('latency | mean time of a write');
    expect(said).toContain('disk_free_bytes | disk free bytes');
    expect(read(await ask('chart orders', 'slack', 'zh-CN'))).toContain('latency | 写入平均耗时');
  });

  it('draws a gauge under its own name', async () => {
    expect(read(await ask('chart orders disk-free-bytes 2d'))).toContain('7 bytes');
  });

  it.each([
    ['chart orders latncy', 'There is no chart of "latncy". Did you mean latency?'],
    ['chart orders nonsense', 'There are: latency, read-latency'],
    ['chart', 'Write: /zk chart'],
    ['chart nowhere latency', 'nowhere'],
    ['chart orders latency 1h 2h', 'Write: /zk chart'],
    ['chart 99', 'There is no incident #99'],
  ])('helps with %s', async (line, help) => {
    expect(read(await ask(line))).toContain(help);
  });

  it('says so when nothing was seen', async () => {
    const answer = await ask('chart orders watches');

    expect(read(answer)).toContain('nothing was seen of "watches"');
    expect(answer).not.toHaveProperty('pictures');
  });

  it('draws for a terminal only where it names a file', async () => {
    expect(await ask('chart orders latency', 'cli')).not.toHaveProperty('pictures');
    expect(await ask('chart orders latency --png x.png', 'cli')).toHaveProperty('pictures');
  });

  it('draws no less than five minutes and no more than two weeks', async () => {
    expect(read(await ask('chart orders latency 1m'))).toContain('last 5 min');
    expect(read(await ask('chart orders took_ms 90d'))).toContain('last 14 d');
  });

  it('answers in words when the picture cannot be drawn', async () => {
    const desk = aDesk({ samples }, { paint: () => Promise.resolve(undefined), nowMs: nightMs });

    const answer = await run(chart, 'chart orders latency', desk);

    expect(read(answer)).toContain('The picture could not be drawn');
    expect(read(answer)).toContain('zk1 | ');
  });
});
