import type { HealthReport } from '../edges/http/health.ts';
import type { Check } from '../model/check.ts';
import type { EnsembleSettings, Settings } from '../model/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnsembleStore } from '../ports/ensemble-store.ts';

/** Looks missed before an ensemble counts as not watched. */
export const looksMissedMax = 3;

/** What `/readyz` says: asks every part that can be blind. A part that throws is not ready, and says why. */
export async function readiness(parts: {
  readonly settings: Settings;
  readonly ensembles: Pick<EnsembleStore, 'status'>;
  readonly clock: Clock;
  readonly pingRedis: () => Promise<void>;
  /** What to say when Redis does not answer. */
  readonly noRedis: (reason: string) => string;
  /** What Redis might lose: shown, and no reason to be unready. */
  readonly risks: readonly { readonly code: string; readonly text: string }[];
  readonly channels: Readonly<Record<string, () => string | undefined>>;
}): Promise<HealthReport> {
  const redis = await check('redis', async () => {
    try {
      await parts.pingRedis();
      return undefined;
    } catch (error) {
      return parts.noRedis(error instanceof Error ? error.message : 'unknown error');
    }
  });
  const ensembles = await Promise.all(
    parts.settings.ensembles.map((settings) =>
      check(`ensemble ${settings.id}`, () => watched(parts, settings)),
    ),
  );
  const channels = await Promise.all(
    Object.entries(parts.channels).map(([name, state]) =>
      check(`channel ${name}`, () => Promise.resolve(state())),
    ),
  );
  // A chat that is away does not make the bot unready: it watches, and speaks elsewhere.
  const ready = [redis, ...ensembles].every(({ ok }) => ok);
  const risks = parts.risks.map(({ code, text }) => ({
    name: code,
    ok: false,
    detail: text,
    risk: true as const,
  }));
  return { alive: true, ready, checks: [redis, ...ensembles, ...channels, ...risks] };
}

async function watched(
  parts: { readonly ensembles: Pick<EnsembleStore, 'status'>; readonly clock: Clock },
  settings: EnsembleSettings,
): Promise<Trouble | undefined> {
  const status = await parts.ensembles.status(settings.id);
  if (status === undefined) return { detail: 'not looked at yet', ageMs: -1 };
  const ageMs = parts.clock.now() - status.atMs;
  const limitMs = looksMissedMax * settings.probe.everyMs + settings.probe.timeoutMs;
  const detail = `last look ${Math.round(ageMs / 1000)} s ago`;
  return ageMs > limitMs ? { detail, ageMs } : undefined;
}

/** What is wrong, and since when. */
type Trouble = Pick<Check, 'detail' | 'ageMs'>;

/** `undefined` is fine; words are what is wrong. */
async function check(
  name: string,
  ask: () => Promise<Trouble | string | undefined>,
): Promise<HealthReport['checks'][number]> {
  try {
    const trouble = await ask();
    if (trouble === undefined) return { name, ok: true, detail: 'ok' };
    return { name, ok: false, ...(typeof trouble === 'string' ? { detail: trouble } : trouble) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : 'unknown error' };
  }
}
