import type { Facts, Subject } from '../../../model/finding.ts';

/** A number among the facts; the fallback where a finding does not carry it. */
export function numberOf(facts: Facts, key: string, fallback = 0): number {
  const value = facts[key];
  return typeof value === 'number' ? value : fallback;
}

/** A text among the facts; empty where a finding does not carry it. Numbers are written out. */
export function textOf(facts: Facts, key: string): string {
  const value = facts[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A list among the facts; empty where a finding does not carry it. */
export function listOf(facts: Facts, key: string): readonly string[] {
  const value = facts[key];
  return Array.isArray(value) ? value : [];
}

/** A yes or no among the facts; no where a finding does not carry it. */
export function flagOf(facts: Facts, key: string): boolean {
  return facts[key] === true;
}

/** How a finding stands against the quorum: what its title ends with. */
export function quorumOf(facts: Facts): {
  readonly voters: number;
  readonly serving: number;
  readonly quorum: number;
  /** Voters that may be lost before writes stop. Negative: writes stand still. */
  readonly margin: number;
} {
  const serving = numberOf(facts, 'serving');
  const quorum = numberOf(facts, 'quorum');
  return { voters: numberOf(facts, 'voters'), serving, quorum, margin: serving - quorum };
}

/** `orders/zk2`, or `orders` for the ensemble as a whole. */
export function placeOf({ ensemble, server }: Subject): string {
  return server === undefined ? ensemble : `${ensemble}/${server}`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1.5 GiB`, `420 MiB`: two digits are enough to judge by. */
export function bytesOf(facts: Facts, key: string): string {
  let value = numberOf(facts, key);
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? Math.round(value * 10) / 10 : Math.round(value)} ${units[unit]}`;
}
