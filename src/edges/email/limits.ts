/** Addresses of one destination; a list with more belongs to a mailing list of the mail server. RFC 5321 lets a server refuse past 100. */
export const addressesMax = 20;

/** Letters of a subject: a phone shows about 40, a desktop about 100. RFC 5322 sets 998 for a line. */
export const subjectCharsMax = 160;

/** Bytes of the HTML part: Gmail cuts a message off at 102 KB. */
export const htmlBytesMax = 100_000;

/** Letters of a paragraph: meaning, advice, state, recovery, what was said. */
export const paragraphCharsMax = 800;

/** Letters of one line of evidence, symptoms, or the grid. */
export const lineCharsMax = 240;

/** Lines of evidence, of symptoms, and rows of the grid. The console has the rest. */
export const linesMax = 15;

/** Values of a sparkline: what a phone shows in one line. */
export const sparkValuesMax = 30;

/** A link longer than this is left out. Outlook cuts at about 2000. */
export const linkCharsMax = 1_000;

/** Connections to the mail server at once. Postfix lets one client have 50, small relays far fewer. */
export const connectionsMax = 4;

/** How long a send may wait for one of them. Whoever asked stops waiting soon after, and nothing may be sent behind their back. */
export const turnMs = 4_000;

/** How long one mail may take from dialling to the server's last word: with `turnMs` less than a delivery waits (20 s). */
export const mailTimeoutMs = 14_000;

/** How long the server may take to be reached and to greet, and to answer one command. */
export const connectTimeoutMs = 5_000;
export const answerTimeoutMs = 10_000;

/** Bytes of one answer of the server that are read. An answer is a few lines of at most 512 bytes (RFC 5321, 4.5.3.1.5). */
export const answerBytesMax = 65_536;

/** Letters of an answer that are told in an error. */
export const answerCharsMax = 160;

/**
 * Tries of one mail for the addresses that the server puts off while it took others: with the pauses of delivery about 15 s. After
 * that the rest waits for the next mail, since one slow mailbox must not hold up what everybody else is to hear.
 */
export const putOffTriesMax = 4;

/** Mails of which this process remembers who has them already. */
export const rememberedMax = 500;
