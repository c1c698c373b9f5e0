import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { encodeModel, type OnnxValue } from './protobuf.ts';
import { OPSET } from './operand.ts';
import type { SessionSettings } from './messages.ts';
import type { DataType } from './types.ts';

type Kind = Pick<OnnxValue, 'shape'> & { readonly type: DataType };

/**
 * The WebGPU provider as every session of an engine asks for it: the first session of a process decides for all. The cache
 * `'simple'` keeps buffers by exact size; ONNX Runtime's own choice, `'bucket'`, creates every large buffer anew in each run.
 */
export const webGpuProvider = ({ bufferCache = 'simple' }: SessionSettings): InferenceSession.ExecutionProviderConfig =>
  ({ name: 'webgpu', storageBufferCacheMode: bufferCache, validationMode: 'basic' }) as InferenceSession.ExecutionProviderConfig;

const identityModel = ({ type, shape }: Kind): Uint8Array =>
  encodeModel({
    name: 'copy',
    nodes: [{ op: 'Identity', domain: '', inputs: ['from'], outputs: ['to'], attributes: {} }],
    initializers: [],
    inputs: [{ name: 'from', type, shape }],
    outputs: [{ name: 'to', type, shape }],
    values: [],
    opset: OPSET,
  });

/**
 * Copies tensors between the host and the GPU. ONNX Runtime for Node can neither create nor read a GPU tensor; a session
 * of one Identity node can do both, and its output lies where it is told to.
 */
export class Transfer {
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  readonly #settings: SessionSettings;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  async #copy(tensor: Tensor, location: 'cpu' | 'gpu-buffer'): Promise<Tensor> {
    const type = tensor.type as DataType;
    const shape = tensor.dims.map((_, axis) => `d${axis}`);
    const key = `${location} ${type} ${shape.length}`;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = InferenceSession.create(identityModel({ type, shape }), {
        executionProviders: [webGpuProvider(this.#settings)],
        preferredOutputLocation: location,
        logSeverityLevel: 4,
      });
      this.#sessions.set(key, session);
    }
    const { to } = await (await session).run({ from: tensor });
    if (to === undefined) throw new Error('transfer: expected a copy, got nothing.');
    return to;
  }

  async upload(tensor: Tensor): Promise<Tensor> {
    return this.#copy(tensor, 'gpu-buffer');
  }

  async download(tensor: Tensor): Promise<Tensor> {
    return this.#copy(tensor, 'cpu');
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).release();
    this.#sessions.clear();
  }
}
