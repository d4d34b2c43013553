import { describe, expect, it } from 'vitest';
import { type LoadOptions, loadConfig } from '../../src/config/load.ts';
import type { ConfigFault } from '../../src/model/config-fault.ts';

const options: LoadOptions = {
  env: {},
  detectorThresholds: { 'latency-high': { warnMs: 100 }, 'member-down': {} },
};

function load(text: string, env: Record<string, string> = {}) {
  const result = loadConfig(text, { ...options, env });
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config;
}

function faults(text: string, env: Record<string, string> = {}): readonly ConfigFault[] {
  const result = loadConfig(text, { ...options, env });
  return result.ok ? result.config.warnings : result.faults;
}

function brief(list: readonly ConfigFault[]): readonly string[] {
  return list.map(({ line, column, path, what }) => `${line}:${column} ${path} ${what.kind}`);
}

const orders = 'ensembles: { orders: { servers: [zk1:2181] } }\n';

describe('a sound configuration', () => {
  it('needs one ensemble and nothing else', () => {
    const config = load(orders);

    expect(config.redis).toEqual({ url: 'redis://127.0.0.1:6379', prefix: 'nightkeeper' });
    expect(config.http).toEqual({ host: '127.0.0.1', port: 8420, openMetrics: true });
    expect(config.settings.language).toBe('en');
    expect(config.settings.ensembles[0]).toEqual({
      id: 'orders',
      servers: [
        {
          id: 'zk1',
          client: { host: 'zk1', port: 2181 },
          admin: { host: 'zk1', port: 8080 },
          role: 'voter',
        },
      ],
      discover: true,
      timing: { tickTimeMs: 2000, initLimit: 10, syncLimit: 5 },
      probe: { everyMs: 5000, timeoutMs: 1000 },
      sensors: { sessions: true, canary: true, pingEveryMs: 250 },
      survey: { everyMs: 60_000 },
      thresholds: {},
      restartCooldownMs: 300_000,
      recoveriesPerHour: 3,
      approvals: { needed: {}, withinMs: 900_000 },
    });
  });

  it('reads how machines are looked at, and where they differ', () => {
    const { settings } = load(
      `
ensembles:
  orders:
    servers: [zk1:2181]
    survey: { every: 2m }
    host:
      command: [ssh, "zk@{host}", "\${OPTION}"]
      every: 30s
      dataDir: /data
      servers: { zk1: { command: [], logFile: /var/log/zk.log } }
`,
      { OPTION: '-4' },
    );

    expect(settings.ensembles[0]).toMatchObject({
      survey: { everyMs: 120_000 },
      host: {
        kind: 'command',
        argv: ['ssh', 'zk@{host}', '${OPTION}'],
        everyMs: 30_000,
        timeoutMs: 10_000,
        dataDir: '/data',
        servers: { zk1: { argv: [], logFile: '/var/log/zk.log' } },
      },
    });
    const off = load('ensembles: { orders: { servers: [a:1], survey: false } }').settings;
    expect(off.ensembles[0]).not.toHaveProperty('survey');
  });

  it('reads how a tree is walked, only where that is written', () => {
    const on = load('ensembles: { orders: { servers: [a:1], crawl: { every: 10m } } }').settings;
    const off = load('ensembles: { orders: { servers: [a:1] } }').settings;

    expect(on.ensembles[0]?.crawl).toEqual({
      everyMs: 600_000,
      requestsPerSecond: 100,
      nodes: 1_000_000,
      bytes: 268_435_456,
      timeMs: 7_200_000,
      depth: 20,
    });
    expect(off.ensembles[0]).not.toHaveProperty('crawl');
  });

  it.each([
    ['survey: { every: 10ms }', 'ensembles.orders.survey.every', 'out-of-range'],
    ['crawl: { every: 10s }', 'ensembles.orders.crawl.every', 'out-of-range'],
    ['crawl: { time: 10s }', 'ensembles.orders.crawl.time', 'out-of-range'],
    ['crawl: { depth: 0 }', 'ensembles.orders.crawl.depth', 'out-of-range'],
    ['crawl: { request: 3 }', 'ensembles.orders.crawl.request', 'unknown-key'],
    [
      'host: { command: [ssh, "{hots}"] }',
      'ensembles.orders.host.command[1]',
      'unknown-placeholder',
    ],
  ])('says what is wrong with %s', (line, path, kind) => {
    expect(faults(`ensembles: { orders: { servers: [a:1], ${line} } }`)).toContainEqual(
      expect.objectContaining({ path, what: expect.objectContaining({ kind }) }),
    );
  });

  it('reads where sentinels or a cluster are, and keeps their passwords secret', () => {
    const env = { PASSWORD: 'hunter2' };
    const sentinels = load(
      `redis: { sentinels: ["redis://:\${PASSWORD}@s1:26379"], master: nk }\n${orders}`,
      env,
    );
    const cluster = load(`redis: { cluster: ["redis://:\${PASSWORD}@c1"] }\n${orders}`, env);

    expect(sentinels.redis).toMatchObject({
      sentinels: ['redis://:hunter2@s1:26379'],
      master: 'nk',
    });
    expect(sentinels.secrets).toContain('hunter2');
    expect(cluster.redis.cluster).toEqual(['redis://:hunter2@c1']);
    expect(cluster.secrets).toContain('hunter2');
  });

  it('reads where the heartbeat goes and when the test card comes', () => {
    const { heartbeat, secrets, settings } = load(
      `heartbeat: { url: "\${PING}", every: 30s }\nselfTest: { at: "09:30", zone: Europe/Berlin }\n${orders}`,
      { PING: 'https://switch.example.com/key' },
    );

    expect(heartbeat).toEqual({
      url: 'https://switch.example.com/key',
      method: 'GET',
      everyMs: 30_000,
    });
    expect(secrets).toContain('https://switch.example.com/key');
    expect(settings.selfTest).toEqual({ minute: 570, zone: 'Europe/Berlin' });
  });

  it('always has the console, which shows everything and calls nobody', () => {
    const { settings } = load(orders);

    expect(settings.destinations).toEqual([
      { id: 'console', channel: 'console', address: 'console', language: 'en' },
    ]);
    expect(settings.routes).toEqual([
      { ensembles: [], severities: [], when: [], destinations: ['console'], escalation: [] },
    ]);
  });

  it('reads people, destinations and routes', () => {
    const config = load(
      `
language: zh-CN
http: { publicUrl: "https://keeper.example.com" }
people:
  alice: { name: Alice Chen, language: en, roles: { "*": admin }, slack: U012ABC, email: a@example.com, token: "\${ALICE}" }
slack: { botToken: "\${BOT}", appToken: "\${APP}" }
destinations:
  ops: { slack: C024BE91L, language: en }
  hook: { webhook: { url: "https://hook.example.com/x", secret: "\${HOOK}" } }
routes:
  - { ensembles: [orders], severities: [page], to: [ops, hook], escalation: [ { after: 10m, people: [alice] } ] }
${orders}`,
      { ALICE: 'alice-token-123456', BOT: 'xoxb-1', APP: 'xapp-1', HOOK: 'hush' },
    );

    expect(config.settings.people).toEqual([
      {
        kind: 'person',
        id: 'alice',
        name: 'Alice Chen',
        language: 'en',
        roles: { '*': 'admin' },
        handles: { console: 'alice', webhook: 'alice', slack: 'U012ABC', email: 'a@example.com' },
      },
    ]);
    expect(
      config.settings.destinations.map(({ id, channel, address, language }) => [
        id,
        channel,
        address,
        language,
      ]),
    ).toEqual([
      ['ops', 'slack', 'C024BE91L', 'en'],
      ['hook', 'webhook', 'hook', 'zh-CN'],
      ['console', 'console', 'console', 'zh-CN'],
    ]);
    expect(config.settings.routes[0]).toEqual({
      ensembles: ['orders'],
      severities: ['page'],
      destinations: ['ops', 'hook'],
      when: [],
      escalation: [{ afterMs: 600_000, to: [{ kind: 'person', id: 'alice' }] }],
    });
    expect(config.settings.publicUrl).toBe('https://keeper.example.com');
    expect(config.webhooks).toEqual({
      hook: { url: 'https://hook.example.com/x', secret: 'hush' },
    });
    expect(config.tokens).toEqual([{ person: 'alice', token: 'alice-token-123456' }]);
    expect(config.secrets).toEqual([
      'alice-token-123456',
      'xoxb-1',
      'xapp-1',
      'https://hook.example.com/x',
      'hush',
    ]);
    expect(config.warnings.map(({ what }) => what.kind)).toEqual(['unheard']);
  });

  it('reads a restart command with its times', () => {
    const config = load(`
ensembles:
  orders:
    servers: [zk1:2181]
    restart: { command: [systemctl, restart, "zookeeper@{server}"], timeout: 90s, cooldown: 2m }
`);

    expect(config.settings.ensembles[0]?.restart).toEqual({
      kind: 'command',
      argv: ['systemctl', 'restart', 'zookeeper@{server}'],
      timeoutMs: 90_000,
    });
    expect(config.settings.ensembles[0]?.restartCooldownMs).toBe(120_000);
  });

  it('takes a section whose lines are all commented out for absent', () => {
    const config = load(`people:\n  # alice: {}\n${orders}`);

    expect(config.settings.people).toEqual([]);
  });

  it('follows anchors and merge keys', () => {
    const config = load(`
ensembles:
  orders: &base { servers: [zk1:2181], discover: false }
  carts: { <<: *base, servers: [zk2:2181] }
`);

    expect(config.settings.ensembles.map(({ id, discover }) => [id, discover])).toEqual([
      ['orders', false],
      ['carts', false],
    ]);
  });

  it('fills references into any text, and leaves a doubled dollar alone', () => {
    const config = load(
      `
http: { port: "\${PORT}" }
ensembles:
  orders:
    servers: ["\${HOST}:2181"]
    tls: { caFile: "/etc/$\${HOME}/ca.pem" }
`,
      { PORT: '9000', HOST: 'zk7.example.com' },
    );

    expect(config.http.port).toBe(9000);
    expect(config.settings.ensembles[0]?.servers[0]?.id).toBe('zk7');
    expect(config.settings.ensembles[0]?.tls?.caFile).toBe('/etc/${HOME}/ca.pem');
  });
});

