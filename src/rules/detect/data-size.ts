import type { Detector } from '../../model/finding.ts';
import { figuresOf } from './signs/latest.ts';
import { metricDetector } from './signs/metric-detector.ts';
import { heaviestPart, walked } from './signs/tree.ts';

/** 1 GiB of paths and data: ZooKeeper's own alert file. */
const thresholds = { holdMs: 60_000, warnBytes: 1_073_741_824 };

/** Znodes among the evidence. */
const largestMax = 5;

/** The tree holds very much data: each snapshot and each server that joins anew carries all of it. */
export const dataSize: Detector = metricDetector({
  name: 'data-size',
  severity: 'warn',
  thresholds,
  judge: (scene) => {
    const most = figuresOf(scene.view, 'approximate_data_size')[0];
    const znodes = figuresOf(scene.view, 'znode_count')[0]?.value ?? 0;
    const fires = most !== undefined && most.value > scene.mark('warnBytes');
    const part = heaviestPart(scene.view);
    const [largest] = walked(scene.view)?.largest ?? [];
    return [
      {
        verdict: most === undefined ? 'unknown' : fires ? 'firing' : 'clear',
        facts: {
          bytes: most?.value ?? 0,
          limitBytes: scene.limit('warnBytes'),
          znodes,
          path: part?.path ?? '',
          pathBytes: part?.bytes ?? 0,
          largest: largest?.path ?? '',
        },
        evidence: fires
          ? [
              `${most.server}: approximate_data_size ${most.value}, znode_count ${znodes}`,
              ...(walked(scene.view)?.largest ?? [])
                .slice(0, largestMax)
                .map(({ path, bytes }) => `${path}: ${bytes} bytes of data`),
            ]
          : [],
      },
    ];
  },
});
