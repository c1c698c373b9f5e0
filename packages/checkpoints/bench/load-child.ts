import { readFile } from 'node:fs/promises';
import type { TensorRecord } from '@samequestion/checkpoints';
import { openCheckpointFile } from '@samequestion/checkpoints/node';

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

const [mode, path = ''] = process.argv.slice(2);
const startRss = process.memoryUsage.rss();
const start = performance.now();
const held = mode === 'file' ? await readFile(path) : await readAll(path);
const seconds = (performance.now() - start) / 1000;
if (held.length === 0) throw new Error('nothing was read');
const loaded: Loaded = { seconds, startRss, peakRss: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(JSON.stringify(loaded));
