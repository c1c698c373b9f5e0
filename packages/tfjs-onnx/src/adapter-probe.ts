// Run by adapter.ts in a process of its own: opens WebGPU as an engine does, so that the graphics loader says which device was
// taken, and prints whether it computes with 16-bit floats.
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from './protobuf.ts';
import { OPSET } from './operand.ts';
import { webGpuProvider } from './transfer.ts';

env.logLevel = 'fatal';

const open = async (type: 'float32' | 'float16'): Promise<InferenceSession> =>
  InferenceSession.create(
    encodeModel({
      name: 'probe',
      nodes: [
        { op: 'Cast', domain: '', inputs: ['x'], outputs: ['h'], attributes: { to: type === 'float32' ? 1 : 10 } },
        { op: 'Mul', domain: '', inputs: ['h', 'h'], outputs: ['p'], attributes: {} },
        { op: 'Cast', domain: '', inputs: ['p'], outputs: ['y'], attributes: { to: 1 } },
      ],
      initializers: [],
      inputs: [{ name: 'x', type: 'float32', shape: [4] }],
      outputs: [{ name: 'y', type: 'float32', shape: [4] }],
      values: [],
      opset: OPSET,
    }),
    { executionProviders: [webGpuProvider({ provider: 'webgpu' })], logSeverityLevel: 4 },
  );

const computes = async (type: 'float32' | 'float16'): Promise<boolean> => {
  const { y } = await (await open(type)).run({ x: new Tensor('float32', Float32Array.of(1, 2, 3, 4), [4]) });
  return y?.data[3] === 16;
};

if (!(await computes('float32'))) throw new Error('expected a product from the adapter, got another number.');
const float16 = await computes('float16').catch(() => false);
process.stdout.write(`ADAPTER ${JSON.stringify({ float16 })}\n`);
