import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { feedsOf } from './feeds.ts';
import type { NamedValues, SessionSettings, Traffic } from './messages.ts';
import type { HostAdamW, Plan, PlannedOutput } from './plan.ts';
import { profileModel, type NodeReport } from './profile.ts';
import { blank, countOf, ownValue, toTensor, toValue } from './tensors.ts';
import type { DataType, TensorValue } from './types.ts';
import { UpdateMemory } from './update-memory.ts';

const isFixed = (shape: PlannedOutput['shape']): shape is readonly number[] => shape.every((size) => typeof size === 'number');

const sessionOptions = ({ threads, memory = 'fast' }: SessionSettings): InferenceSession.SessionOptions => ({
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  enableCpuMemArena: memory === 'fast',
  enableMemPattern: memory === 'fast',
  logSeverityLevel: 4,
  // They would undo the transposed copies that make the weights' gradients faster.
  extra: { optimization: { disable_specified_optimizers: 'MatmulTransposeFusion;GemmTransposeFusion' } },
  ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
});

/** A step on ONNX Runtime's CPU provider. State and gradients are arrays that stay where they are; the graph writes into them. */
export class CpuProgram {
  readonly #session: InferenceSession;
  readonly #plan: Plan;
  readonly #options: InferenceSession.SessionOptions;
  readonly #state = new Map<string, Tensor>();
  readonly #scratch = new Map<string, Tensor>();
  /** The arrays that the next run's state is written to; they change places with the state's when the run has succeeded. */
  readonly #spare = new Map<string, Tensor>();

  readonly #memory: UpdateMemory;
  /** Where state lies that is updated after the graph has run. */
  readonly #places = new Map<string, Float32Array<ArrayBuffer>>();

  private constructor(session: InferenceSession, plan: Plan, options: InferenceSession.SessionOptions) {
    this.#session = session;
    this.#plan = plan;
    this.#options = options;
    const fixed = plan.outputs.flatMap(({ target, name, dtype, shape }) =>
      target !== 'outputs' && isFixed(shape) ? [{ target, name, dtype, shape }] : [],
    );
    const gradients = new Map(fixed.flatMap(({ target, name, shape }) => (target === 'scratch' ? [[name, shape] as const] : [])));
    this.#memory = new UpdateMemory(
      plan.updates,
      new Map(plan.updates.map(({ parameter, gradient }) => [parameter, countOf(gradients.get(gradient) ?? [])])),
    );
    for (const update of plan.updates) {
      const arrays = this.#memory.arrays(update);
      if (arrays === undefined) continue;
      for (const role of ['parameter', 'firstMoment', 'secondMoment'] as const) this.#places.set(update[role], arrays[role]);
      if (!this.#scratch.has(update.gradient)) {
        this.#scratch.set(
          update.gradient,
          toTensor({ dtype: 'float32', shape: gradients.get(update.gradient) ?? [], data: arrays.gradient }),
        );
      }
    }
    for (const { target, name, dtype, shape } of fixed) {
      const place = target === 'state' ? this.#spare : this.#scratch;
      if (!place.has(name)) place.set(name, toTensor(blank(dtype, shape)));
    }
  }

  /** Nothing leaves the host. */
  readonly traffic: Traffic = { toDevice: 0, toHost: 0 };

  static async create(plan: Plan, settings: SessionSettings): Promise<CpuProgram> {
    const options = sessionOptions(settings);
    return new CpuProgram(await InferenceSession.create(plan.model, options), plan, options);
  }

  load(state: NamedValues): void {
    for (const [name, value] of Object.entries(state)) {
      const known = this.#state.get(name);
      const place = this.#places.get(name);
      if (known !== undefined) (known.data as Float32Array).set(value.data);
      else if (place === undefined) this.#state.set(name, toTensor(value));
      else {
        place.set(value.data);
        this.#state.set(name, toTensor({ ...value, data: place }));
      }
    }
  }

  #feeds(batch: NamedValues, sizes: readonly number[]): Record<string, Tensor> {
    return feedsOf(this.#plan, { state: this.#state, batch, sizes });
  }

  async run(batch: NamedValues, sizes: readonly number[]): Promise<NamedValues> {
    const feeds = this.#feeds(batch, sizes);
    const fetches: Record<string, Tensor | null> = {};
    for (const { output, target, name } of this.#plan.outputs) {
      const place = target === 'state' ? this.#spare.get(name) : target === 'scratch' ? this.#scratch.get(name) : undefined;
      fetches[output] ??= place ?? null;
    }
    const results = await this.#session.run(feeds, fetches);
    return this.#settle(results);
  }

  #settle(results: Readonly<Record<string, Tensor>>): NamedValues {
    const outputs: Record<string, TensorValue> = {};
    const scratch = new Map<string, Tensor>();
    const next: (readonly [string, Tensor])[] = [];
    const owned = new Set<Tensor>();
    for (const { output, target, name, dtype } of this.#plan.outputs) {
      const result = results[output];
      if (result === undefined) throw new Error(`run: expected an output ${output}, got none.`);
      if (target === 'outputs') outputs[name] = ownValue(result, dtype);
      else if (target === 'scratch') scratch.set(name, result);
      else
        next.push([name, owned.has(result) ? toTensor({ ...toValue(result, dtype), data: toValue(result, dtype).data.slice() }) : result]);
      if (target === 'state') owned.add(result);
    }
    for (const update of this.#plan.updates) this.#update(update, scratch);
    for (const [name, tensor] of next) {
      const previous = this.#state.get(name);
      this.#state.set(name, tensor);
      if (previous !== undefined && this.#spare.has(name)) this.#spare.set(name, previous);
    }
    return outputs;
  }

  #update(update: HostAdamW, scratch: ReadonlyMap<string, Tensor>): void {
    const scalar = (name: string): number => Number(scratch.get(name)?.data[0]);
    this.#memory.apply(update, scratch.get(update.gradient)?.data as Float32Array, {
      ...update,
      learningRate: scalar(update.learningRate),
      gradientScale: scalar(update.gradientScale),
      correction1: scalar(update.correction1),
      correction2: scalar(update.correction2),
    });
  }

  /** Copies of state. */
  read(names: readonly string[]): NamedValues {
    return Object.fromEntries(
      names.map((name) => {
        const tensor = this.#state.get(name);
        if (tensor === undefined) throw new Error(`read: expected state that was loaded, got "${name}".`);
        return [name, ownValue(tensor, tensor.type as DataType)];
      }),
    );
  }

  /** Runs the graph once more, for the record. */
  async explain(batch: NamedValues, sizes: readonly number[]): Promise<readonly NodeReport[]> {
    return profileModel(this.#plan.model, this.#options, this.#feeds(batch, sizes));
  }

  async dispose(): Promise<void> {
    await this.#session.release();
    this.#state.clear();
    this.#scratch.clear();
    this.#spare.clear();
  }
}
