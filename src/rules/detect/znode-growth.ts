import type { Detector } from '../../model/finding.ts';
import { etaOf } from '../../model/slope.ts';
import { sharedHours } from './signs/growth.ts';
import { figuresOf } from './signs/latest.ts';
import { metricDetector } from './signs/metric-detector.ts';
import { growingMost, largestPart, partLines } from './signs/tree.ts';

const dayMs = 24 * 3_600_000;

/** 1,000,000 znodes: ZooKeeper's own alert file. Or a steady line of a week that gets there within another. */
const thresholds = { holdMs: 60_000, warn: 1_000_000, etaMs: 7 * dayMs, fitMs: 7 * dayMs };

/** Parts of the tree among the evidence. */
const partsMax = 5;

/** The tree has very many znodes, or soon will: snapshots and restarts take long. */
export const znodeGrowth: Detector = metricDetector({
  name: 'znode-growth',
  severity: 'warn',
  thresholds,
  judge: (scene) => {
    const count = figuresOf(scene.view, 'znode_count')[0]?.value;
    const eta = etaOf(
      sharedHours(scene.view, 'znode_count'),
      scene.limit('warn'),
      scene.limit('fitMs'),
    );
    const isMany = count !== undefined && count > scene.mark('warn');
    const growing = growingMost(scene.view);
    const part = growing ?? largestPart(scene.view);
    // A rough guess is no reason to disturb anybody.
    const isSoon =
      eta !== undefined && eta.confidence !== 'rough' && eta.inMs < scene.limit('etaMs');
    return [
      {
        verdict: count === undefined ? 'unknown' : isMany || isSoon ? 'firing' : 'clear',
        facts: {
          znodes: count ?? 0,
          limit: scene.limit('warn'),
          etaMs: isSoon && !isMany ? Math.round(eta.inMs) : -1,
          confidence: eta?.confidence ?? '',
          perDay: eta === undefined ? 0 : Math.round(eta.slope.perMs * dayMs),
          path: part?.path ?? '',
          pathZnodes: part?.znodes ?? 0,
          pathPerDay: growing?.perDay ?? 0,
        },
        evidence:
          count !== undefined && (isMany || isSoon)
            ? [
                `znode_count ${count}`,
                ...(eta === undefined
                  ? []
                  : [
                      `${Math.round(eta.slope.perMs * dayMs)} znodes a day over the last ${Math.round(scene.limit('fitMs') / dayMs)} days`,
                    ]),
                ...partLines(scene.view, partsMax),
              ]
            : [],
      },
    ];
  },
});
