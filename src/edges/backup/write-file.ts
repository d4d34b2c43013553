import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BackupHeader, BackupRecord, BackupSummary } from '../../model/backup.ts';
import type { BackupWriter, RecordCursor, WriteOptions } from '../../ports/backup-file.ts';
import { blockBytes, blockTypes, firstSum, magic, packBlock } from './blocks.ts';
import { createCursor } from './cursor.ts';
import { onDisk } from './faults.ts';
import { type Left, whatIsLeft } from './left-over.ts';
import { encodedBytes, encodeRecord } from './record-code.ts';

/** A file is written under this name until it is whole. */
export const partSuffix = '.part';

export async function writeBackup(
  file: string,
  header: BackupHeader,
  { fresh }: WriteOptions,
): Promise<BackupWriter> {
  const partFile = `${file}${partSuffix}`;
  return await onDisk(partFile, async () => {
    await mkdir(dirname(file), { recursive: true });
    const left = fresh ? undefined : await whatIsLeft(partFile, header);
    // Only we may read it: what the permissions of znodes protect must not lie open in a file.
    const handle = await open(partFile, left === undefined ? 'w+' : 'r+', 0o600);
    try {
      if (left !== undefined) await handle.truncate(left.end);
      const writer = new FileWriter(file, partFile, handle, left ?? { ...nothingLeft(), header });
      if (left === undefined) await writer.begin();
      return writer;
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

function nothingLeft() {
  const whole = createHash('sha256').update(magic);
  return { end: 0, sum: firstSum, whole, recordsAt: 0, recordsSum: firstSum, resumed: undefined };
}

class FileWriter implements BackupWriter {
  readonly partFile: string;
  readonly resumed: BackupWriter['resumed'];
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #header: BackupHeader;
  readonly #whole: Hash;
  #sum: Buffer;
  #end: number;
  #records: { at: number; before: Buffer };
  #amendmentsAt: number | undefined;
  #isWalked: boolean;
  #block = Buffer.allocUnsafe(blockBytes * 2);
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, partFile: string, handle: FileHandle, left: Left) {
    this.#file = file;
    this.partFile = partFile;
    this.#handle = handle;
    this.#header = left.header;
    this.resumed = left.resumed;
    this.#whole = left.whole;
    this.#sum = left.sum;
    this.#end = left.end;
    this.#records = { at: left.recordsAt, before: left.recordsSum };
    this.#isWalked = left.resumed?.isWalked ?? false;
  }

  async begin(): Promise<void> {
    await this.#put(magic);
    await this.#append(blockTypes.header, Buffer.from(JSON.stringify(this.#header)));
    this.#records = { at: this.#end, before: this.#sum };
  }

  add(record: BackupRecord): Promise<void> | undefined {
    const needed = encodedBytes(record);
    if (this.#filled + needed > this.#block.length) {
      const grown = Buffer.allocUnsafe(this.#filled + needed + blockBytes);
      this.#block.copy(grown, 0, 0, this.#filled);
      this.#block = grown;
    }
    this.#filled = encodeRecord(record, this.#block, this.#filled);
    return this.#filled < blockBytes ? undefined : this.#cut();
  }

  async walked(): Promise<void> {
    await this.flush();
    await this.#run(() => this.#append(blockTypes.walked, Buffer.from('{}')));
    this.#isWalked = true;
    await this.flush();
  }

  soFar(): Promise<RecordCursor> {
    const { at: from, before } = this.#records;
    const type = blockTypes.records;
    const { root } = this.#header;
    return Promise.resolve(createCursor(this.#handle, { from, to: this.#end, before, type, root }));
  }

  async flush(): Promise<void> {
    await this.#cut();
    await this.#writing;
    await onDisk(this.partFile, () => this.#handle.datasync());
  }

  async finish(summary: BackupSummary): Promise<{ bytes: number; sha256: string }> {
    await this.flush();
    const sealed = {
      ...summary,
      amendmentsAt: this.#amendmentsAt ?? this.#end,
      sha256: this.#whole.copy().digest('hex'),
    };
    await this.#run(() => this.#append(blockTypes.summary, Buffer.from(JSON.stringify(sealed))));
    await this.flush();
    await onDisk(this.#file, async () => {
      await this.#handle.close();
      await rename(this.partFile, this.#file);
      // The new name, too, must survive a power cut.
      const folder = await open(dirname(this.#file), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    });
    return { bytes: this.#end, sha256: this.#whole.copy().digest('hex') };
  }

  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
  }

  bytes(): number {
    return this.#end;
  }

  /** Packs and writes what is there, while the next block is being filled; at most one waits. */
  async #cut(): Promise<void> {
    if (this.#filled === 0) return;
    const content = this.#block.subarray(0, this.#filled);
    this.#block = Buffer.allocUnsafe(blockBytes * 2);
    this.#filled = 0;
    const type = this.#isWalked ? blockTypes.amendments : blockTypes.records;
    const earlier = this.#writing;
    const now = earlier.then(async () => {
      if (type === blockTypes.amendments) this.#amendmentsAt ??= this.#end;
      await this.#append(type, content);
    });
    // Told to whoever waits for the next one; nobody else may stumble over it.
    now.catch(() => undefined);
    this.#writing = now;
    await earlier;
  }

  async #run(task: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(task);
    await this.#writing;
  }

  async #append(type: number, content: Buffer): Promise<void> {
    const { bytes, sum } = await packBlock(type, content, this.#sum);
    this.#whole.update(bytes);
    this.#sum = sum;
    await this.#put(bytes);
  }

  async #put(bytes: Buffer): Promise<void> {
    await onDisk(this.partFile, async () => {
      let done = 0;
      while (done < bytes.length) {
        const left = bytes.length - done;
        const { bytesWritten } = await this.#handle.write(bytes, done, left, this.#end + done);
        done += bytesWritten;
      }
    });
    this.#end += bytes.length;
  }
}
