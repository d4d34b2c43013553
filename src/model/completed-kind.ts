/** What an argument of a command can be completed with. `text` is anything. */
export type CompletedKind =
  | 'incident'
  | 'ensemble'
  | 'server'
  | 'action'
  | 'metric'
  | 'command'
  | 'schedule'
  | 'recovery'
  | 'silence'
  | 'text';
