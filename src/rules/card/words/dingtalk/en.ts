/** Texts that only DingTalk needs. `yes` and `no` are what a link sends as an answer; the bot reads both. */
export const dingtalkEn = {
  since: (time: string) => `since ${time}`,
  yes: 'yes',
  no: 'cancel',
  answerChoice: 'Press one, or write your own:',
  answerReason: 'Answer in one message.',
  answerYes: 'Answer **yes** to do it, **cancel** to leave it.',
  reasonIs: (reason: string) => `Reason: ${reason}`,
  cancelled: 'Left as it is. Nothing was done.',
  askedInSingleChat: 'I ask you for the reason in our single chat.',
  shownInSingleChat: 'I show it to you in our single chat.',
  noSingleChat:
    'I cannot write to you in the single chat. Open it once by writing `help` to me, and press again.',
  pictureFailed: (reason: string) =>
    `The picture could not be sent (${reason}); the figures are above, and the console draws it.`,
  askInLine: (line: string) =>
    `I cannot write to you in the single chat. Say it in one line: \`${line} --reason "why" --confirm yes\``,
  working: 'Doing it now …',
  noText: 'I read text only. `帮助` or `help` shows what I understand.',
  overQuota:
    "DingTalk did not show me what you wrote: your organisation's messages of this month are used up. Until there are more, write in the console or on the command line.",
  tooLong: 'That is too long to read. Shorten it and send it again.',
  unknownButton:
    'This button is not known any more. Write `zk incidents` to me: it shows what is open, with fresh buttons.',
  failed:
    'The bot ran into an error and wrote it to its log. Nothing was done, or it says so on the card. Try again, or use the console.',
};

export type DingTalkWords = typeof dingtalkEn;
