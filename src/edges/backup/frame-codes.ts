import { z } from 'zod';
import type { BackupHeader, BackupSummary } from '../../model/backup.ts';
import { isPath } from '../../model/znode.ts';
import { badContent } from './faults.ts';

const count = z.int().min(0);

const paths = z.strictObject({ count, first: z.array(z.string()).max(1000) });

const header = z.strictObject({
  kind: z.enum(['backup', 'undo']),
  ensemble: z.string().min(1).max(100),
  root: z.string().refine(isPath),
  startedMs: count,
});

const summary = z.strictObject({
  counts: z.strictObject({ znodes: count, dataBytes: count, ephemerals: count }),
  endedMs: count,
  zxid: z.string().regex(/^0x[0-9a-f]{1,16}$/u),
  moved: paths,
  denied: paths,
  /** Where the replacing records begin; the summary itself where there are none. */
  amendmentsAt: count,
  /** Over everything in front of the summary. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
});

export interface SealedSummary extends BackupSummary {
  readonly amendmentsAt: number;
  readonly sha256: string;
}

export function parseHeader(content: Buffer): BackupHeader {
  return parse(header, content, 'its beginning');
}

export function parseSummary(content: Buffer): SealedSummary {
  return parse(summary, content, 'its end');
}

function parse<T>(schema: z.ZodType<T>, content: Buffer, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    throw badContent(`${where} is no JSON`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badContent(`${where} has other fields than it should`);
  return parsed.data;
}
