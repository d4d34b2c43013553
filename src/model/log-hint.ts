/** A trouble that the end of a server's log names, and whom it concerns. */
export interface LogHint {
  readonly kind:
    | 'too-many-open-files'
    | 'no-space-left'
    | 'len-error'
    | 'bind-exception'
    | 'too-many-connections'
    | 'auth-failed'
    | 'tls-handshake-failed'
    | 'out-of-memory'
    | 'cannot-open-channel'
    | 'fsync-slow';
  /** Lines of the tail that say it. */
  readonly count: number;
  /** The addresses most often named, with how often: `10.0.0.7 14`. */
  readonly addresses?: readonly string[];
  /** The newest of these lines, cut. */
  readonly line?: string;
  /** The survey at which there was a line more than at the one before. */
  readonly newAtMs?: number;
}
