import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxEngine, type OnnxEngine } from '@samequestion/tfjs-onnx';
import { distance, floats, transformerBatch, transformerSignature, transformerState, transformerStep } from './steps.ts';

// Debian's chromium package ships a software GPU; a real one is found by itself.
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(SWIFTSHADER)) {
  process.env['VK_ICD_FILENAMES'] ??= SWIFTSHADER;
  process.env['VK_DRIVER_FILES'] ??= SWIFTSHADER;
}

const adapterMissing = !existsSync(SWIFTSHADER);
if (adapterMissing) process.stderr.write('webgpu tests skipped: no software adapter (Debian: apt-get install chromium)\n');

const SHAPES = [
  [2, 6],
  [3, 12],
] as const;

describe.skipIf(adapterMissing)('on WebGPU', () => {
  let engine: OnnxEngine;
  beforeAll(async () => {
    engine = await createOnnxEngine({ provider: 'webgpu' });
  });
  afterAll(async () => engine.dispose());

  it('trains 20 steps as the CPU does, on the GPU alone, with no state crossing to the host', async () => {
    const cpu = await createOnnxEngine({ threads: 1 });
    const [program, expected] = [
      await engine.compile(transformerStep, transformerSignature()),
      await cpu.compile(transformerStep, transformerSignature()),
    ];
    for (const one of [program, expected]) await one.load(transformerState());
    const before = await program.traffic();
    let inputs = 0;
    for (let step = 0; step < 20; step++) {
      const [size, length] = SHAPES[step % SHAPES.length] ?? [1, 1];
      const batch = transformerBatch(size, length, step + 5);
      inputs += Object.values(batch).reduce((sum, { data }) => sum + data.byteLength, 0);
      const [actual, reference] = [await program.run(batch), await expected.run(batch)];
      for (const [name, value] of Object.entries(reference)) expect(distance(actual[name] ?? floats([0], 0), value)).toBeLessThan(1e-5);
    }
    const after = await program.traffic();
    // Loss and norm come back; the batch and a few numbers about its sizes go out.
    expect(after.toHost - before.toHost).toBe(20 * 2 * 4);
    expect(after.toDevice - before.toDevice).toBeLessThan(inputs + 20 * 1024);
    const [actual, reference] = [await program.read(), await expected.read()];
    for (const [name, value] of Object.entries(reference)) expect(distance(actual[name] ?? floats([0], 0), value)).toBeLessThan(1e-4);
    const nodes = await program.explain(transformerBatch(2, 6, 1));
    expect(nodes.length).toBeGreaterThan(100);
    expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
    await program.dispose();
    await cpu.dispose();
  });
});
