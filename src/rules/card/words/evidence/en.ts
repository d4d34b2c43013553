/** Texts of what servers said before a recovery acted on them. */
export const evidenceEn = {
  server: 'Server',
  time: 'Asked at',
  words: 'Answers (characters)',
  none: (id: string) =>
    `There is no evidence of ${id}: the server said nothing before it, or it is too long ago.`,
  next: (id: string) => `To read one: evidence ${id} mntr`,
  /** On the card, when something was kept. */
  kept: (id: string) => `what it said before is kept: evidence ${id}`,
};

export type EvidenceWords = typeof evidenceEn;
