import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TensorRecord } from '@samequestion/checkpoints';
import { createConfig, formatConfig } from '@samequestion/bert';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { bertBase } from '../../checkpoints/bench/bert-base.ts';
import { type CheckpointWriter, writers } from '../../checkpoints/bench/formats.ts';
import type { LoadedFolder } from './load-model-child.ts';

/** A tensor as google-research/bert names and lays it out: kernels are `[in, out]`. The values are arbitrary, so they stay as they are. */
function asGoogle(record: TensorRecord): TensorRecord {
  const name = record.name
    .replaceAll('.', '/')
    .replace(/layer\/(\d+)/u, 'layer_$1')
    .replace(/LayerNorm\/weight$/u, 'LayerNorm/gamma')
    .replace(/LayerNorm\/bias$/u, 'LayerNorm/beta')
    .replace(/_embeddings\/weight$/u, '_embeddings');
  if (!name.endsWith('/weight')) return { ...record, name };
  return { ...record, name: name.replace(/weight$/u, 'kernel'), shape: record.shape.toReversed() };
}

interface Layout {
  readonly config: string;
  readonly write: CheckpointWriter;
  readonly records: (record: TensorRecord) => TensorRecord;
}

const same = (record: TensorRecord): TensorRecord => record;
const layouts: Readonly<Record<string, Layout>> = {
  safetensors: { config: 'config.json', write: writers.safetensors, records: same },
  'PyTorch zip': { config: 'config.json', write: writers['PyTorch zip'], records: same },
  'PyTorch before zip': { config: 'config.json', write: writers['PyTorch before zip'], records: same },
  "google's layout": { config: 'bert_config.json', write: writers.TensorFlow, records: asGoogle },
};

/** Loads a folder in a process of its own, so that its peak memory is its own. */
function load(folder: string): Promise<LoadedFolder> {
  const script = fileURLToPath(new URL('./load-model-child.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output) as LoadedFolder) : reject(new Error(`ended with ${code}`))));
  });
}

/** 12 × 768 as `loadModel` brings it in, names and layouts mapped. Target: under 5 s, at most 1.3 times its size in memory. */
export const bench: Bench = {
  name: 'bert: loadModel',
  about: 'A folder of 12 × 768 (409 MB) in every layout through loadModel, every checksum verified, against its size.',
  async run(report: (figure: Figure) => void): Promise<void> {
    const records = bertBase();
    for (const [name, layout] of Object.entries(layouts)) {
      const folder = await mkdtemp(join(tmpdir(), 'load-model-bench-'));
      try {
        await writeFile(join(folder, layout.config), formatConfig(createConfig()));
        const [, data] = await layout.write(folder, records.map(layout.records));
        const megabytes = (await stat(data)).size / 1e6;
        const { seconds, startRss, peakRss } = await load(folder);
        report({ name: `${name}: time`, value: seconds, unit: 's', note: 'target: under 5 s' });
        report({
          name: `${name}: memory taken`,
          value: (peakRss - startRss) / 1e6,
          unit: 'MB',
          baseline: `size of the file, ${megabytes.toFixed(0)} MB`,
          ratio: (peakRss - startRss) / 1e6 / megabytes,
          note: 'target: at most 1.3 times',
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  },
};
