import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Folders that Debian keeps off the PATH of ordinary users. */
const systemFolders = ['/usr/sbin', '/sbin'];

/** The program's path, or undefined. */
export function find(program) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...systemFolders]) {
    const file = join(folder, program);
    try {
      if (folder !== '') accessSync(file, constants.X_OK);
      if (folder !== '') return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** Jars of Debian's ZooKeeper that the test ensembles need: plain, AdminServer, TLS. */
const jars = [
  'zookeeper.jar',
  'slf4j-simple.jar',
  'servlet-api.jar',
  'jetty9-util-ajax.jar',
  'netty-codec.jar',
];
const jarFolder = process.env.NIGHTKEEPER_JARS ?? '/usr/share/java';

/** What demo and tests need of the system: how to see it is there, and which Debian packages bring it. */
export const tools = {
  redis: {
    words: 'Redis (redis-server)',
    present: () => find('redis-server') !== undefined,
    packages: ['redis-server'],
  },
  java: {
    words: 'Java 11 or newer (java)',
    present: () => find('java') !== undefined,
    packages: ['default-jre-headless'],
  },
  zookeeper: {
    words: `ZooKeeper's jars (${jarFolder}/zookeeper.jar)`,
    present: () => jars.every((jar) => existsSync(join(jarFolder, jar))),
    packages: ['libzookeeper-java', 'libservlet-api-java'],
  },
  chromium: {
    words: 'Chromium (chromium)',
    present: () => find('chromium') !== undefined,
    packages: ['chromium'],
  },
  openssl: {
    words: 'OpenSSL (openssl)',
    present: () => find('openssl') !== undefined,
    packages: ['openssl'],
  },
  iproute: {
    words: 'iproute2 (ip)',
    present: () => find('ip') !== undefined,
    packages: ['iproute2'],
  },
  sshd: {
    words: 'OpenSSH server and client (sshd, ssh-keygen, ssh-agent)',
    present: () => ['sshd', 'ssh-keygen', 'ssh-agent'].every((name) => find(name) !== undefined),
    packages: ['openssh-server', 'openssh-client'],
  },
  postfix: {
    words: 'Postfix with SASL (postfix, saslpasswd2)',
    present: () => find('postfix') !== undefined && find('saslpasswd2') !== undefined,
    packages: ['postfix', 'sasl2-bin', 'libsasl2-modules'],
  },
};

/** What each occasion needs. */
export const occasions = {
  test: ['redis', 'java', 'zookeeper', 'chromium', 'openssl', 'iproute', 'postfix', 'sshd'],
  demo: ['redis', 'java', 'zookeeper'],
};
