import { describe, expect, it } from 'vitest';
import { restartNeeded } from '../../src/app/restart-needed.ts';
import { loadConfig } from '../../src/config/load.ts';

function aConfig(lines: string) {
  const text = `${lines}\nensembles: { orders: { servers: ["zk1:2181"] } }\n`;
  const loaded = loadConfig(text, { env: {}, detectorThresholds: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

describe('a changed configuration', () => {
  it.each([
    ['http: { port: 9000 }', ['http']],
    ['redis: { url: "redis://other:6379" }', ['redis']],
    ['language: zh-CN', []],
    ['', []],
  ])('with %j needs a restart for %j', (lines, sections) => {
    expect(restartNeeded(aConfig(''), aConfig(lines))).toEqual(sections);
  });
});
