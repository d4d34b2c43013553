import type { Order } from '../model/order.ts';

/** Characters kept of what `zkCli.sh` prints, so that a password it repeats is hidden before anything is cut. */
const signedOutputMax = 60_000;

/** Puts the password before the commands that `zkCli.sh` reads: there it stands in no list of processes and in no memory. */
export function signedBy(order: Order, secret: string | undefined): Order {
  if (order.kind !== 'exec' || secret === undefined) return order;
  return {
    ...order,
    stdin: `addauth digest ${secret}\n${order.stdin ?? ''}`,
    outputMax: signedOutputMax,
  };
}

/** What was printed, without the password. */
export function hidden(output: string, secret: string | undefined): string {
  if (secret === undefined) return output;
  const password = secret.slice(secret.indexOf(':') + 1);
  return output.replaceAll(secret, '[hidden]').replaceAll(password, '[hidden]');
}