describe('a restart over SSH', () => {
  it('has its key checked, and its command written by a recipe', () => {
    const config = load(
      `
ensembles:
  orders:
    servers: [a:1]
    restart:
      systemd: zookeeper@{server}
      ssh: { user: zk, keyFile: /etc/nightkeeper/key, passphrase: "\${KEY_WORD}", knownHosts: /etc/nightkeeper/known_hosts }
`,
      { KEY_WORD: 'open sesame' },
    );

    expect(config.settings.ensembles[0]?.restart).toEqual({
      kind: 'ssh',
      argv: ['sudo', '-n', 'systemctl', 'restart', 'zookeeper@{server}'],
      stop: ['sudo', '-n', 'systemctl', 'stop', 'zookeeper@{server}'],
      start: ['sudo', '-n', 'systemctl', 'start', 'zookeeper@{server}'],
      on: [],
      log: [
        'journalctl',
        '--no-pager',
        '-o',
        'short-iso',
        '-n',
        '{lines}',
        '-u',
        'zookeeper@{server}',
      ],
      user: 'zk',
      host: '{host}',
      port: 22,
      login: { kind: 'key', file: '/etc/nightkeeper/key', passphrase: 'open sesame' },
      trust: { kind: 'known-hosts', file: '/etc/nightkeeper/known_hosts' },
      connectTimeoutMs: 10_000,
      timeoutMs: 60_000,
    });
  });
});

