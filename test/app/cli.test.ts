import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { detectors } from '../../src/app/catalog.ts';
import { type CliParts, runCli } from '../../src/app/cli-program.ts';
import { NightkeeperError } from '../../src/model/errors.ts';
import type { Reply } from '../../src/model/reply.ts';
import { aTerminal, type Terminal } from '../support/terminal.ts';

const parts: CliParts = {
  version: '1.2.3',
  detectorThresholds: { 'latency-high': { warnMs: 100 } },
  detectors,
  start: () => Promise.resolve(),
};

interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

let server: Server | undefined;
let asked: Asked[];
let folder: string;

beforeEach(async () => {
  asked = [];
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-cli-'));
});

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((done) => {
    if (server === undefined) done();
    else server.close(() => done());
  });
  server = undefined;
  await rm(folder, { recursive: true });
});

/** The way in of a bot: answers what it is told, and remembers what it was asked. */
async function aBot(
  answer: (asked: Asked) => { readonly status?: number; readonly body: unknown },
): Promise<string> {
  const listening = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      const one = { url: request.url ?? '', headers: request.headers, body: JSON.parse(text) };
      asked.push(one);
      const { status = 200, body } = answer(one);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server = listening;
  await new Promise<void>((done) => {
    listening.listen(0, '127.0.0.1', done);
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

function reply(outcome: Reply['outcome'], blocks: Reply['blocks']): { readonly body: Reply } {
  return { body: { outcome, visibility: 'private', blocks } };
}

const formReply = reply('ask', [
  {
    kind: 'form',
    form: {
      title: 'Restart zk2 of orders',
      lines: ['3 voters, 2 serving'],
      reasonLabel: 'Reason',
      submit: 'Restart zk2',
      cancel: 'Leave it',
      danger: true,
      invocation: {
        command: 'recover',
        args: ['restart-server', 'orders', 'zk2'],
        options: { incident: '12' },
      },
    },
  },
]);

function run(terminal: Terminal, ...argv: readonly string[]) {
  return runCli(argv, terminal.io, parts);
}

describe('a command for the bot', () => {
  it('is sent as typed, in the name of whoever the token belongs to', async () => {
    const url = await aBot(() => reply('done', [{ kind: 'text', text: 'acknowledged' }]));
    const terminal = aTerminal({
      env: { NIGHTKEEPER_URL: url, NIGHTKEEPER_TOKEN: 'my-token', LANG: 'zh_CN.UTF-8' },
    });

    const code = await run(terminal, 'ack', '12', '--reason', 'two words', '--x=y');

    expect(code).toBe(0);
    expect(terminal.out()).toBe('acknowledged\n');
    expect(asked[0]?.url).toBe('/api/v1/commands');
    expect(asked[0]?.body).toEqual({
      command: 'ack',
      args: ['12'],
      options: { reason: 'two words', x: 'y' },
    });
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer my-token',
      'accept-language': 'zh-CN',
      'x-nightkeeper-via': 'cli',
      'x-dedupe-id': expect.stringMatching(/^[\w-]{8,64}$/u),
    });
    // What a browser would send makes the bot ask for a page's token.
    expect(asked[0]?.headers).not.toHaveProperty('sec-fetch-site');
    expect(asked[0]?.headers).not.toHaveProperty('origin');
  });

  it('that is refused says so, with another code', async () => {
    const url = await aBot(() => reply('refused', [{ kind: 'text', text: 'You may only read.' }]));
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url } });

    expect(await run(terminal, 'ack', '12')).toBe(1);
    expect(terminal.err()).toBe('You may only read.\n');
    expect(terminal.out()).toBe('');
  });

  it('is answered as JSON where a script asks, wherever it writes that', async () => {
    const url = await aBot(() => reply('done', [{ kind: 'text', text: 'fine' }]));
    const before = aTerminal({ env: { NIGHTKEEPER_URL: url } });
    const behind = aTerminal({ env: { NIGHTKEEPER_URL: url } });

    await run(before, '--json', 'status');
    await run(behind, 'status', '--json');

    expect(JSON.parse(before.out())).toEqual(reply('done', [{ kind: 'text', text: 'fine' }]).body);
    expect(behind.out()).toBe(before.out());
    expect(asked.map(({ body }) => body)).toEqual([
      { command: 'status', args: [], options: {} },
      { command: 'status', args: [], options: {} },
    ]);
  });

  it('help is the bot’s, and --help is that of the command line', async () => {
    const url = await aBot(() => reply('done', [{ kind: 'text', text: 'from the bot' }]));
    const asking = aTerminal({ env: { NIGHTKEEPER_URL: url } });
    const reading = aTerminal();

    expect(await run(asking, 'help')).toBe(0);
    expect(await run(reading, '--help')).toBe(0);

    expect(asking.out()).toBe('from the bot\n');
    expect(reading.out()).toContain('Usage: nightkeeper');
    expect(reading.out()).toContain('config check FILE');
  });
});

