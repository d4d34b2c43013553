/** Texts of what servers said before a recovery acted on them. */
export const evidenceEn = {
  server: 'Server',
  time: 'Asked at',
  words: 'Answers (characters)',
  none: (id: string) =>
    `There is no evidence of ${id}: the server said nothing before it, or it is too long ago.`,
  noOutput: (id: string) => `The commands of ${id} printed nothing.`,
  next: (id: string) => `To read one: evidence ${id} mntr`,
  /** Under the card, with the file. */
  line: (what: string, servers: readonly string[]) =>
    `What ${servers.slice(0, 9).join(', ')} said right before: ${what}.`,
  /** In place of it, where nothing was said: `why` is the server's or the network's word. */
  silent: (what: string, servers: readonly string[], why: string) =>
    `${servers.slice(0, 9).join(', ')} said nothing right before: ${what} (${why}).`,
  title: (id: string, servers: readonly string[]) =>
    `${id}: ${servers.slice(0, 9).join(', ')} before`,
  /** Where no file can hang. */
  more: (id: string) => `All of it: /zk evidence ${id}`,
  /** On the card, when something was kept. */
  kept: (id: string) => `what it said before is kept: evidence ${id}`,
};

export type EvidenceWords = typeof evidenceEn;