describe('what stops, starts and runs beside a server', () => {
  it.each([
    ['nothing, as of a plain command', '{ command: [r] }', {}],
    [
      'what is written',
      '{ command: [r], stop: [s, "{server}"], start: [t], on: [ip, netns, exec, "{server}"] }',
      {
        stop: ['s', '{server}'],
        start: ['t'],
        on: ['ip', 'netns', 'exec', '{server}'],
      },
    ],
    [
      'what the supervisor does on the own machine',
      '{ supervisor: zk }',
      {
        stop: ['sudo', '-n', 'supervisorctl', 'stop', 'zk'],
        start: ['sudo', '-n', 'supervisorctl', 'start', 'zk'],
        on: [],
      },
    ],
    [
      'what is written instead of the recipe',
      '{ systemd: zk, stop: [kill-it] }',
      {
        stop: ['kill-it'],
        start: ['sudo', '-n', 'systemctl', 'start', 'zk'],
        on: [],
      },
    ],
    ['the way of ssh', '{ command: [r], ssh: { user: z, knownHosts: /k } }', { on: [] }],
  ])('is %s', (_, restart, expected) => {
    const { restart: built } =
      load(`ensembles: { o: { servers: [a:1], restart: ${restart} } }`).settings.ensembles[0] ?? {};
    if (built?.kind !== 'command' && built?.kind !== 'ssh') throw new Error('no programs');
    const { stop, start, on } = built;

    expect({
      ...(stop === undefined ? {} : { stop }),
      ...(start === undefined ? {} : { start }),
      ...(on === undefined ? {} : { on }),
    }).toEqual(expected);
  });
});

