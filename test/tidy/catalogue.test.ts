import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  channels,
  commands,
  detectors,
  detectorThresholds,
  executors,
  recoveryActions,
} from '../../src/app/catalog.ts';
import { channelKeys } from '../../src/config/schema.ts';
import { ownTroubles } from '../../src/model/own-troubles.ts';
import { recoveryCard } from '../../src/model/recovery-card.ts';
import { silenceCard } from '../../src/model/silence.ts';
import { words } from '../../src/rules/card/words/words.ts';
import { filesIn, read } from './sources.ts';

/** Names of the files right in a folder that export a thing of this type. */
function filesThatExport(folder: string, type: string): readonly string[] {
  const pattern = new RegExp(String.raw`^export const \w+: ${type}\b`, 'mu');
  return filesIn(folder, '.ts')
    .filter((file) => file.split('/').length === folder.split('/').length + 1)
    .filter((file) => pattern.test(read(file)))
    .map((file) => basename(file, '.ts'));
}

describe('the catalogue', () => {
  it.each([
    ['detectors', 'src/rules/detect', 'Detector', detectors.map(({ name }) => name)],
    ['commands', 'commands', 'Command', commands.map(({ name }) => name)],
    ['recoveries', 'src/rules/guard', 'RecoveryAction', recoveryActions.map(({ name }) => name)],
    ['executors', 'src/edges/executors', 'Executor', executors.map(({ kind }) => kind)],
  ])('lists the %s of their folder, each named as its file', (_, folder, type, listed) => {
    const files = filesThatExport(folder, type);

    expect(listed.length).toBeGreaterThan(0);
    expect(new Set(listed)).toEqual(new Set(files));
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('lists the channels that edges make', () => {
    const made = filesIn('src/edges', '.ts')
      .filter((file) => /\bChannel\b/u.test(read(file)))
      .flatMap((file) => [...read(file).matchAll(/\bname: '(\w+)'/gu)])
      .map((match) => match[1] ?? '');

    expect(new Set(channels)).toEqual(new Set(made));
  });

  it('lists the channels that a configuration may name, and the console', () => {
    expect(new Set<string>(channels)).toEqual(new Set(['console', ...channelKeys]));
  });

  it('has words for every detector and every command, in both languages', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const { detectors: said, commands: explained } = words(language);
      for (const { name } of detectors) expect(Object.keys(said.faults)).toContain(name);
      for (const { name } of commands) expect(Object.keys(explained.about)).toContain(name);
    }
  });

  it('lets a route name every trouble of the bot itself', () => {
    const names: readonly string[] = detectors.map(({ name }) => name);
    const own = Object.keys(words('en').detectors.faults).filter(
      (name) => !names.includes(name) && name !== silenceCard && name !== recoveryCard,
    );

    expect(new Set<string>(ownTroubles)).toEqual(new Set(own));
  });

  it('lets a configuration change only thresholds that are numbers', () => {
    for (const thresholds of Object.values(detectorThresholds))
      for (const value of Object.values(thresholds)) expect(Number.isFinite(value)).toBe(true);
  });
});

describe('the names of a detector', () => {
  it('explain only faults of the catalogue', () => {
    const names: readonly string[] = detectors.map(({ name }) => name);
    const explained = detectors.flatMap(({ explains }) => explains.map(({ detector }) => detector));

    expect([...new Set(explained)].filter((name) => !names.includes(name))).toEqual([]);
  });

  it('never explain themselves on the same server', () => {
    for (const { name, explains } of detectors)
      for (const { detector, scope } of explains)
        expect(detector === name && scope === 'same-server').toBe(false);
  });
});
