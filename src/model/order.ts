/** What an executor can be told to do to a server, or on its machine. */
export type Order =
  | { readonly kind: 'restart' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'start' }
  /** Reads the last lines that the server has logged. */
  | { readonly kind: 'log'; readonly lines: number; readonly outputMax: number }
  | ExecOrder;

/** Runs a program where the server runs. Braces are filled in as in a restart command; `${NAME}` stays as it is. */
export interface ExecOrder {
  readonly kind: 'exec';
  readonly argv: readonly string[];
  /** What the program reads; nothing otherwise. */
  readonly stdin?: string;
  /** How long it may take, where it is not as long as a restart. */
  readonly timeoutMs?: number;
  /** Characters of its output that are kept, where it is not as many as of a recovery. */
  readonly outputMax?: number;
}

export type OrderKind = Order['kind'];