describe('a container', () => {
  it('is on the engine of this machine, or of another over TLS', () => {
    const config = load(`
ensembles:
  here: { servers: [a:1], restart: { docker: { container: "zk-{server}" }, timeout: 30s } }
  there:
    servers: [b:1]
    restart: { docker: { container: zk, host: "{host}", caFile: /ca, certFile: /cert, keyFile: /key } }
`);

    expect(config.settings.ensembles.map(({ restart }) => restart)).toEqual([
      {
        kind: 'docker',
        container: 'zk-{server}',
        engine: { kind: 'socket', path: '/var/run/docker.sock' },
        connectTimeoutMs: 10_000,
        timeoutMs: 30_000,
      },
      {
        kind: 'docker',
        container: 'zk',
        engine: {
          kind: 'tls',
          host: '{host}',
          port: 2376,
          caFile: '/ca',
          certFile: '/cert',
          keyFile: '/key',
        },
        connectTimeoutMs: 10_000,
        timeoutMs: 60_000,
      },
    ]);
  });
});

describe('a pod', () => {
  it('is in the cluster of the bot, or in one that a kubeconfig names', () => {
    const config = load(`
ensembles:
  here: { servers: [a:1], restart: { kubernetes: { namespace: zoo, pod: "{server}" } } }
  there:
    servers: [b:1]
    restart: { kubernetes: { namespace: "{ensemble}", statefulset: zk, container: zookeeper, kubeconfig: /kube, context: east } }
`);

    const rest = { kind: 'kubernetes', connectTimeoutMs: 10_000, timeoutMs: 60_000 };
    expect(config.settings.ensembles.map(({ restart }) => restart)).toEqual([
      {
        ...rest,
        access: { kind: 'in-cluster' },
        namespace: 'zoo',
        target: { kind: 'pod', name: '{server}' },
      },
      {
        ...rest,
        access: { kind: 'kubeconfig', file: '/kube', context: 'east' },
        namespace: '{ensemble}',
        target: { kind: 'statefulset', name: 'zk' },
        container: 'zookeeper',
      },
    ]);
  });
});

