import { mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type Reload, readConfigFile, watchConfig } from '../../src/config/reload.ts';
import type { ConfigFault } from '../../src/model/config-fault.ts';

const orders = 'ensembles: { orders: { servers: [zk1:2181] } }\n';
const carts = 'ensembles: { carts: { servers: [zk1:2181] } }\n';

let folder: string;
let file: string;
let reload: Reload | undefined;
let configs: Config[];
let faults: (readonly ConfigFault[])[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-reload-'));
  file = join(folder, 'nightkeeper.yaml');
  configs = [];
  faults = [];
});

afterEach(async () => {
  await reload?.close();
  reload = undefined;
  await rm(folder, { recursive: true });
});

async function watchIt(): Promise<void> {
  reload = await watchConfig(
    file,
    orders,
    { env: {}, detectorThresholds: {} },
    { onConfig: (config) => configs.push(config), onFaults: (found) => faults.push(found) },
  );
}

function ensembles(): readonly (string | undefined)[] {
  return configs.map(({ settings }) => settings.ensembles[0]?.id);
}

function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 20 });
}

describe('a configuration file that changes', () => {
  it('is read again when it is written in place', async () => {
    await writeFile(file, orders);
    await watchIt();

    await writeFile(file, carts);

    await until(() => expect(ensembles()).toEqual(['carts']));
  });

  it('is read again when an editor puts another file in its place', async () => {
    await writeFile(file, orders);
    await watchIt();

    await writeFile(`${file}.new`, carts);
    await rename(`${file}.new`, file);
    await until(() => expect(ensembles()).toEqual(['carts']));
    await writeFile(`${file}.new`, orders);
    await rename(`${file}.new`, file);

    await until(() => expect(ensembles()).toEqual(['carts', 'orders']));
  });

  it('is read again when a link is turned to another file, as Kubernetes does', async () => {
    await writeFile(join(folder, 'one.yaml'), orders);
    await writeFile(join(folder, 'two.yaml'), carts);
    await symlink('one.yaml', join(folder, '..data'));
    await symlink('..data', file);
    await watchIt();

    await symlink('two.yaml', join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));

    await until(() => expect(ensembles()).toEqual(['carts']));
  });

  it('is noticed when it changed before the watching began', async () => {
    await writeFile(file, carts);

    await watchIt();

    await until(() => expect(ensembles()).toEqual(['carts']));
  });

  it('is said to be broken, and read when it is mended', async () => {
    await writeFile(file, orders);
    await watchIt();

    await writeFile(file, 'ensembles: { orders: { servers: [zk1] } }\n');
    await until(() => expect(faults.at(-1)?.[0]?.what.kind).toBe('wrong-value'));
    expect(configs).toEqual([]);
    await writeFile(file, orders);

    await until(() => expect(ensembles()).toEqual(['orders']));
  });

  it('is said to be gone', async () => {
    await writeFile(file, orders);
    await watchIt();

    await unlink(file);

    await until(() => expect(faults.at(-1)?.[0]?.what.kind).toBe('unreadable'));
    expect(configs).toEqual([]);
  });

  it('is said to be sound when it comes back as it was', async () => {
    await writeFile(file, orders);
    await watchIt();
    await unlink(file);
    await until(() => expect(faults.at(-1)?.[0]?.what.kind).toBe('unreadable'));

    await writeFile(file, orders);

    await until(() => expect(ensembles()).toEqual(['orders']));
  });

  it('is left alone when its text is the same', async () => {
    await writeFile(file, orders);
    await watchIt();

    await writeFile(file, orders);
    await writeFile(file, orders);
    await writeFile(file, carts);

    await until(() => expect(ensembles()).toEqual(['carts']));
    expect(faults).toEqual([]);
  });
});

describe('SIGHUP', () => {
  it('reads the file again, changed or not', async () => {
    await writeFile(file, orders);
    await watchIt();

    process.kill(process.pid, 'SIGHUP');

    await until(() => expect(ensembles()).toEqual(['orders']));
  });

  it('is nobody’s any more after closing', async () => {
    const before = process.listenerCount('SIGHUP');
    await writeFile(file, orders);
    await watchIt();

    await reload?.close();

    expect(process.listenerCount('SIGHUP')).toBe(before);
  });
});

describe('reading', () => {
  it('says why a file cannot be read', async () => {
    await expect(readConfigFile(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'config-unreadable',
      message: expect.stringContaining('there is no such file'),
    });
    await expect(readConfigFile(folder)).rejects.toThrow('it is a folder');
  });
});
