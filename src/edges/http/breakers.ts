/** A button of the demo that hurts one of its own servers. */
export interface Breaker {
  readonly id: string;
  readonly label: string;
}

/** What the demo lets its visitor break; absent in a real deployment. */
export interface Breakers {
  list(): readonly Breaker[];
  run(id: string): Promise<void>;
}