describe('references in a restart command', () => {
  const text = `
ensembles: { o: { servers: [a:1], restart: { command: [curl, "Key: \${API_KEY}"] } } }
`;

  it('stay references, so that no card can show the value', () => {
    const config = load(text, { API_KEY: 'swordfish' });

    expect(config.settings.ensembles[0]?.restart).toMatchObject({
      argv: ['curl', 'Key: ${API_KEY}'],
    });
  });

  it('must be set nevertheless', () => {
    expect(faults(text).map(({ what }) => what)).toEqual([
      { kind: 'unset-variable', variable: 'API_KEY' },
    ]);
  });
});

describe('names of servers', () => {
  function servers(list: string) {
    return load(`ensembles: { orders: { servers: [${list}] } }`).settings.ensembles[0]?.servers;
  }

  it('are the first label of the host where that tells them apart', () => {
    expect(
      servers('zk1.example.com:2181, zk2.example.com:2181, zk3:2181')?.map(({ id }) => id),
    ).toEqual(['zk1', 'zk2', 'zk3']);
  });

  it('are address and port where the host does not', () => {
    const found = servers('localhost:2181, localhost:2182, "10.0.0.1:2181", "[::1]:2181"');

    expect(found?.map(({ id }) => id)).toEqual([
      'localhost:2181',
      'localhost:2182',
      '10.0.0.1:2181',
      '[::1]:2181',
    ]);
  });

  it('are the configured ones otherwise, with sid, role and admin address', () => {
    const found = servers(
      '{ id: a, client: "h:2181", admin: "h:8081", role: observer, sid: 4 }, { client: "z:2181", admin: false }',
    );

    expect(found).toEqual([
      {
        id: 'a',
        client: { host: 'h', port: 2181 },
        admin: { host: 'h', port: 8081 },
        sid: 4,
        role: 'observer',
      },
      { id: 'z', client: { host: 'z', port: 2181 }, role: 'voter' },
    ]);
  });

  it('get no guessed admin address when servers share a host', () => {
    expect(servers('h:2181, h:2182')?.map(({ admin }) => admin)).toEqual([undefined, undefined]);
  });
});

describe('ten mistakes', () => {
  const text = `language: de
redis: { url: "http://127.0.0.1" }
http: { prot: 8420 }
people:
  alice: { name: Alice, roles: { order: admin }, token: swordfish-swordfish }
ensembles:
  orders:
    servers: [ "zk1:2181", "zk1:2181", zk3 ]
    probe: { every: 5, timeout: 1s }
    sensors: { sessions: maybe }
    thresholds: { latency-hihg: { warnMs: 50 } }
destinations:
  ops: { webhook: { url: "\${HOOK_URL}" } }
routes:
  - { to: [opps] }
`;

  it('are told in one run, each with its line', () => {
    expect(brief(faults(text))).toEqual([
      '1:11 language not-one-of',
      '2:15 redis.url wrong-value',
      '3:9 http.prot unknown-key',
      '5:41 people.alice.roles.order unknown-name',
      '5:57 people.alice.token literal-secret',
      '8:28 ensembles.orders.servers[1] duplicate',
      '8:40 ensembles.orders.servers[2] wrong-value',
      '9:21 ensembles.orders.probe.every wrong-value',
      '10:26 ensembles.orders.sensors.sessions wrong-value',
      '11:19 ensembles.orders.thresholds.latency-hihg unknown-name',
      '13:26 destinations.ops.webhook.url unset-variable',
      '15:12 routes[0].to[0] unknown-name',
    ]);
  });

  it('come with what was probably meant', () => {
    const suggestions = faults(text).flatMap(({ what }) =>
      what.kind === 'unknown-key' || what.kind === 'unknown-name' ? [what.suggestion] : [],
    );

    expect(suggestions).toEqual(['port', 'orders', 'latency-high', 'ops']);
  });

  it('never show a secret', () => {
    expect(JSON.stringify(faults(text))).not.toContain('swordfish');
  });
});

