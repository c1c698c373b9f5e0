import { readFile } from 'node:fs/promises';
import type { TensorRecord } from '@samequestion/checkpoints';
import { openCheckpointFile, writeSafetensorsFile } from '@samequestion/checkpoints/node';
import { bertBase } from './bert-base.ts';

/** What one loading took. Bytes and seconds. */
export interface Loaded {
  readonly seconds: number;
  readonly startRss: number;
  readonly peakRss: number;
}

async function readAll(path: string): Promise<readonly TensorRecord[]> {
  const checkpoint = await openCheckpointFile(path);
  const records: TensorRecord[] = [];
  for (const name of checkpoint.names()) records.push(await checkpoint.read(name));
  await checkpoint.close();
  return records;
}

/** Writes as many bytes as `bertBase` has, each tensor made when its turn comes. */
async function writeAll(path: string): Promise<readonly TensorRecord[]> {
  const records = bertBase();
  await writeSafetensorsFile(
    path,
    records.map(({ data, ...info }) => ({ ...info, data: () => new Uint8Array(data.length).fill(1) })),
  );
  return records;
}

async function run(mode: string | undefined, path: string): Promise<{ readonly length: number }> {
  if (mode === 'file') return readFile(path);
  return mode === 'checkpoint' ? readAll(path) : writeAll(path);
}

const [mode, path = ''] = process.argv.slice(2);
const startRss = process.memoryUsage.rss();
const start = performance.now();
const held = await run(mode, path);
const seconds = (performance.now() - start) / 1000;
if (held.length === 0) throw new Error('nothing was read');
const loaded: Loaded = { seconds, startRss, peakRss: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(JSON.stringify(loaded));
