import { commonEn } from '../common/en.ts';

const { duration, via } = commonEn;

/** What was decided, by the name of an intent, a step of a recovery or a command. */
const whats: Readonly<Record<string, string>> = {
  trigger: 'opened',
  observe: 'seen again, changed',
  recognise: 'recognised as something bigger',
  page: 'people called',
  acknowledge: 'acknowledged',
  unacknowledge: 'acknowledgement taken back',
  escalate: 'escalated',
  fold: 'folded into another incident',
  resolve: 'resolved',
  note: 'noted',
  remind: 'asked whether they still have it',
  sight: 'sight of the fault changed',
  expire: 'ended, as nothing is known of it',
  reopen: 'opened again',
  link: 'account linked',
  unlink: 'account unlinked',
  'mark-recovery': 'recovery put on the card',
  'recovery:awaiting': 'recovery asked for, others must agree',
  'recovery:requested': 'recovery asked for',
  'recovery:running': 'recovery begun',
  'recovery:verifying': 'recovery run, being verified',
  'recovery:succeeded': 'recovery worked',
  'recovery:failed': 'recovery failed',
  'recovery:refused': 'recovery refused',
  'recovery:rejected': 'recovery rejected',
  'recovery:expired': 'request of a recovery expired',
};

const outcomes: Readonly<Record<'done' | 'refused' | 'failed', string>> = {
  done: 'done',
  refused: 'refused',
  failed: 'failed',
};

/** Texts of the audit, and of an incident written out for a post-mortem. */
export const auditEn = {
  what: (what: string) => (Object.hasOwn(whats, what) ? (whats[what] ?? what) : what),
  outcomes,
  nothing: 'Nothing has been decided there yet.',
  who: (name: string, way: string) => `${name} (${via(way)})`,
  keeper: 'Nightkeeper',
  heads: {
    who: 'Who',
    about: 'About',
    outcome: 'Outcome',
    why: 'Why',
    recovery: 'Recovery',
    asked: 'Asked by',
    guard: 'Guard',
    result: 'Result',
  },
  recoveries: 'Recoveries',
  /** When the guard was asked. */
  guardAt: { click: 'when asked for', approval: 'when agreed to', run: 'before it ran' },
  allowed: 'allowed',
  refusedBy: (why: string) => `refused: ${why}`,
  /** What a recovery is doing or did. */
  states: {
    awaiting: 'waits until others agree',
    requested: 'waits for its turn',
    running: 'runs',
    verifying: 'has run, is being verified',
    succeeded: 'worked',
    failed: 'failed',
    refused: 'refused',
    rejected: 'rejected',
    expired: 'expired, nobody agreed in time',
  },
  took: (state: string, ms: number) => `${state}, after ${duration(ms)}`,
  export: {
    facts: 'At a glance',
    ensemble: 'Ensemble',
    server: 'Server',
    fault: 'Fault',
    severity: 'Severity',
    state: 'State',
    began: 'Began',
    noticed: 'Noticed',
    called: 'People called',
    acknowledged: 'Acknowledged',
    resolved: 'Resolved',
    after: (at: string, ms: number) => `${at}, after ${duration(ms)}`,
    lasting: (ms: number) => `not yet, open for ${duration(ms)}`,
    never: 'no',
    written: (at: string) => `Written ${at} by Nightkeeper. Times are UTC.`,
    open: 'The incident is still open: this is how it stands now.',
    servers: 'Servers, as last seen',
    metric: 'Latency of the server in ms, oldest first',
    range: (least: number, most: number) => `${least} to ${most}`,
    output: 'Output of the command',
    decisions: 'Who decided what',
    whole: (id: number) => `The whole text: nightkeeper export ${id} > incident-${id}.md`,
    wholeAt: (url: string) => `The whole text: ${url}`,
  },
};

export type AuditWords = typeof auditEn;
