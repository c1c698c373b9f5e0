import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { bertBase } from './bert-base.ts';
import { writers } from './formats.ts';
import type { Loaded } from './load-child.ts';

/** Runs the loading in a process of its own, so that its peak memory is its own. */
function load(mode: 'checkpoint' | 'file' | 'write', path: string): Promise<Loaded> {
  const script = fileURLToPath(new URL('./load-child.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script, mode, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output) as Loaded) : reject(new Error(`load-child ended with ${code}`))));
  });
}

/** 12 × 768 from each format: every tensor read and held. Target: under 5 s, at most 1.3 times its size in memory. */
export const bench: Bench = {
  name: 'checkpoints: load',
  about:
    'All tensors of a 12×768 BERT (409 MB) read from a file of each format, every checksum verified, against a plain read of the same file.',
  async run(report: (figure: Figure) => void): Promise<void> {
    const records = bertBase();
    for (const [format, write] of Object.entries(writers)) {
      const folder = await mkdtemp(join(tmpdir(), 'checkpoints-bench-'));
      try {
        const [path, data] = await write(folder, records);
        const megabytes = (await stat(data)).size / 1e6;
        const plain = await load('file', data);
        const { seconds, startRss, peakRss } = await load('checkpoint', path);
        const baseline = 'fs.readFile of the same file';
        report({ name: `${format}: time`, value: seconds, unit: 's', baseline, ratio: seconds / plain.seconds, note: 'target: under 5 s' });
        report({ name: `${format}: peak RSS`, value: peakRss / 1e6, unit: 'MB', note: `${(startRss / 1e6).toFixed(0)} MB before opening` });
        report({
          name: `${format}: memory taken`,
          value: (peakRss - startRss) / 1e6,
          unit: 'MB',
          baseline: `size of the file, ${megabytes.toFixed(0)} MB`,
          ratio: (peakRss - startRss) / 1e6 / megabytes,
          note: 'target: at most 1.3 times',
        });
        if (format === 'safetensors') {
          const written = await load('write', join(folder, 'written.safetensors'));
          report({
            name: 'safetensors: time to write',
            value: written.seconds,
            unit: 's',
            note: 'the same size, made tensor by tensor, flushed to the disk',
          });
          report({
            name: 'safetensors: memory taken to write',
            value: (written.peakRss - written.startRss) / 1e6,
            unit: 'MB',
            note: 'the largest tensor has 65 MB',
          });
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  },
};
