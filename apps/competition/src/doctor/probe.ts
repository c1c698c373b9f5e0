// Tries one engine in a process of its own, which an engine that fails may end: `probe.js onnx-cpu` or `probe.js onnx-webgpu`.
import { createOnnxEngine } from '@samequestion/tfjs-onnx';
import { matMul, type Tensor2D } from '@tensorflow/tfjs';

/** Sizes of the product, the last of which that is quick enough tells: a software GPU takes a minute for what a real one does in milliseconds. */
const sizes = [256, 1024] as const;
const quick = 0.05;
const runs = 5;
const provider = process.argv[2] === 'onnx-webgpu' ? 'webgpu' : 'cpu';
const engine = await createOnnxEngine({ provider });

async function secondsOf(size: number): Promise<number> {
  const matrix = { dtype: 'float32', shape: [size, size] } as const;
  const program = await engine.compile(
    (state, batch) => ({ state: {}, outputs: { y: matMul(batch['x'] as Tensor2D, state['w'] as Tensor2D).slice([0, 0], [1, 1]) } }),
    {
      state: { w: matrix },
      batch: { x: matrix },
    },
  );
  const ones = { ...matrix, data: new Float32Array(size * size).fill(1) };
  await program.load({ w: ones });
  let seconds = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const { y } = await program.run({ x: ones });
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
    if (y?.data[0] !== size) throw new Error(`expected a sum of ${size}, got ${y?.data[0]}`);
  }
  await program.dispose();
  return seconds;
}

let size: number = sizes[0];
let seconds = await secondsOf(size);
if (seconds < quick) {
  size = sizes[1];
  seconds = await secondsOf(size);
}
const adapter = await engine.adapter();
await engine.dispose();
process.stdout.write(`PROBE ${JSON.stringify({ gigaflops: (2 * size ** 3) / seconds / 1e9, size, adapter })}\n`);
