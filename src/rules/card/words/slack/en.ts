/** Texts that only Slack needs. Titles and buttons of a modal have 24 characters there. */
export const slackEn = {
  close: 'Close',
  since: (moment: string) => `since ${moment}`,
  loadingTitle: 'One moment',
  loading: 'Looking at the ensemble …',
  workingTitle: 'Asked',
  working: 'Doing it now …',
  doneTitle: 'Done',
  refusedTitle: 'Not done',
  failedTitle: 'It did not work',
  continue: 'Continue …',
  reasonMissing: 'Say in a few words why: it goes into the audit.',
  tooLong: 'That is too long to read. Shorten it and send it again.',
  unknownButton:
    'This button is not known any more. `/zk incidents` shows what is open, with fresh buttons.',
  failed:
    'The bot ran into an error and wrote it to its log. Nothing was done, or it says so on the card. Try again, or use the console.',
};

export type SlackWords = typeof slackEn;