describe('secrets', () => {
  it('are wanted as a reference, whole and alone', () => {
    const text = `slack: { botToken: "xoxb-\${X}", appToken: "\${X}" }\n${orders}`;

    expect(brief(faults(text, { X: 'xapp-1' }))).toEqual(['1:20 slack.botToken literal-secret']);
  });

  it('are shown as their reference when they are of the wrong kind', () => {
    const text = `slack: { botToken: "\${X}", appToken: "\${Y}" }\n${orders}`;

    const [fault] = faults(text, { X: 'topsecret', Y: 'xapp-1' });

    expect(fault?.what).toEqual({ kind: 'wrong-value', value: '${X}', want: 'slack-bot-token' });
  });

  it('do not hide in addresses', () => {
    const text = `redis: { url: "redis://:hunter2@h:6379" }\n${orders}`;

    expect(brief(faults(text))).toEqual(['1:15 redis.url literal-secret']);
    expect(JSON.stringify(faults(text))).not.toContain('hunter2');
  });

  it('may be a reference inside an address', () => {
    const config = load(`redis: { url: "redis://:\${P}@h:6379" }\n${orders}`, { P: 'hunter%32' });

    expect(config.redis.url).toBe('redis://:hunter%32@h:6379');
    expect(config.secrets).toEqual(['hunter%32', 'hunter2']);
  });

  it('that are not set are one fault that names the variable', () => {
    const text = `people: { a: { name: A, roles: {}, token: "\${TOKEN_A}" } }\n${orders}`;

    expect(faults(text).map(({ what }) => what)).toEqual([
      { kind: 'unset-variable', variable: 'TOKEN_A' },
    ]);
    expect(faults(text, { TOKEN_A: '' }).map(({ what }) => what.kind)).toEqual(['unset-variable']);
  });

  it('that are not set are a warning where that is asked for', () => {
    const text = `people: { a: { name: A, roles: {}, token: "\${TOKEN_A}" } }\n${orders}`;

    const result = loadConfig(text, { ...options, unset: 'warning' });

    expect(result.ok ? [] : result.faults.map(({ level }) => level)).toEqual(['warning']);
  });

  it('may not be the same for two people', () => {
    const text = `people:
  a: { name: A, roles: {}, token: "\${A}" }
  b: { name: B, roles: {}, token: "\${B}" }
${orders}`;

    const found = faults(text, { A: 'same-token-same-token', B: 'same-token-same-token' });

    expect(found.map(({ line, what }) => [line, what])).toEqual([
      [3, { kind: 'duplicate', of: 'token', value: '${B}', firstLine: 2 }],
    ]);
  });
});

