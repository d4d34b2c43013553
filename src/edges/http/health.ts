import type { Check } from '../../model/check.ts';

/** How the bot itself stands: what `/healthz` and `/readyz` answer, and the banner on top of the console. */
export interface HealthReport {
  /** False when only a restart helps: `/healthz` answers 503. */
  readonly alive: boolean;
  /** False while work cannot be done (Redis away, not started, stopping): `/readyz` answers 503. */
  readonly ready: boolean;
  /** Each with a name and one line without secrets; what fails is shown on the console. */
  readonly checks: readonly Check[];
}
