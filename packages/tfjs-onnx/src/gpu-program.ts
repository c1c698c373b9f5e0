import { env, InferenceSession, type Tensor } from 'onnxruntime-node';
import { feedsOf } from './feeds.ts';
import { bufferLimitIn, explainGpuFailure, type GpuRequest, residentBytes } from './gpu-failure.ts';
import { memoryNeed } from './memory.ts';
import type { NamedValues, SessionSettings, Traffic } from './messages.ts';
import type { Pack } from './pack.ts';
import type { Plan } from './plan.ts';
import { profileModel, type NodeReport } from './profile.ts';
import { withParts } from './size.ts';
import { bytesOf, toTensor, toValue } from './tensors.ts';
import { Transfer, webGpuProvider } from './transfer.ts';
import type { DataType, TensorValue } from './types.ts';

const sessionOptions = ({ outputs }: Plan, settings: SessionSettings): InferenceSession.SessionOptions => ({
  executionProviders: [webGpuProvider(settings)],
  preferredOutputLocation: Object.fromEntries(
    outputs.map(({ output, target }) => [output, target === 'state' ? 'gpu-buffer' : 'cpu'] as const),
  ),
  logSeverityLevel: 4,
  // It would make Gemm of products again, which is the slower operator on a GPU.
  extra: { optimization: { disable_specified_optimizers: 'MatMulAddFusion' } },
});

/** A step on ONNX Runtime's WebGPU provider. State never leaves the GPU unless it is read. */
export class GpuProgram {
  readonly #session: InferenceSession;
  readonly #plan: Plan;
  readonly #options: InferenceSession.SessionOptions;
  readonly #transfer: Transfer;
  readonly #state = new Map<string, Tensor>();
  readonly #packOf = new Map<string, Pack>();
  #toDevice = 0;
  #toHost = 0;
  /** The largest buffer that the GPU has, where it has refused one. */
  #limit: number | undefined;

  private constructor(session: InferenceSession, plan: Plan, options: InferenceSession.SessionOptions, settings: SessionSettings) {
    this.#session = session;
    this.#plan = plan;
    this.#options = options;
    this.#transfer = new Transfer(settings);
    for (const pack of plan.packs) for (const { name } of pack.members) this.#packOf.set(name, pack);
  }

  static async create(plan: Plan, settings: SessionSettings): Promise<GpuProgram> {
    // What WebGPU logs about a buffer that it can't make is in the error of the run that wanted it.
    env.logLevel = 'fatal';
    const options = sessionOptions(plan, settings);
    const session = await InferenceSession.create(plan.model, options).catch((error: unknown) => {
      throw explainGpuFailure(error, { what: 'compile', resident: 0 });
    });
    return new GpuProgram(session, plan, options, settings);
  }

  /** Bytes that crossed, in loads, runs and reads. */
  get traffic(): Traffic {
    return { toDevice: this.#toDevice, toHost: this.#toHost };
  }

  /** Says of a failure what was asked for; remembers a limit of the GPU that it names, because later failures don't. */
  async #explained<T>(work: Promise<T>, request: () => Omit<GpuRequest, 'resident' | 'limit'>): Promise<T> {
    return work.catch((error: unknown) => {
      this.#limit = bufferLimitIn(error) ?? this.#limit;
      throw explainGpuFailure(error, { ...request(), resident: residentBytes(this.#state.values()), limit: this.#limit });
    });
  }

  async #upload(name: string, tensor: Tensor): Promise<Tensor> {
    this.#toDevice += bytesOf(tensor);
    return this.#explained(this.#transfer.upload(tensor), () => ({ what: 'load', copied: { name, bytes: bytesOf(tensor) } }));
  }

  async #download(name: string, tensor: Tensor): Promise<Tensor> {
    this.#toHost += bytesOf(tensor);
    return this.#explained(this.#transfer.download(tensor), () => ({ what: 'read', copied: { name, bytes: bytesOf(tensor) } }));
  }

  async #replace(name: string, tensor: Tensor): Promise<void> {
    this.#state.get(name)?.dispose();
    this.#state.set(name, tensor);
  }

