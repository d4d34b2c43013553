/** Troubles of the bot itself that become incidents of `ownEnsemble`; routes may name them as they name detectors. */
export const ownTroubles = [
  'config-broken',
  'detector-failed',
  'redis-at-risk',
  'calendar-broken',
  'channel-broken',
  'quota-short',
  'chat-down',
  'backup-overdue',
  'self-test',
] as const;
