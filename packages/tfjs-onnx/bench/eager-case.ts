// One step of an encoder on an eager tfjs backend, in a process of its own: `eager-case.ts CASE BACKEND [FOLDER]`, where FOLDER has the package.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { createTfjsEngine } from '@samequestion/bert';
import type { Engine } from '@samequestion/tfjs-onnx';
import type { Figure } from '../../../tools/bench-types.ts';
import { encoderStep, type EncoderCase } from './encoder-step.ts';
import { timed } from './timing.ts';

/** The packages that bring backends. */
const PACKAGES: Readonly<Record<string, string>> = { wasm: '@tensorflow/tfjs-backend-wasm', tensorflow: '@tensorflow/tfjs-node' };
/** A first step that takes longer than this many seconds is the only one. */
const LONG = 5;

const [text = '', backend = 'cpu', folder] = process.argv.slice(2);
const item = JSON.parse(text) as EncoderCase;

const load = async (): Promise<void> => {
  const name = PACKAGES[backend];
  if (name !== undefined && folder !== undefined) createRequire(join(folder, 'package.json'))(name);
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
  await tf.ready();
};

await load();
const { step, signature, state, batch, flops } = encoderStep(item);
const engine = createTfjsEngine({ backend }) as Engine;
const program = await engine.compile(step, signature);
await program.load(state());
let { wall } = await timed(async () => program.run(batch(0)));
if (wall < LONG) ({ wall } = await timed(async () => program.run(batch(1))));
const peak = process.resourceUsage().maxRSS / 1024;
process.send?.({
  name: `${item.name}: eager tfjs ${backend}, whole step`,
  value: wall,
  unit: 's',
  note: `${(flops / wall / 1e9).toFixed(2)} GFLOP/s; peak memory ${peak.toFixed(0)} MiB`,
} satisfies Figure);
process.disconnect?.();
