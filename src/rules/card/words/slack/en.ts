const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec';

/** Texts that only Slack needs. Titles and buttons of a modal have 24 characters there. */
export const slackEn = {
  close: 'Close',
  /** Finds the moments that `common.time` writes: the day, the month and the time of the day. */
  moments: new RegExp(
    `(?<day>\\d{1,2}) (?<month>${months.replaceAll(' ', '|')}) (?<clock>\\d{2}:\\d{2}) UTC`,
    'gu',
  ),
  /** Counted from 0. */
  monthOf: (name: string) => months.split(' ').indexOf(name),
  since: (moment: string) => `since ${moment}`,
  loadingTitle: 'One moment',
  loading: 'Looking at the ensemble …',
  workingTitle: 'Asked',
  working: 'Doing it now …',
  doneTitle: 'Done',
  refusedTitle: 'Not done',
  failedTitle: 'It did not work',
  continue: 'Continue …',
  pictureFailed: (reason: string) =>
    `The picture could not be uploaded (${reason}). Invite the bot to this conversation, and see that its app has the scopes files:write and im:write; the words above say the same.`,
  reasonMissing: 'Say in a few words why: it goes into the audit.',
  tooLong: 'That is too long to read. Shorten it and send it again.',
  unknownButton:
    'This button is not known any more. `/zk incidents` shows what is open, with fresh buttons.',
  failed:
    'The bot ran into an error and wrote it to its log. Nothing was done, or it says so on the card. Try again, or use the console.',
};

export type SlackWords = typeof slackEn;
