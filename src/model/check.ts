/** One thing the bot looked at of itself: its memory, its sight of an ensemble, a chat, a quota. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** One line without secrets. */
  readonly detail: string;
  /** How long ago it last went well, where that is what is wrong; -1: never yet. */
  readonly ageMs?: number;
  /** Nothing is missing now; something may be lost later. The detail says it whole. */
  readonly risk?: true;
}
