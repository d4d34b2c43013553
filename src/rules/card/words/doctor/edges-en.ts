import { flagOf, numberOf, textOf } from '../facts.ts';
import { setupEn } from '../setup/en.ts';
import type { CodesOf, WordsOfChecks } from './said.ts';

export const redisChecksEn: WordsOfChecks<CodesOf<'redis'>> = {
  'redis-answers': (f) => ({
    text: `Redis ${textOf(f, 'version')} at ${textOf(f, 'where')} answers in ${numberOf(f, 'pingMs')} ms`,
  }),
  'redis-slow': (f) => ({
    text: `Redis at ${textOf(f, 'where')} takes ${numberOf(f, 'pingMs')} ms for an answer`,
    next: 'Every look and every card asks it several times. Bring it nearer; look at SLOWLOG GET and at the load of its machine.',
  }),
  'redis-away': (f) => ({
    text: `Redis at ${textOf(f, 'where')} does not answer: ${textOf(f, 'reason')}`,
    next: 'Start it, or correct redis.url. Until then the bot watches nothing and keeps nothing.',
  }),
  'redis-keeps': () => ({ text: 'what it is told survives a restart of Redis' }),
  'redis-risk': (f) => ({
    text: setupEn.redisFinding({ code: textOf(f, 'finding'), level: 'risk', facts: f }),
    next: 'In redis.conf, or at once with redis-cli: CONFIG SET, then CONFIG REWRITE.',
  }),
  'redis-silent': (f) => ({
    text: setupEn.redisFinding({ code: textOf(f, 'finding'), level: 'unknown', facts: f }),
    next: 'Managed Redis often forbids the question: look at the settings of your provider.',
  }),
  'redis-disk': (f) => ({
    text: `Redis says ${textOf(f, 'what')} is not ok: it could not write its data the last time, or has lost its master`,
    next: 'Look at the disk of its machine and at its log; then BGSAVE or BGREWRITEAOF.',
  }),
};

export const reachChecksEn: WordsOfChecks<CodesOf<'mail' | 'webhook'>> = {
  mail: (f) => ({
    text: `${textOf(f, 'server')} takes the bot's mail${flagOf(f, 'hasLogin') ? ': user and password are good' : ''}`,
  }),
  'mail-open': (f) => ({
    text: `${textOf(f, 'server')} takes the bot's mail, but anybody on the way can read it`,
    next: 'Set email.security to starttls or tls.',
  }),
  'mail-away': (f) => ({
    text: `the mail server ${textOf(f, 'server')} cannot be reached: ${textOf(f, 'reason')}`,
    next: 'Check email.host and email.port, and whether the provider of this machine blocks port 25.',
  }),
  'mail-tls': (f) => ({
    text: `the connection to ${textOf(f, 'server')} cannot be encrypted: ${textOf(f, 'reason')}`,
    next: 'Port 465 is security: tls, 587 is starttls. A certificate of your own authority: set email.caFile.',
  }),
  'mail-login': (f) => ({
    text: `${textOf(f, 'server')} does not take user and password (${textOf(f, 'reason')})`,
    next: 'Check email.user and the variable of email.password; many providers want a password made for applications.',
  }),
  'mail-sent': () => ({ text: 'the mail server took a test mail for this address' }),
  'mail-refused': (f) => ({
    text: `the mail server did not take the test mail: ${textOf(f, 'reason')}`,
    next: 'May the sender of email.from send by this server? Does the address exist?',
  }),
  'mail-none': () => ({
    text: 'there is no section email: no mail can be sent',
    next: 'See docs/channels/email.md.',
  }),
  webhook: (f) => ({
    text: `${textOf(f, 'host')} can be reached; what it thinks of a message and its signature is known with the first one`,
  }),
  'webhook-away': (f) => ({
    text: `${textOf(f, 'host')} cannot be reached: ${textOf(f, 'reason')}`,
    next: 'Is it running, and may the machine of the bot connect to it?',
  }),
  'webhook-tls': (f) => ({
    text: `the certificate of ${textOf(f, 'host')} is not trusted: ${textOf(f, 'reason')}`,
    next: 'Renew it, or name your own authority to the bot: NODE_EXTRA_CA_CERTS=/path/ca.pem',
  }),
};

export const restartChecksEn: WordsOfChecks<CodesOf<'restart'>> = {
  'restart-ready': (f) => ({
    text:
      textOf(f, 'what') === 'sudo'
        ? `a restart gets through: sudo lets "${textOf(f, 'command')}" run`
        : `a restart can begin: the ${textOf(f, 'what')} of "${textOf(f, 'command')}" is there`,
  }),
  'restart-none': () => ({
    text: 'there is no way to restart its servers: cards have no Restart',
    next: 'Write in nightkeeper.yaml, at the ensemble: restart: { command: [sudo, systemctl, restart, zookeeper], ssh: { user: nightkeeper, … } }',
  }),
  'restart-unchecked': (f) => ({
    text: `whether a restart by ${textOf(f, 'kind')} would get through could not be checked`,
    next: 'A dry run says what would be done: /zk recover restart-server, with the box Dry run.',
  }),
  'restart-away': (f) => ({
    text: `the way of a restart is closed: ${textOf(f, 'said')}`,
    next: 'Check restart.ssh (host, port, key file) or restart.docker, and that the machine of the bot may connect.',
  }),
  'restart-host-key': (f) => ({
    text: `the machine is not trusted: ${textOf(f, 'said')}`,
    next: flagOf(f, 'isNew')
      ? 'Make sure that it is the right one, then: ssh-keyscan HOST >> the file of restart.ssh.knownHosts'
      : 'Somebody set the machine up anew, or it is another one. Only when you know which: ssh-keygen -R HOST, and take the new key.',
  }),
  'restart-login': (f) => ({
    text: `the machine does not let the bot in: ${textOf(f, 'said')}`,
    next: "Add the bot's public key to ~/.ssh/authorized_keys of the user of restart.ssh.",
  }),
  'restart-sudo': (f) => ({
    text: `sudo does not let "${textOf(f, 'command')}" run without a password: ${textOf(f, 'said')}`,
    next: 'On the machine, with visudo -f /etc/sudoers.d/nightkeeper: USER ALL=(root) NOPASSWD: and the whole path of the command.',
  }),
  'restart-program': (f) => ({
    text: `${textOf(f, 'what') === 'container' ? 'the container' : 'the program'} of "${textOf(f, 'command')}" is not there: ${textOf(f, 'said')}`,
    next:
      textOf(f, 'what') === 'container'
        ? 'Correct restart.docker.container: docker ps -a lists the names.'
        : 'Write its whole path in restart.command, or install it.',
  }),
};
