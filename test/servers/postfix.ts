import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReadMail, readMail } from '../support/mail.ts';
import { until } from '../support/until.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

/** Postfix forks a family of daemons and checks its queue first. */
const startMsMax = 20_000;

/** A real Postfix on 127.0.0.1: STARTTLS on one port, TLS on another, user and password needed. No mail ever leaves it. */
export interface Postfix {
  readonly host: string;
  /** Offers STARTTLS, and takes no password before it. */
  readonly port: number;
  /** TLS from the first byte. */
  readonly tlsPort: number;
  readonly user: string;
  readonly password: string;
  readonly certificates: Certificates;
  /** Every mail delivered, one for each recipient, in the order of arrival. */
  mails(): readonly DeliveredMail[];
  /** Resolves when that many mails are there; fails after a deadline. */
  expect(count: number): Promise<readonly DeliveredMail[]>;
  log(): string;
  close(): Promise<void>;
}

export interface DeliveredMail extends ReadMail {
  /** Whose mailbox it is. */
  readonly recipient: string;
}

export interface PostfixOptions {
  /** Recipients that are answered so: `{ 'gone@ops.test': '550 5.1.1 no such mailbox' }`. */
  readonly recipients?: Readonly<Record<string, string>>;
  readonly messageBytesMax?: number;
}

/** Starts Postfix with a configuration and a queue of its own. Needs root, as Postfix does. */
export async function startPostfix(options: PostfixOptions = {}): Promise<Postfix> {
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-postfix-'));
  const certificates = makeCertificates();
  const [port, tlsPort] = await freePorts();
  const password = 'postfix-test-password';
  const owner = accountOf('postfix');
  for (const folder of ['etc', 'etc/sasl', 'queue', 'data', 'mail']) mkdirSync(join(dir, folder));
  execFileSync('chmod', ['755', dir]);
  for (const folder of ['data', 'mail']) chownSync(join(dir, folder), owner.uid, owner.gid);
  writeFileSync(join(dir, 'etc', 'main.cf'), mainOf(dir, certificates, owner, options));
  writeFileSync(join(dir, 'etc', 'master.cf'), masterOf(port, tlsPort));
  addUser(dir, 'zkbot', password, owner);

  // The shell stops it when its input ends: on close, and also when the test run is killed in the middle.
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      '"$0" -c "$1" start-fg & read _; "$0" -c "$1" stop; wait',
      '/usr/sbin/postfix',
      join(dir, 'etc'),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const mails = (): readonly DeliveredMail[] => readBox(join(dir, 'mail', 'box', 'new'));
  const log = (): string => read(join(dir, 'data', 'maillog')) + said;
  const running: Postfix = {
    host: 'localhost',
    port,
    tlsPort,
    user: 'zkbot',
    password,
    certificates,
    mails,
    expect: (count) =>
      until(`${count} mails in the box`, () => {
        const all = mails();
        return all.length >= count && all;
      }),
    log,
    async close() {
      await stop(child);
      certificates.remove();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  try {
    await until(
      'Postfix greets',
      () => {
        if (child.exitCode !== null) throw new Error(`Postfix ended: ${log()}`);
        return greets(port);
      },
      startMsMax,
    );
  } catch (error) {
    const reason = log();
    await running.close();
    throw new Error(`Postfix did not start: ${reason}`, { cause: error });
  }
  return running;
}

function mainOf(
  dir: string,
  certificates: Certificates,
  owner: { readonly uid: number; readonly gid: number },
  options: PostfixOptions,
): string {
  const recipients = Object.entries(options.recipients ?? {})
    .map(([address, answer]) => `{ ${address} = ${answer} }`)
    .join(' ');
  return `compatibility_level = 3.6
queue_directory = ${dir}/queue
data_directory = ${dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = ${dir}/data/maillog
maillog_file_prefixes = ${dir}
myhostname = mx.test
mydestination =
local_recipient_maps =
alias_maps =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
default_transport = virtual
virtual_mailbox_base = ${dir}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:${owner.uid}
virtual_gid_maps = static:${owner.gid}
virtual_minimum_uid = 1
message_size_limit = ${options.messageBytesMax ?? 1_000_000}
smtpd_tls_cert_file = ${certificates.serverFile}
smtpd_tls_key_file = ${certificates.serverFile}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = mx.test
smtpd_delay_reject = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = ${recipients === '' ? '' : `check_recipient_access inline:{ ${recipients} }, `}permit
`;
}

/** The daemons that taking a mail and putting it into a box need, none of them in a chroot. */
function masterOf(port: number, tlsPort: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
127.0.0.1:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}

function addUser(
  dir: string,
  user: string,
  password: string,
  owner: { readonly uid: number; readonly gid: number },
): void {
  const file = join(dir, 'etc', 'sasl', 'sasldb2');
  execFileSync('/usr/sbin/saslpasswd2', ['-p', '-c', '-u', 'mx.test', '-f', file, user], {
    input: password,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  chownSync(file, owner.uid, owner.gid);
  writeFileSync(
    // Debian's Postfix looks for it below its own configuration, whatever `cyrus_sasl_config_path` says.
    join(dir, 'etc', 'sasl', 'smtpd.conf'),
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${file}\nmech_list: PLAIN LOGIN\n`,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await gone;
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`there is no user ${name}`);
  return { uid: Number(uid), gid: Number(gid) };
}

function readBox(folder: string): readonly DeliveredMail[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    // No mail has come yet.
    return [];
  }
  const order = (name: string) => {
    const [, seconds = '0', micros = '0'] = /^(\d+)\..*M(\d+)\./u.exec(name) ?? [];
    return Number(seconds) * 1e6 + Number(micros);
  };
  return names
    .toSorted((a, b) => order(a) - order(b))
    .map((name) => {
      const mail = readMail(readFileSync(join(folder, name), 'utf8'));
      return { ...mail, recipient: mail.headers['delivered-to'] ?? '' };
    });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', (data: Buffer) => {
      resolve(data.toString().startsWith('220'));
      socket.end('QUIT\r\n');
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()] as const;
  const [first = 0, second = 0] = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          }),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [first, second];
}