describe('without an answer', () => {
  it('says that no bot runs there', async () => {
    const url = await aBot(() => ({ body: '' }));
    await new Promise<void>((done) => {
      server?.close(() => done());
    });
    server = undefined;
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url } });

    expect(await run(terminal, 'status')).toBe(2);
    expect(terminal.err()).toBe(
      `No bot answers at ${url}. Start it with "nightkeeper start", or set NIGHTKEEPER_URL to where it runs.\n`,
    );
  });

  it.each([
    [
      'a wrong token',
      { status: 401, body: { code: 'wrong-token', message: 'no' } },
      'NIGHTKEEPER_TOKEN',
    ],
    ['something else', { status: 200, body: '<html>' }, 'is not Nightkeeper (HTTP 200)'],
    [
      'a fault of the bot',
      { status: 503, body: { code: 'blind', message: 'No Redis.', next: 'Wait.' } },
      'No Redis. Wait.',
    ],
  ])('tells %s', async (_name, answer, words) => {
    const url = await aBot(() => answer);
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url } });

    expect(await run(terminal, 'status')).toBe(2);
    expect(terminal.err()).toContain(words);
  });

  it('tells an address that is none', async () => {
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: 'localhost:8420' } });

    expect(await run(terminal, 'status')).toBe(2);
    expect(terminal.err()).toBe('NIGHTKEEPER_URL is not an http address: localhost:8420\n');
  });
});

describe('a question back', () => {
  it('is answered on a terminal: why, and surely?', async () => {
    const url = await aBot(({ body }) =>
      JSON.stringify(body).includes('confirm')
        ? reply('done', [{ kind: 'text', text: 'Restart began.' }])
        : formReply,
    );
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url }, tty: true });

    const running = run(terminal, 'recover', 'restart-server', 'orders', 'zk2');
    await vi.waitFor(() => expect(terminal.out()).toContain('Reason: '));
    terminal.type('hung since 3');
    await vi.waitFor(() => expect(terminal.out()).toContain('Restart zk2? Type "yes"'));
    terminal.type('yes');

    expect(await running).toBe(0);
    expect(terminal.out()).toContain('3 voters, 2 serving');
    expect(terminal.out()).toContain('Restart began.');
    expect(asked[1]?.body).toEqual({
      command: 'recover',
      args: ['restart-server', 'orders', 'zk2'],
      options: { incident: '12', reason: 'hung since 3', confirm: 'yes' },
    });
  });

  it('that is not answered with yes does nothing', async () => {
    const url = await aBot(() => formReply);
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url }, tty: true });

    const running = run(terminal, 'recover', 'restart-server', 'orders', 'zk2');
    await vi.waitFor(() => expect(terminal.out()).toContain('Reason: '));
    terminal.type('because');
    await vi.waitFor(() => expect(terminal.out()).toContain('Type "yes"'));
    terminal.type('no');

    expect(await running).toBe(1);
    expect(terminal.out()).toContain('Nothing was done.');
    expect(asked).toHaveLength(1);
  });

  it('does nothing when the terminal goes away', async () => {
    const url = await aBot(() => formReply);
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url }, tty: true });

    const running = run(terminal, 'recover', 'restart-server', 'orders', 'zk2');
    await vi.waitFor(() => expect(terminal.out()).toContain('Reason: '));
    (terminal.io.stdin as NodeJS.ReadWriteStream).end();

    expect(await running).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('asks for the choices of a form, and takes the first one for an empty line', async () => {
    const [block] = formReply.body.blocks;
    if (block?.kind !== 'form') throw new Error('not a form');
    const options = ['30m', '2h'].map((value) => ({ value, label: value }));
    const fields = [
      { kind: 'choice', name: 'for', label: 'How long?', options, chosen: '2h' },
      { kind: 'flag', name: 'dry-run', label: 'Only look' },
    ] as const;
    const choosing = reply('ask', [{ kind: 'form', form: { ...block.form, fields } }]);
    const url = await aBot(() =>
      asked.length === 1 ? choosing : reply('done', [{ kind: 'text', text: 'done' }]),
    );
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url }, tty: true });

    const running = run(terminal, 'recover', 'orders', 'zk2');
    await vi.waitFor(() => expect(terminal.out()).toContain('How long? (30m, 2h) [2h]'));
    terminal.type('');
    await vi.waitFor(() => expect(terminal.out()).toContain('Reason: '));
    terminal.type('because');
    await vi.waitFor(() => expect(terminal.out()).toContain('Type "yes"'));
    terminal.type('yes');

    expect(await running).toBe(0);
    expect(asked.at(-1)?.body).toMatchObject({ options: { for: '2h', reason: 'because' } });
  });

  it('names commands as they are typed here', async () => {
    const url = await aBot(() => reply('refused', [{ kind: 'text', text: 'See: /zk help' }]));
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url } });

    await run(terminal, 'hlep');

    expect(terminal.err()).toContain('See: nightkeeper help');
  });

  it('is the exact line to repeat where nobody can be asked', async () => {
    const url = await aBot(() => formReply);
    const terminal = aTerminal({ env: { NIGHTKEEPER_URL: url } });

    expect(await run(terminal, 'recover', 'restart-server', 'orders', 'zk2')).toBe(1);
    expect(terminal.out()).toContain(
      'nightkeeper recover restart-server orders zk2 --incident 12 --reason why --confirm yes\n',
    );
  });
});

