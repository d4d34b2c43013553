import { NightkeeperError } from '../../model/errors.ts';

/**
 * A server answered a request with an error. `reply` is ZooKeeper's name of it (`NONODE`), or its number where it has none here.
 * @see KeeperException.Code in apache/zookeeper
 */
export class ReplyFault extends NightkeeperError {
  readonly reply: string;

  constructor(operation: string, path: string, number: number) {
    const reply = replyName(number);
    super('zookeeper-refused', `${operation} ${path}: ${reply}`);
    this.name = 'ReplyFault';
    this.reply = reply;
  }
}

/** Whether a server answered with one of these. */
export function isReply(error: unknown, ...replies: readonly string[]): boolean {
  return error instanceof ReplyFault && replies.includes(error.reply);
}

/** The session is void; another one may do. */
export const voidSession: readonly string[] = ['SESSIONEXPIRED', 'SESSIONMOVED'];

/** The server has too much to do. */
export const throttled = -127;

/** ZooKeeper's name of an error. */
export function replyName(number: number): string {
  return names[number] ?? String(number);
}

/** Every number up to 3.9: the library throws out of a socket's event for the ones it does not know. */
const names: Readonly<Record<number, string>> = {
  [-1]: 'SYSTEMERROR',
  [-2]: 'RUNTIMEINCONSISTENCY',
  [-3]: 'DATAINCONSISTENCY',
  [-4]: 'CONNECTIONLOSS',
  [-5]: 'MARSHALLINGERROR',
  [-6]: 'UNIMPLEMENTED',
  [-7]: 'OPERATIONTIMEOUT',
  [-8]: 'BADARGUMENTS',
  [-13]: 'NEWCONFIGNOQUORUM',
  [-14]: 'RECONFIGINPROGRESS',
  [-100]: 'APIERROR',
  [-101]: 'NONODE',
  [-102]: 'NOAUTH',
  [-103]: 'BADVERSION',
  [-108]: 'NOCHILDRENFOREPHEMERALS',
  [-110]: 'NODEEXISTS',
  [-111]: 'NOTEMPTY',
  [-112]: 'SESSIONEXPIRED',
  [-113]: 'INVALIDCALLBACK',
  [-114]: 'INVALIDACL',
  [-115]: 'AUTHFAILED',
  [-118]: 'SESSIONMOVED',
  [-119]: 'NOTREADONLY',
  [-120]: 'EPHEMERALONLOCALSESSION',
  [-121]: 'NOWATCHER',
  [-122]: 'REQUESTTIMEOUT',
  [-123]: 'RECONFIGDISABLED',
  [-124]: 'SESSIONCLOSEDREQUIRESASLAUTH',
  [-125]: 'QUOTAEXCEEDED',
  [-127]: 'THROTTLEDOP',
};
