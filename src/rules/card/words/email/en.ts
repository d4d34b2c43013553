/** Texts that only mail needs. */
export const emailEn = {
  /** A mail has no buttons: where they are. */
  act: 'Acknowledge, escalate or restart in the console',
  /** The same without a console to point to. */
  actByLine: (id: number) => `To take it, write "/zk ack ${id}" in a chat with the bot.`,
  servers: 'Servers',
  footer: 'Sent by Nightkeeper. Replies to this mail are not read.',
  /** Addresses that did not get the earlier mail of this incident. */
  missed: (addresses: string) => `The mail server refused the earlier mail for ${addresses}.`,
};

export type EmailWords = typeof emailEn;
