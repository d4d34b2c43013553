import type { ServerId } from './ensemble.ts';

/** A session of a client, as the servers show it. */
export interface SessionSight {
  /** `0x…` */
  readonly id: string;
  /** Whether any server knows it. */
  readonly stands: boolean;
  /** The connection it has, `10.0.0.9:41022`, and the server it is on; absent while its client is away. */
  readonly connection?: string;
  readonly server?: ServerId;
  /** How long that connection stands, and what the session may be silent, ms. */
  readonly ageMs?: number;
  readonly timeoutMs?: number;
  /** Ephemeral znodes it has on any server, and the first of them. */
  readonly ephemerals: number;
  readonly paths: readonly string[];
  /** Watches it has; absent where that was not asked for. */
  readonly watches?: number;
  /** Servers that did not say what they know. */
  readonly blind: readonly ServerId[];
}

/** What may be done to a session: end it with all it has, or only its connection, so that its client comes back. */
export type SessionEnd = 'kill' | 'drop';

/** Ephemeral znodes that are named. */
export const sessionPathsMax = 5;

/** The number of a session as the servers write it; undefined for anything else. */
export function sessionIdOf(text: string): string | undefined {
  const digits = /^(?:0x)?0*([0-9a-f]{1,16})$/iu.exec(text.trim())?.[1];
  return digits === undefined || digits === '0' ? undefined : `0x${digits.toLowerCase()}`;
}
