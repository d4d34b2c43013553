import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { listOf, numberOf, placeOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { duration, latency, sentences } = commonEn;

function from(facts: Facts): string {
  const address = textOf(facts, 'address');
  return address === '' ? '' : `, most from ${address}`;
}

function skew(facts: Facts): string {
  const ms = numberOf(facts, 'skewMs');
  return `${latency(Math.abs(ms))} ${ms < 0 ? 'behind' : 'ahead'}`;
}

function validity(facts: Facts): string {
  const leftMs = numberOf(facts, 'leftMs');
  return leftMs < 0 ? `expired ${duration(-leftMs)} ago` : `expires in ${duration(leftMs)}`;
}

export const securityEn = {
  'clock-skew': {
    title: (subject, facts) => `${placeOf(subject)}: its clock is ${skew(facts)}`,
    meaning: () =>
      'The quorum does not mind, but certificates, logs and the times of nodes on this server are wrong.',
    advice: (_, { server }) =>
      `Look at chrony or ntpd on ${server} (chronyc tracking). Let it slew; do not step the clock of the leader.`,
    symptom: ({ server }, facts) => `${server}: clock ${skew(facts)}`,
    over: (subject) => `${placeOf(subject)}: its clock is right again`,
  },
  'tls-cert-expiry': {
    title: (subject, facts) =>
      `${placeOf(subject)}: certificate of port ${numberOf(facts, 'port')} ${validity(facts)}`,
    meaning: (facts) => {
      switch (textOf(facts, 'use')) {
        case 'servers':
          return 'From that moment on no other server talks to this one again once their connection breaks: a restart, or an election, then ends the quorum.';
        case 'admins':
          return 'From that moment on the AdminServer cannot be asked over TLS.';
        default:
          return 'From that moment on no TLS client gets through to this server.';
      }
    },
    advice: (facts) =>
      `Renew the certificate of ${textOf(facts, 'subject') || 'this server'} and load it: with ${textOf(facts, 'use') === 'servers' ? 'sslQuorumReloadCertFiles' : 'client.certReload'}, or by restarting one server after the other${textOf(facts, 'use') === 'servers' ? ', before it expires' : ''}.`,
    symptom: ({ server }, facts) => `${server}: certificate ${validity(facts)}`,
    over: (subject) => `${placeOf(subject)}: has a new certificate`,
  },
  'tls-handshake-failures': {
    title: (subject, facts) =>
      `${placeOf(subject)}: ${numberOf(facts, 'failures')} TLS handshakes failed in a few minutes${from(facts)}`,
    meaning: () => 'Some clients cannot connect. Those that are connected go on.',
    advice: () =>
      'Look at the truststore and the protocol versions of the client; a plain client on the TLS port looks the same.',
    symptom: ({ server }, facts) => `${server}: TLS handshakes fail${from(facts)}`,
    over: (subject) => `${placeOf(subject)}: TLS handshakes succeed again`,
  },
  'auth-failures': {
    title: (subject, facts) =>
      `${placeOf(subject)}: ${counted(numberOf(facts, 'perMinute'), 'client')} a minute ${byCount(numberOf(facts, 'perMinute'), 'fails', 'fail')} to sign in${from(facts)}`,
    meaning: () => 'A client has the wrong password or certificate, or somebody tries to get in.',
    advice: () =>
      'Find out who is at the address in the log. A client after a change of passwords needs the new one; a stranger needs a firewall.',
    symptom: ({ server }, facts) => `${server}: sign-ins fail${from(facts)}`,
    over: (subject) => `${placeOf(subject)}: no failed sign-ins any more`,
  },
  'admin-surface-exposed': {
    title: (subject, facts) =>
      listOf(facts, 'doors').includes('snapshot')
        ? `${placeOf(subject)}: anybody may take or put back its data over HTTP`
        : `${placeOf(subject)}: all four-letter words are allowed to anybody`,
    meaning: (facts) =>
      sentences([
        listOf(facts, 'doors').includes('snapshot')
          ? 'The root is open and the AdminServer can be reached: any name and password passes for snapshot and restore.'
          : '',
        listOf(facts, 'doors').includes('words')
          ? 'Words like srst reset what is counted, and wchp may stall the server.'
          : '',
      ]),
    advice: (facts) =>
      sentences([
        listOf(facts, 'doors').includes('snapshot')
          ? 'Set admin.serverAddress=127.0.0.1 or admin.snapshot.enabled=false and admin.restore.enabled=false, and an ACL on /.'
          : '',
        listOf(facts, 'doors').includes('words')
          ? 'Set 4lw.commands.whitelist to srvr,mntr,ruok,isro,conf,cons,dirs,wchs,dump,hash,envi.'
          : '',
      ]),
    symptom: ({ server }) => `${server}: open to anybody`,
    over: (subject) => `${placeOf(subject)}: closed to strangers again`,
  },
} satisfies Record<string, FaultWords>;
