/** How much each destination may still be sent, counted for all replicas together. */
export interface Budgets {
  /** Takes one message out of the rate of a destination and counts it in the month of its channel, or says why not. */
  take(request: {
    readonly channel: string;
    readonly destination: string;
    /** `burst` messages at once, one more every `everyMs`; `spare` of them are left over. Absent: as many as come. */
    readonly rate?: { readonly burst: number; readonly everyMs: number; readonly spare: number };
    /** Messages of the month after which none is taken. Absent: they are only counted. */
    readonly quota?: number;
    /** `2026-11` */
    readonly month: string;
  }): Promise<
    | { readonly kind: 'taken' }
    | { readonly kind: 'wait'; readonly waitMs: number }
    | { readonly kind: 'used-up' }
  >;
  /** Messages of a channel in a month so far. */
  used(channel: string, month: string): Promise<number>;
}