describe('what fields cannot know of each other', () => {
  it.each([
    [
      'a console for everybody',
      `http: { host: 0.0.0.0 }\n${orders}`,
      '1:15 http.host open-console',
    ],
    [
      'a stranger on this machine',
      `http: { localPerson: bob }\n${orders}`,
      '1:22 http.localPerson unknown-name',
    ],
    [
      'a Slack destination without Slack',
      `destinations: { ops: { slack: C024BE91L } }\n${orders}`,
      '1:31 destinations.ops.slack section-missing',
    ],
    [
      'a destination without a way',
      `destinations: { ops: { language: en } }\n${orders}`,
      '1:17 destinations.ops one-channel',
    ],
    [
      'clicks without a way in',
      `slack: { botToken: "\${B}" }\n${orders}`,
      '1:1 slack slack-way-in',
    ],
    [
      'sentinels without the name of their master',
      `redis: { sentinels: ["redis://s1:26379"] }\n${orders}`,
      '1:1 redis sentinel-pair',
    ],
    ['a master without sentinels', `redis: { master: nk }\n${orders}`, '1:1 redis sentinel-pair'],
    [
      'sentinels and a cluster at once',
      `redis: { sentinels: ["redis://s1"], master: nk, cluster: ["redis://c1"] }\n${orders}`,
      '1:49 redis.cluster redis-two-ways',
    ],
    [
      'a password of a cluster in the clear',
      `redis: { cluster: ["redis://c1", "redis://:hunter2@c2"] }\n${orders}`,
      '1:34 redis.cluster[1] literal-secret',
    ],
    [
      'a heartbeat address in the clear',
      `heartbeat: { url: "https://h/key" }\n${orders}`,
      '1:19 heartbeat.url literal-secret',
    ],
    [
      'a heartbeat that comes too often',
      `heartbeat: { url: "\${H}", every: 1s }\n${orders}`,
      '1:34 heartbeat.every out-of-range',
    ],
    [
      'a test card at no time of the day',
      `selfTest: { at: "25:00" }\n${orders}`,
      '1:17 selfTest.at wrong-value',
    ],
    [
      'a destination named console',
      `destinations: { console: { webhook: { url: "http://h/" } } }\n${orders}`,
      '1:17 destinations.console wrong-value',
    ],
    [
      'an ensemble named like the bot itself',
      'ensembles: { nightkeeper: { servers: [zk1:2181] } }\n',
      '1:14 ensembles.nightkeeper wrong-value',
    ],
    ['no ensemble', 'language: en\n', '1:1  missing'],
    ['no ensemble in the section', 'ensembles: {}\n', '1:1 ensembles empty-list'],
    [
      'an ensemble without servers',
      'ensembles: { o: { servers: [] } }\n',
      '1:19 ensembles.o.servers empty-list',
    ],
    [
      'a probe slower than its tick',
      'ensembles: { o: { servers: [a:1], probe: { every: 1s, timeout: 2s } } }',
      '1:64 ensembles.o.probe.timeout timeout-too-long',
    ],
    [
      'a tick too quick',
      'ensembles: { o: { servers: [a:1], probe: { every: 100ms, timeout: 50ms } } }',
      '1:51 ensembles.o.probe.every out-of-range',
    ],
    [
      'half a certificate',
      'ensembles: { o: { servers: [a:1], tls: { keyFile: k } } }',
      '1:35 ensembles.o.tls tls-pair',
    ],
    [
      'an unknown threshold',
      'ensembles: { o: { servers: [a:1], thresholds: { latency-high: { warn: 1 } } } }',
      '1:71 ensembles.o.thresholds.latency-high.warn unknown-name',
    ],
    [
      'a threshold below zero',
      'ensembles: { o: { servers: [a:1], thresholds: { latency-high: { warnMs: -1 } } } }',
      '1:73 ensembles.o.thresholds.latency-high.warnMs out-of-range',
    ],
    [
      'a threshold of more than a month',
      'ensembles: { o: { servers: [a:1], thresholds: { latency-high: { warnMs: 2592000001 } } } }',
      '1:73 ensembles.o.thresholds.latency-high.warnMs out-of-range',
    ],
    [
      'a word that cannot be filled in',
      'ensembles: { o: { servers: [a:1], restart: { command: [r, "{sever}"] } } }',
      '1:59 ensembles.o.restart.command[1] unknown-placeholder',
    ],
    [
      'an unknown word before a program',
      'ensembles: { o: { servers: [a:1], restart: { command: [r], on: ["{sever}"] } } }',
      '1:65 ensembles.o.restart.on[0] unknown-placeholder',
    ],
    [
      'an engine that anybody may reach',
      'ensembles: { o: { servers: [a:1], restart: { docker: { container: c, host: h, caFile: a, certFile: b } } } }',
      '1:46 ensembles.o.restart.docker missing',
    ],
    [
      'a pod and its workload',
      'ensembles: { o: { servers: [a:1], restart: { kubernetes: { namespace: n, pod: p, deployment: d } } } }',
      '1:46 ensembles.o.restart.kubernetes not-one',
    ],
    [
      'an unknown word in the name of a pod',
      'ensembles: { o: { servers: [a:1], restart: { kubernetes: { namespace: n, pod: "{sever}" } } } }',
      '1:79 ensembles.o.restart.kubernetes.pod unknown-placeholder',
    ],
    [
      'an engine in two places',
      'ensembles: { o: { servers: [a:1], restart: { docker: { container: c, host: h, socket: s, caFile: a, certFile: b, keyFile: k } } } }',
      '1:46 ensembles.o.restart.docker not-one',
    ],
    [
      'a restart without anything to run',
      'ensembles: { o: { servers: [a:1], restart: { timeout: 5s } } }',
      '1:35 ensembles.o.restart not-one',
    ],
    [
      'two ways to restart',
      'ensembles: { o: { servers: [a:1], restart: { command: [r], systemd: zookeeper } } }',
      '1:35 ensembles.o.restart not-one',
    ],
    [
      'a machine that is not known by its key',
      'ensembles: { o: { servers: [a:1], restart: { command: [r], ssh: { user: z } } } }',
      '1:60 ensembles.o.restart.ssh not-one',
    ],
    [
      'a fingerprint that is none',
      'ensembles: { o: { servers: [a:1], restart: { command: [r], ssh: { user: z, hostKeys: [md5] } } } }',
      '1:87 ensembles.o.restart.ssh.hostKeys[0] wrong-value',
    ],
    [
      'two servers of one name',
      'ensembles: { o: { servers: [{ id: z, client: "a:1" }, { id: z, client: "b:1" }] } }',
      '1:55 ensembles.o.servers[1] duplicate',
    ],
    ['a route to nowhere', `routes: [{ to: [] }]\n${orders}`, '1:12 routes[0].to empty-list'],
    [
      'an even number of voters',
      'ensembles: { o: { servers: [a:1, b:1], discover: false } }',
      '1:19 ensembles.o.servers even-voters',
    ],
  ])('%s', (_name, text, expected) => {
    expect(brief(faults(text, { B: 'xoxb-1', H: 'http://h/key' }))).toEqual([expected]);
  });

  it('warns of people that an escalation cannot call', () => {
    const text = `
people: { bob: { name: Bob, roles: { "*": operator } } }
slack: { botToken: "\${B}", appToken: "\${A}" }
destinations: { ops: { slack: C024BE91L } }
routes: [{ to: [ops], escalation: [{ after: 1m, people: [bob] }] }]
${orders}`;

    const { warnings } = load(text, { B: 'xoxb-1', A: 'xapp-1' });

    expect(warnings.map(({ level, line, what }) => [level, line, what])).toEqual([
      ['warning', 5, { kind: 'unreachable-person', person: 'bob' }],
    ]);
  });
});