describe('config check', () => {
  async function aFile(text: string, name = 'nightkeeper.yaml'): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  }

  it('says that a file is fine, and what is in it', async () => {
    const file = await aFile('ensembles: { orders: { servers: [a:1, b:1, c:1] } }\n');
    const terminal = aTerminal();

    expect(await run(terminal, 'config', 'check', file)).toBe(0);
    expect(terminal.out()).toBe(
      `${file} is fine.\nensembles 1, servers 3, people 0, destinations 1, routes 1\n`,
    );
  });

  it('says everything that is wrong, each with its line, and ends with 1', async () => {
    const file = await aFile('langauge: en\nensembles: { orders: { servers: [a] } }\n');
    const terminal = aTerminal();

    expect(await run(terminal, 'config', 'check', file)).toBe(1);
    expect(terminal.err().split('\n')).toEqual([
      `${file}:1:1: fault: langauge: "langauge" is not a key here; did you mean "language"?`,
      `${file}:2:34: fault: ensembles.orders.servers[0]: "a" should be an address such as zk1.example.com:2181, or a section with id, client and admin`,
      '2 faults, 0 warnings.',
      '',
    ]);
  });

  it('speaks Chinese on a Chinese terminal', async () => {
    const file = await aFile('langauge: en\nensembles: { orders: { servers: ["a:1"] } }\n');
    const terminal = aTerminal({ env: { LANG: 'zh_CN.UTF-8' } });

    await run(terminal, 'config', 'check', file);

    expect(terminal.err()).toContain('这里没有“langauge”这个键；是否想写“language”？');
  });

  it('takes variables from a file, and can do without', async () => {
    const file = await aFile(
      'people: { a: { name: A, roles: {}, token: "${TOKEN_A}" } }\nensembles: { o: { servers: ["a:1"] } }\n',
    );
    const envFile = await aFile('TOKEN_A=0123456789abcdef\n', '.env');
    const [bare, filled, lenient] = [aTerminal(), aTerminal(), aTerminal()];

    expect(await run(bare, 'config', 'check', file)).toBe(1);
    expect(await run(filled, 'config', 'check', file, '--env-file', envFile)).toBe(0);
    expect(await run(lenient, 'config', 'check', file, '--no-env')).toBe(0);

    expect(bare.err()).toContain('the environment variable TOKEN_A is not set');
    expect(lenient.err()).toContain('warning');
  });

  it('tells faults as JSON', async () => {
    const file = await aFile('ensembles: { o: { servers: [] } }\n');
    const terminal = aTerminal();

    expect(await run(terminal, 'config', 'check', file, '--json')).toBe(1);
    expect(JSON.parse(terminal.out())).toEqual({
      ok: false,
      faults: [
        {
          level: 'fault',
          line: 1,
          column: 19,
          path: 'ensembles.o.servers',
          what: { kind: 'empty-list' },
        },
      ],
    });
  });

  it('says why a file cannot be read', async () => {
    const terminal = aTerminal();

    expect(await run(terminal, 'config', 'check', join(folder, 'none.yaml'))).toBe(1);
    expect(terminal.err()).toContain('there is no such file');
  });
});

describe('start', () => {
  it('starts the bot with its file', async () => {
    const files: string[] = [];
    const starting: CliParts = {
      ...parts,
      start: ({ configFile }) => {
        files.push(configFile);
        return Promise.resolve();
      },
    };

    await runCli(['start'], aTerminal().io, starting);
    await runCli(['start', '-c', 'x.yaml'], aTerminal().io, starting);
    await runCli(['start'], aTerminal({ env: { NIGHTKEEPER_CONFIG: 'y.yaml' } }).io, starting);
    await runCli(['start'], aTerminal({ env: { NIGHTKEEPER_CONFIG: '' } }).io, starting);

    expect(files).toEqual(['nightkeeper.yaml', 'x.yaml', 'y.yaml', 'nightkeeper.yaml']);
  });

  it('says why it cannot, without a stack', async () => {
    const terminal = aTerminal();
    const broken: CliParts = {
      ...parts,
      start: () => Promise.reject(new NightkeeperError('config-invalid', 'x.yaml:1:1: fault: y')),
    };

    expect(await runCli(['start'], terminal.io, broken)).toBe(1);
    expect(terminal.err()).toBe('x.yaml:1:1: fault: y\n');
  });
});

describe('a wrong line', () => {
  it.each([[['config', 'check']], [['start', '--wrong']], [[]]])('%j is unusable', async (argv) => {
    const terminal = aTerminal();

    expect(await run(terminal, ...argv)).toBe(2);
    expect(terminal.err()).not.toBe('');
  });

  it('--version is the version', async () => {
    const terminal = aTerminal();

    expect(await run(terminal, '--version')).toBe(0);
    expect(terminal.out()).toBe('1.2.3\n');
  });
});
