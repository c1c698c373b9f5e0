import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxEngine, type OnnxEngine } from '@samequestion/tfjs-onnx';
import { distance, floats, runEagerly, transformerBatch, transformerSignature, transformerState, transformerStep } from './steps.ts';

// Debian's chromium package ships a software GPU; a real one is found by itself.
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(SWIFTSHADER)) {
  process.env['VK_ICD_FILENAMES'] ??= SWIFTSHADER;
  process.env['VK_DRIVER_FILES'] ??= SWIFTSHADER;
}

const adapterMissing = !existsSync(SWIFTSHADER);
if (adapterMissing) process.stderr.write('webgpu tests skipped: no software adapter (Debian: apt-get install chromium)\n');

describe.skipIf(adapterMissing)('on WebGPU', () => {
  let engine: OnnxEngine;
  beforeAll(async () => {
    engine = await createOnnxEngine({ provider: 'webgpu' });
  });
  afterAll(async () => engine.dispose());

  it('trains as the eager step does', async () => {
    let state: ReturnType<typeof runEagerly>['state'] = transformerState();
    const program = await engine.compile(transformerStep, transformerSignature());
    await program.load(state);
    for (const [index, [size, length]] of (
      [
        [2, 6],
        [5, 4],
        [3, 12],
      ] as const
    ).entries()) {
      const batch = transformerBatch(size, length, index + 5);
      const expected = runEagerly(transformerStep, state, batch);
      const outputs = await program.run(batch);
      for (const [name, value] of Object.entries(expected.outputs))
        expect(distance(outputs[name] ?? floats([0], 0), value)).toBeLessThan(1e-5);
      state = expected.state;
    }
    const actual = await program.read();
    for (const [name, value] of Object.entries(state)) expect(distance(actual[name] ?? floats([0], 0), value)).toBeLessThan(1e-4);
    const nodes = await program.explain(transformerBatch(2, 6, 1));
    expect(nodes.length).toBeGreaterThan(100);
    expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
    await program.dispose();
  });
});
