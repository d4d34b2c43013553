import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/edges/zookeeper/answer.ts';
import { parseMntr } from '../../../src/edges/zookeeper/parse-mntr.ts';
import { parseMonitor } from '../../../src/edges/zookeeper/parse-monitor.ts';
import { parseSrvr } from '../../../src/edges/zookeeper/parse-srvr.ts';

// Every recorded answer goes through its parser. What must come out is read from the text by other means: a regular expression
// per fact, and the number of lines that end in a number.

const fixtures = join(import.meta.dirname, '../../fixtures/zookeeper');

const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' });

function recorded(ending: string, begin: string): readonly (readonly [string, string])[] {
  return files
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => [file, readFileSync(join(fixtures, file), 'utf8')] as const)
    .filter(([, text]) => text.startsWith(begin));
}

/** What comes out of the text cut in the middle, anywhere, and is not in the whole: nothing may. */
function liesOf(text: string, parse: (text: string) => Answer | undefined): readonly string[] {
  const whole = parse(text)!;
  const lies: string[] = [];
  for (let at = 0; at < text.length; at += 61) {
    const part = parse(text.slice(0, at));
    if (part === undefined) continue;
    if (part.mode !== whole.mode) lies.push(part.mode);
    if (part.zxid !== undefined && part.zxid !== whole.zxid) lies.push(part.zxid);
    for (const [key, value] of Object.entries(part.metrics))
      if (whole.metrics[key] !== value) lies.push(`${key} ${value}`);
  }
  return lies;
}

describe('every recorded mntr', () => {
  const serving = recorded('.mntr.txt', 'zk_version');

  it('is there for each version', () => {
    const versions = new Set(serving.map(([file]) => file.split('/')[0]));

    expect([...versions]).toEqual(['3.4.13', '3.8.0', '3.9.3', 'mixed-3.8.0-3.9.3']);
    expect(serving.length).toBeGreaterThan(40);
  });

  it.each(serving)('%s is read', (_file, text) => {
    const answer = parseMntr(text);

    expect(answer?.mode).toBe(/^zk_server_state\t(.*)$/m.exec(text)![1]);
    expect(answer?.version).toBe(/^zk_version\t(\d+\.\d+\.\d+)/m.exec(text)![1]);
    expect(answer?.peerState).toBe(/^zk_peer_state\t(.*)$/m.exec(text)?.[1]);
    const numbers = text.match(/^zk_\S+\t-?\d+(\.\d+)?(E-?\d+)?$/gm)!;
    expect(Object.keys(answer!.metrics)).toHaveLength(numbers.length);
    for (const line of numbers) {
      const [key, value] = line.slice(3).split('\t');
      expect(answer!.metrics[key!]).toBe(Number.parseFloat(value!));
    }
  });

  it.each(serving)('%s cut anywhere tells nothing false', (_file, text) => {
    expect(liesOf(text, parseMntr)).toEqual([]);
    expect(parseMntr(text.slice(0, -1))).toBeUndefined();
  });

  it.each(
    files
      .filter((file) => file.endsWith('.mntr.txt') && !serving.some(([name]) => name === file))
      .map((file) => [file]),
  )('%s is no reading', (file) => {
    expect(parseMntr(readFileSync(join(fixtures, file), 'utf8'))).toBeUndefined();
  });
});

describe('every recorded srvr', () => {
  const serving = recorded('.srvr.txt', 'Zookeeper version');

  it.each(serving)('%s is read', (_file, text) => {
    const answer = parseSrvr(text);

    expect(answer?.mode).toBe(/^Mode: (.*)$/m.exec(text)![1]);
    expect(answer?.zxid).toBe(/^Zxid: (.*)$/m.exec(text)![1]);
    expect(answer?.version).toBe(/^Zookeeper version: (\d+\.\d+\.\d+)/.exec(text)![1]);
    const latency = /^Latency min\/avg\/max: (.*)\/(.*)\/(.*)$/m.exec(text)!;
    expect(answer?.metrics).toEqual({
      min_latency: Number(latency[1]),
      avg_latency: Number(latency[2]),
      max_latency: Number(latency[3]),
      packets_received: Number(/^Received: (.*)$/m.exec(text)![1]),
      packets_sent: Number(/^Sent: (.*)$/m.exec(text)![1]),
      num_alive_connections: Number(/^Connections: (.*)$/m.exec(text)![1]),
      outstanding_requests: Number(/^Outstanding: (.*)$/m.exec(text)![1]),
      znode_count: Number(/^Node count: (.*)$/m.exec(text)![1]),
    });
  });

  it.each(serving)('%s cut anywhere tells nothing false', (_file, text) => {
    expect(liesOf(text, parseSrvr)).toEqual([]);
  });

  it.each(
    files
      .filter((file) => file.endsWith('.srvr.txt') && !serving.some(([name]) => name === file))
      .map((file) => [file]),
  )('%s is no reading', (file) => {
    expect(parseSrvr(readFileSync(join(fixtures, file), 'utf8'))).toBeUndefined();
  });
});

describe('every recorded monitor', () => {
  const serving = recorded('.admin-monitor.json', '{');

  it.each(serving)('%s is read', (_file, text) => {
    const answer = parseMonitor(text);

    expect(answer?.mode).toBe(/"server_state" : "(.*)"/.exec(text)![1]);
    expect(answer?.version).toBe(/"version" : "(\d+\.\d+\.\d+)/.exec(text)![1]);
    const numbers = text.match(/^ {2}"\S+" : -?\d+(\.\d+)?(E-?\d+)?,?$/gm)!;
    expect(Object.keys(answer!.metrics)).toHaveLength(numbers.length);
    expect(answer?.metrics['znode_count']).toBe(Number(/"znode_count" : (\d+)/.exec(text)![1]));
  });

  it.each(serving)('%s cut anywhere is no reading', (_file, text) => {
    for (let at = 0; at < text.length - 1; at += 61)
      expect(parseMonitor(text.slice(0, at))).toBeUndefined();
  });

  it.each(
    files
      .filter(
        (file) => file.endsWith('.admin-monitor.json') && !serving.some(([name]) => name === file),
      )
      .map((file) => [file]),
  )('%s is no reading', (file) => {
    expect(parseMonitor(readFileSync(join(fixtures, file), 'utf8'))).toBeUndefined();
  });
});
