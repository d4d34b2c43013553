#!/usr/bin/env node
import { detectors, detectorThresholds } from './catalog.ts';
import { runCli } from './cli-program.ts';
import { main } from './main.ts';
import { version } from './version.ts';

process.exitCode = await runCli(process.argv.slice(2), process, {
  version,
  detectorThresholds,
  detectors,
  start: main,
});