  async load(state: NamedValues): Promise<void> {
    const packs = new Set<Pack>();
    for (const [name, value] of Object.entries(state)) {
      const pack = this.#packOf.get(name);
      if (pack === undefined) await this.#replace(name, await this.#upload(name, toTensor(value)));
      else packs.add(pack);
    }
    for (const pack of packs) await this.#loadPack(pack, state);
  }

  async #loadPack(pack: Pack, state: NamedValues): Promise<void> {
    const missing = pack.members.filter(({ name }) => state[name] === undefined);
    const known = this.#state.get(pack.name);
    if (missing.length > 0 && known === undefined)
      throw new Error(`load: expected all of the state at first, got none for "${missing[0]?.name ?? ''}".`);
    const data =
      missing.length > 0 && known !== undefined
        ? ((await this.#download(pack.name, known)).data as Float32Array)
        : new Float32Array(pack.count);
    for (const { name, offset } of pack.members) {
      const value = state[name];
      if (value !== undefined) data.set(value.data, offset);
    }
    await this.#replace(pack.name, await this.#upload(pack.name, toTensor({ dtype: 'float32', shape: [pack.count], data })));
  }

  #feeds(batch: NamedValues, sizes: readonly number[]): Record<string, Tensor> {
    return feedsOf(this.#plan, { state: this.#state, batch, sizes });
  }

  async run(batch: NamedValues, symbols: readonly number[]): Promise<NamedValues> {
    const sizes = withParts(symbols, this.#plan.parts);
    const feeds = this.#feeds(batch, sizes);
    const results = await this.#explained(this.#session.run(feeds), () => ({
      what: 'run',
      feeds,
      need: memoryNeed(this.#plan.lives, sizes),
    }));
    for (const tensor of [...Object.values(feeds), ...Object.values(results)]) {
      if (tensor.location !== 'cpu') continue;
      if (Object.values(feeds).includes(tensor)) this.#toDevice += bytesOf(tensor);
      else this.#toHost += bytesOf(tensor);
    }
    const outputs: Record<string, TensorValue> = {};
    for (const { output, target, name, dtype } of this.#plan.outputs) {
      const result = results[output];
      if (result === undefined) throw new Error(`run: expected an output ${output}, got none.`);
      if (target === 'state') await this.#replace(name, result);
      else outputs[name] = toValue(result, dtype);
    }
    return outputs;
  }

  /** Copies of state. */
  async read(names: readonly string[]): Promise<NamedValues> {
    const host = new Map<string, Tensor>();
    const values: Record<string, TensorValue> = {};
    for (const name of names) {
      const pack = this.#packOf.get(name);
      const place = pack?.name ?? name;
      const tensor = this.#state.get(place);
      if (tensor === undefined) throw new Error(`read: expected state that was loaded, got "${name}".`);
      const copy = host.get(place) ?? (await this.#download(name, tensor));
      host.set(place, copy);
      const member = pack?.members.find((item) => item.name === name);
      const whole = toValue(copy, copy.type as DataType);
      if (member === undefined) values[name] = whole;
      else {
        const count = member.shape.reduce((product, size) => product * size, 1);
        values[name] = { dtype: 'float32', shape: member.shape, data: whole.data.slice(member.offset, member.offset + count) };
      }
    }
    return values;
  }

  /** Runs the graph once more, for the record. */
  async explain(batch: NamedValues, symbols: readonly number[]): Promise<readonly NodeReport[]> {
    const feeds = this.#feeds(batch, withParts(symbols, this.#plan.parts));
    return profileModel(this.#plan.model, this.#options, async (session) => {
      for (const output of Object.values(await session.run(feeds))) output.dispose();
    });
  }

  async dispose(): Promise<void> {
    for (const tensor of this.#state.values()) tensor.dispose();
    this.#state.clear();
    await this.#session.release();
    await this.#transfer.dispose();
  }
}
