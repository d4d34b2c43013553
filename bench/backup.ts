/**
 * Fills a real ensemble of three, keeps its tree in a file, wipes it, restores, and compares byte for byte; beside it what ZooKeeper's own
 * command line takes for reading the same. `npm run bench:backup [-- --quick]`
 */
import { writeFileSync } from 'node:fs';
import { type BackupFigures, measureBackup } from './backup/measure.ts';
import { optionsOf, wholeNumber } from './options.ts';

const help = `npm run bench:backup [-- OPTIONS]

  --quick        5,000 znodes instead of 100,000; less than a minute
  --million      also a backup of 1,000,000 znodes, to see its memory
  --seed N       another tree (1)
  --json FILE    writes what was measured
  --help         this

Ends with 1 when the restored tree is another.`;

const values = optionsOf(help, {
  quick: { type: 'boolean', default: false },
  million: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
});
const seed = wholeNumber('seed', values.seed);

const say = (line: string): void => console.log(line);
const znodes = values.quick ? 5_000 : 100_000;
const zkCliMsMax = values.quick ? 15_000 : 240_000;
const main = await measureBackup({ znodes, seed, restore: true, zkCliMsMax, say });
const million = values.million
  ? await measureBackup({ znodes: 1_000_000, seed, restore: false, say })
  : undefined;
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ seed, main, million }, null, 2)}\n`);
for (const figures of [main, million]) if (figures !== undefined) console.log(`\n${told(figures)}`);
console.log(`\n${closing(main, million)}`);
process.exitCode = main.restored?.equal === true ? 0 : 1;

function mib(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function told(figures: BackupFigures): string {
  const { restored, zkCli } = figures;
  return [
    `${figures.znodes} znodes, ${mib(figures.dataBytes)} of data, file ${mib(figures.fileBytes)}`,
    `backup   ${figures.backupMs} ms, ${figures.backupPerSecond} znodes/s, at most ${mib(figures.backupPeakBytes)}, moved ${figures.moved}`,
    ...(restored === undefined
      ? []
      : [
          `restore  ${restored.ms} ms with both comparisons, ${restored.perSecond} znodes/s, at most ${mib(restored.peakBytes)}`,
        ]),
    ...(zkCli === undefined
      ? []
      : [`zkCli.sh ${zkCli.znodes} znodes printed in ${zkCli.ms} ms, ${zkCli.perSecond} znodes/s`]),
  ].join('\n');
}

function closing(one: BackupFigures, other: BackupFigures | undefined): string {
  const equal = one.restored?.equal === true ? 'yes' : 'no';
  const more =
    other === undefined
      ? ''
      : `; 1,000,000 znodes: ${other.backupPerSecond} znodes/s, peak ${mib(other.backupPeakBytes)}`;
  const times = one.zkCli === undefined ? '' : `, zkCli.sh ${one.zkCli.perSecond}/s`;
  return `backup ${one.backupPerSecond} znodes/s, peak ${mib(one.backupPeakBytes)}, equal ${equal}${times}${more}`;
}
