import type { Order, OrderKind } from '../../model/order.ts';
import { outputCharsMax } from '../../model/recovery.ts';
import type { CommandTemplates, ExecutorSettings } from '../../model/settings.ts';

/** Whether programs are configured for an order. */
export function canBy(settings: ExecutorSettings, order: OrderKind): boolean {
  if (settings.kind !== 'command' && settings.kind !== 'ssh') return false;
  const { on, log } = settings;
  if (order === 'log') return on !== undefined && log !== undefined;
  return settings[keyOf[order]] !== undefined;
}

const keyOf = {
  restart: 'argv',
  stop: 'stop',
  start: 'start',
  exec: 'on',
} as const satisfies Record<Exclude<OrderKind, 'log'>, keyof CommandTemplates>;

/** What is said where an order has no way: callers ask `can` first, so that only a log shows it. */
export function noWay({ kind }: Order): string {
  return `nothing is configured for "${kind}"`;
}

/** How much an order may take and print. */
export function limitsOf(
  order: Order,
  defaultTimeoutMs: number,
): { readonly timeoutMs: number; readonly outputMax: number; readonly input: string | undefined } {
  const none = { timeoutMs: defaultTimeoutMs, outputMax: outputCharsMax, input: undefined };
  switch (order.kind) {
    case 'restart':
    case 'stop':
    case 'start':
      return none;
    case 'log':
      return { ...none, outputMax: order.outputMax };
    case 'exec': {
      const { timeoutMs = defaultTimeoutMs, outputMax = outputCharsMax, stdin } = order;
      return { timeoutMs, outputMax, input: stdin };
    }
  }
}