describe('a file that is no YAML', () => {
  it('is said with the line', () => {
    const found = faults('language: en\nensembles: { orders\nhttp: }\n');

    expect(found[0]?.what.kind).toBe('syntax');
    expect(found[0]?.line).toBeGreaterThanOrEqual(2);
  });

  it('tells a doubled key beside the other faults', () => {
    expect(brief(faults(`language: de\nlanguage: en\n${orders}`))).toContain('2:1  syntax');
  });

  it('is refused when it unfolds without end', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c, *c]
`;

    expect(faults(bomb)[0]?.what.kind).toBe('syntax');
  });

  it('is refused when it is too long', () => {
    expect(faults(`#${' '.repeat(2_000_001)}`)[0]?.what.kind).toBe('syntax');
  });

  it.each(['', '[]', '42', 'null'])('is a fault for %j', (text) => {
    expect(faults(text).length).toBeGreaterThan(0);
  });
});

describe('names that objects have by themselves', () => {
  it('are no people, ensembles or thresholds', () => {
    const text = `
http: { localPerson: constructor }
routes: [{ ensembles: [toString], to: [valueOf] }]
ensembles: { o: { servers: [a:1], thresholds: { constructor: { name: 1 } } } }
`;

    expect(brief(faults(text))).toEqual([
      '2:22 http.localPerson unknown-name',
      '3:24 routes[0].ensembles[0] unknown-name',
      '3:40 routes[0].to[0] unknown-name',
      '4:49 ensembles.o.thresholds.constructor unknown-name',
    ]);
  });
});
