import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { detectorThresholds } from '../../src/app/catalog.ts';
import { type LoadOptions, loadConfig } from '../../src/config/load.ts';
import { read } from './sources.ts';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly hostname?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { services } = compose;
const bot = services['nightkeeper'];
const options: LoadOptions = {
  detectorThresholds,
  env: {
    REDIS_URL: 'redis://redis:6379',
    ADMIN_TOKEN: '0123456789abcdef-admin',
    ALICE_TOKEN: '0123456789abcdef-alice',
    BOB_TOKEN: '0123456789abcdef-bob',
    DINGTALK_CLIENT_SECRET: 'dingtalk-secret',
    DINGTALK_ROBOT_URL: 'https://oapi.dingtalk.com/robot/send?access_token=robot',
    DINGTALK_ROBOT_SECRET: 'SECrobot',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    HOOK_SECRET: 'hush',
    SMTP_PASSWORD: 'hush-too',
    TWILIO_AUTH_TOKEN: 'hush-as-well',
  },
};

describe('docker-compose.yml', () => {
  it('runs a Redis that keeps what it is told and throws nothing away', () => {
    const command = services['redis']?.command?.join(' ');

    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(services['redis']?.volumes).toEqual(['redis-data:/data']);
  });

  it('runs three servers that know each other, each by its own number', () => {
    const servers = ['zk1', 'zk2', 'zk3'].map((name) => services[name]);

    expect(servers.map((server) => server?.environment?.['ZOO_MY_ID'])).toEqual(['1', '2', '3']);
    expect(new Set(servers.map((server) => server?.environment?.['ZOO_SERVERS'])).size).toBe(1);
    for (const [index, server] of servers.entries()) {
      expect(server?.hostname).toBe(`zk${index + 1}`);
      expect(server?.environment?.['ZOO_SERVERS']).toContain(`server.${index + 1}=zk${index + 1}:`);
    }
  });

  it('lets the bot read them', () => {
    const allowed = services['zk1']?.environment?.['ZOO_4LW_COMMANDS_WHITELIST']?.split(/, ?/u);

    expect(allowed).toEqual(expect.arrayContaining(['mntr', 'srvr', 'conf']));
  });

  it('declares every volume that is mounted by name', () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes = [] }) => volumes)
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((name) => !name.startsWith('.'));

    expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  it('publishes the console on this machine only', () => {
    expect(bot?.ports).toEqual(['127.0.0.1:8420:8420']);
  });

  it('gives the bot the variables and the hosts that its configuration names', () => {
    const text = read('nightkeeper.compose.yaml');
    // What compose itself takes from .env is filled with a value of the right form.
    const given = Object.fromEntries(
      Object.entries(bot?.environment ?? {}).map(([name, value]) => [
        name,
        value.startsWith('${') ? options.env[name] : value,
      ]),
    );
    const loaded = loadConfig(text, { ...options, env: given });
    const named = [...text.matchAll(/\$\{(\w+)\}/gu)].map((match) => match[1] ?? '');

    expect(loaded.ok ? [] : loaded.faults).toEqual([]);
    expect(named.filter((name) => bot?.environment?.[name] === undefined)).toEqual([]);
    const hosts = loaded.ok
      ? loaded.config.settings.ensembles.flatMap((each) => each.servers.map(({ id }) => id))
      : [];
    expect(hosts).toEqual(['zk1', 'zk2', 'zk3']);
    expect(bot?.volumes).toEqual([
      './nightkeeper.compose.yaml:/etc/nightkeeper/nightkeeper.yaml:ro',
    ]);
  });
});

describe('the Dockerfile', () => {
  it('runs as an ordinary user, and says whether it is well', () => {
    const lines = read('Dockerfile').split('\n');
    const last = lines.lastIndexOf('FROM node:20-slim');

    expect(lines.indexOf('USER node')).toBeGreaterThan(last);
    expect(read('Dockerfile')).toContain('/healthz');
    expect(read('Dockerfile')).toContain('NIGHTKEEPER_CONFIG=/etc/nightkeeper/nightkeeper.yaml');
  });

  it('copies only files that are there', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gmu)]
      .flatMap((match) => match[1]?.split(' ') ?? [])
      .filter((file) => file !== '.');

    expect(copied).toEqual(['package.json', 'package-lock.json']);
    for (const file of [...copied, 'LICENSE']) expect(read(file)).not.toBe('');
  });
});

describe('nightkeeper.example.yaml', () => {
  it('is a configuration without a fault', () => {
    const loaded = loadConfig(read('nightkeeper.example.yaml'), options);

    expect(loaded.ok ? loaded.config.warnings : loaded.faults).toEqual([]);
  });
});
