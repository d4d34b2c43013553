/**
 * Small things that all replicas know for a while: that a message was handled already, what a person was asked. May be lost as a
 * whole with Redis, so nothing that must not be forgotten belongs here. Every call throws `redis-unavailable` while Redis is away.
 */
export interface ShortMemory {
  /** True for the first who names this key, of all replicas; false until it is forgotten after `forMs`. */
  claim(key: string, forMs: number): Promise<boolean>;
  put(key: string, text: string, forMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  /** Reads and forgets it: of several who ask, one gets it. */
  take(key: string): Promise<string | undefined>;
}

/** Characters of a text that is remembered. */
export const rememberedCharsMax = 8_000;
