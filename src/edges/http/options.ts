import type { Act } from '../../ports/act.ts';
import type { Bulletins } from '../../ports/bulletin.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { NamedCommand } from '../../rules/card/complete.ts';
import type { Breakers } from './breakers.ts';
import type { HttpConfig } from './config.ts';
import type { PersonToken } from './identity.ts';
import type { Linking } from './link-account.ts';
import type { Sources } from './sight.ts';

/** What the console needs of the rest of the bot. Functions are asked anew each time, so that a reload is seen. */
export interface ConsoleOptions extends Sources {
  readonly http: HttpConfig;
  readonly tokens: () => readonly PersonToken[];
  readonly bulletins: Bulletins;
  readonly act: Act;
  /** All commands, and the names of the recoveries, for completion. */
  readonly commands: readonly NamedCommand[];
  readonly actions: readonly string[];
  /** What `/metrics` answers, in the Prometheus text format. */
  readonly metrics: () => Promise<string>;
  /** The folder of the runbooks, one `<detector>.md` each. */
  readonly runbooks: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly breakers?: Breakers;
  readonly linking: Linking;
}
