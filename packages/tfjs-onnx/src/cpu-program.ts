import { availableParallelism } from 'node:os';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import type { AdamWFactors } from './adam-w.ts';
import { feedsOf } from './feeds.ts';
import { runInPlace } from './in-place.ts';
import type { NamedValues, SessionSettings, Traffic } from './messages.ts';
import type { HostAdamW, Plan, PlannedOutput } from './plan.ts';
import { profileModel, type NodeReport } from './profile.ts';
import { numberRows, type RowFeed } from './row-updates.ts';
import { evaluate, withParts } from './size.ts';
import { blank, countOf, ownValue, toTensor, toValue } from './tensors.ts';
import type { DataType, TensorValue } from './types.ts';
import { UpdateHelper, helperShare, type Moment } from './update-helper.ts';
import { UpdateMemory } from './update-memory.ts';
import { turned } from './weight-layout.ts';

const isFixed = (shape: PlannedOutput['shape']): shape is readonly number[] => shape.every((size) => typeof size === 'number');

const sessionOptions = ({ threads, memory = 'fast' }: SessionSettings): InferenceSession.SessionOptions => ({
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  enableCpuMemArena: memory === 'fast',
  enableMemPattern: memory === 'fast',
  logSeverityLevel: 4,
  extra: {
    // The first two would undo the transposed copies that make the weights' gradients faster. The third makes Gemm of a product and its bias,
    // and Gemm spreads the bias over the result in one thread.
    optimization: { disable_specified_optimizers: 'MatmulTransposeFusion;GemmTransposeFusion;MatMulAddFusion' },
    // Threads that wait for the next run by spinning take the core from AdamW's second thread.
    session: { force_spinning_stop: '1' },
  },
  ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
});

/** The tensor that each output of the graph is written to. */
type Places = Readonly<Record<string, Tensor>>;

const copyOf = (tensor: Tensor, dtype: DataType): TensorValue => {
  const value = toValue(tensor, dtype);
  return { ...value, data: value.data.slice() };
};

/** The rows that the indices in a batch name. */
const touchedBy = ({ ids, count }: RowFeed, batch: NamedValues): Int32Array => numberRows(batch[ids]?.data ?? new Int32Array(), count).rows;

const MOMENTS: readonly Moment[] = ['firstMoment', 'secondMoment'];

interface CpuParts {
  readonly session: InferenceSession;
  readonly plan: Plan;
  readonly options: InferenceSession.SessionOptions;
  readonly helper: UpdateHelper | undefined;
}

const countsOf = ({ updates }: Plan): ReadonlyMap<string, number> =>
  new Map(updates.map(({ parameter, shape }) => [parameter, countOf(shape)]));

/** A second thread for the updates, where they are many and there is a second core for it. */
const helperFor = async (plan: Plan, { threads = availableParallelism() }: SessionSettings): Promise<UpdateHelper | undefined> => {
  const counts = countsOf(plan);
  const read = new Set(plan.inputs.flatMap(({ from, name }) => (from === 'state' ? [name] : [])));
  const share = threads < 2 ? [] : helperShare(plan.updates, counts, read);
  return share.length === 0 ? undefined : UpdateHelper.create(share, counts);
};

const factorsOf = (update: HostAdamW, scratch: ReadonlyMap<string, Tensor>): AdamWFactors => {
  const scalar = (name: string): number => Number(scratch.get(name)?.data[0]);
  return {
    ...update,
    learningRate: scalar(update.learningRate),
    gradientScale: scalar(update.gradientScale),
    correction1: scalar(update.correction1),
    correction2: scalar(update.correction2),
  };
};

/** A step on ONNX Runtime's CPU provider. State and gradients are arrays that stay where they are; the graph writes into them. */
export class CpuProgram {
  readonly #session: InferenceSession;
  readonly #plan: Plan;
  readonly #options: InferenceSession.SessionOptions;
  readonly #state = new Map<string, Tensor>();
  readonly #scratch = new Map<string, Tensor>();
  /** The arrays that the next run's state is written to; they change places with the state's when the run has succeeded. */
  readonly #spare = new Map<string, Tensor>();
  /** Room for scratch results whose size depends on the run, as much as the largest run has needed. */
  readonly #rooms = new Map<string, Float32Array>();

  readonly #memory: UpdateMemory;
  readonly #helper: UpdateHelper | undefined;
  /** Where state lies that is updated after the graph has run. */
  readonly #places = new Map<string, Float32Array<ArrayBuffer>>();
  /** The updates that the helper does, by the names of the moments that it keeps. */
  readonly #moments = new Map<string, { readonly update: HostAdamW; readonly moment: Moment }>();
  readonly #loaded = new Set<string>();
  /** How long the updates of the last run took. */
  #updateMilliseconds = 0;
  readonly #transposed: ReadonlySet<string>;

  private constructor({ session, plan, options, helper }: CpuParts) {
    this.#session = session;
    this.#plan = plan;
    this.#options = options;
    this.#helper = helper;
    this.#transposed = new Set(plan.transposed);
    this.#memory = new UpdateMemory(
      plan.updates.filter((update) => helper?.has(update) !== true),
      () => helper?.proceed(),
    );
    for (const update of plan.updates) {
      if (helper?.has(update) === true) for (const moment of MOMENTS) this.#moments.set(update[moment], { update, moment });
      const arrays = this.#memory.arrays(update);
      if (arrays === undefined) continue;
      for (const role of ['parameter', ...MOMENTS] as const) this.#places.set(update[role], arrays[role]);
      if (update.rows === undefined && !this.#scratch.has(update.gradient))
        this.#scratch.set(update.gradient, this.#gradientTensor(update, arrays.gradient));
    }
    this.#takePlaces();
    const fixed = plan.outputs.flatMap(({ target, name, dtype, shape }) =>
      target !== 'outputs' && isFixed(shape) ? [{ target, name, dtype, shape }] : [],
    );
    for (const { target, name, dtype, shape } of fixed) {
      const place = target === 'state' ? this.#spare : this.#scratch;
      if (!place.has(name)) place.set(name, toTensor(blank(dtype, shape)));
    }
  }

  /** Nothing leaves the host. */
  readonly traffic: Traffic = { toDevice: 0, toHost: 0 };

  static async create(plan: Plan, settings: SessionSettings): Promise<CpuProgram> {
    const options = sessionOptions(settings);
    const session = await InferenceSession.create(plan.model, options);
    return new CpuProgram({ session, plan, options, helper: await helperFor(plan, settings) });
  }

  #gradientTensor({ shape }: HostAdamW, data: Float32Array): Tensor {
    return toTensor({ dtype: 'float32', shape, data });
  }

  /** Parameters and gradients of the helper lie where it has left them. */
  #takePlaces(): void {
    for (const update of this.#plan.updates) {
      if (this.#helper?.has(update) !== true) continue;
      const [place, known] = [this.#helper.parameter(update), this.#state.get(update.parameter)];
      this.#places.set(update.parameter, place);
      if (known !== undefined) this.#state.set(update.parameter, toTensor({ dtype: 'float32', shape: known.dims, data: place }));
      this.#scratch.set(update.gradient, this.#gradientTensor(update, this.#helper.gradient(update)));
    }
  }

  load(state: NamedValues): void {
    this.#memory.changed();
    for (const [name, given] of Object.entries(state)) {
      const value = this.#transposed.has(name) ? turned(given) : given;
      const kept = this.#moments.get(name);
      if (kept !== undefined) {
        this.#helper?.load(kept.update, kept.moment, value.data as Float32Array);
        this.#loaded.add(name);
        continue;
      }
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

  #room(name: string, shape: readonly number[]): Float32Array {
    const count = countOf(shape);
    const known = this.#rooms.get(name);
    const room = known !== undefined && known.length >= count ? known : new Float32Array(count);
    this.#rooms.set(name, room);
    return room.subarray(0, count);
  }

  /** What a run reads and where it writes. What is handed out gets memory of its own. */
  #bindings(batch: NamedValues, symbols: readonly number[]): { readonly feeds: Record<string, Tensor>; readonly places: Places } {
    const sizes = withParts(symbols, this.#plan.parts);
    const feeds = feedsOf(this.#plan, { state: this.#state, batch, sizes });
    const places: Record<string, Tensor> = {};
    for (const { output, target, name } of this.#plan.outputs) {
      const place = target === 'state' ? this.#spare.get(name) : target === 'scratch' ? this.#scratch.get(name) : undefined;
      if (place !== undefined) places[output] ??= place;
    }
    for (const { output, target, name, dtype, shape } of this.#plan.outputs) {
      const fixed = shape.map((size) => Math.round(evaluate(size, sizes)));
      const inRoom = target === 'scratch' && dtype === 'float32';
      places[output] ??= toTensor(inRoom ? { dtype, shape: fixed, data: this.#room(name, fixed) } : blank(dtype, fixed));
    }
    return { feeds, places };
  }

  async run(batch: NamedValues, sizes: readonly number[]): Promise<NamedValues> {
    const { feeds, places } = this.#bindings(batch, sizes);
    await runInPlace(this.#session, feeds, places);
    return this.#settle(places, batch);
  }

  #settle(results: Places, batch: NamedValues): NamedValues {
    const outputs: Record<string, TensorValue> = {};
    const scratch = new Map<string, Tensor>();
    const next: (readonly [string, Tensor])[] = [];
    const owned = new Set<Tensor>();
    // What lies in a place of this program is written over later, or moves to the helper.
    const placed = new Set(this.#plan.outputs.flatMap(({ target, output }) => (target === 'outputs' ? [] : [output])));
    for (const { output, target, name, dtype } of this.#plan.outputs) {
      const result = results[output];
      if (result === undefined) throw new Error(`run: expected an output ${output}, got none.`);
      if (target === 'outputs') outputs[name] = placed.has(output) ? copyOf(result, dtype) : ownValue(result, dtype);
      else if (target === 'scratch') scratch.set(name, result);
      else next.push([name, owned.has(result) ? toTensor(copyOf(result, dtype)) : result]);
      if (target === 'state') owned.add(result);
    }
    this.#updateAll(scratch, batch);
    for (const [name, tensor] of next) {
      const previous = this.#state.get(name);
      this.#state.set(name, tensor);
      if (previous !== undefined && this.#spare.has(name)) this.#spare.set(name, previous);
    }
    return outputs;
  }

  /** The helper's updates and one's own at the same time. */
  #updateAll(scratch: ReadonlyMap<string, Tensor>, batch: NamedValues): void {
    const started = performance.now();
    const gradientOf = ({ gradient }: HostAdamW): Float32Array => scratch.get(gradient)?.data as Float32Array;
    const helper = this.#helper;
    for (const update of this.#plan.updates) {
      const place = helper?.has(update) === true ? helper.gradient(update) : undefined;
      const gradient = gradientOf(update);
      if (place !== undefined && (gradient.buffer !== place.buffer || gradient.byteOffset !== place.byteOffset)) place.set(gradient);
    }
    helper?.begin((update) => factorsOf(update, scratch));
    for (const update of this.#plan.updates) {
      if (helper?.has(update) === true) continue;
      const [gradient, factors] = [gradientOf(update), factorsOf(update, scratch)];
      if (update.rows === undefined) this.#memory.apply(update, gradient, factors);
      else this.#memory.applyRows(update, { sums: gradient, rows: touchedBy(update.rows, batch) }, factors);
    }
    helper?.end();
    this.#takePlaces();
    this.#updateMilliseconds = performance.now() - started;
  }

  /** Copies of state. */
  read(names: readonly string[]): NamedValues {
    return Object.fromEntries(
      names.map((name) => {
        const value = this.#valueOf(name);
        return [name, this.#transposed.has(name) ? turned(value) : value];
      }),
    );
  }

  #valueOf(name: string): TensorValue {
    const kept = this.#moments.get(name);
    if (kept !== undefined && this.#loaded.has(name)) {
      const data = this.#helper?.read(kept.update, kept.moment) ?? new Float32Array();
      return { dtype: 'float32', shape: kept.update.shape, data };
    }
    const tensor = this.#state.get(name);
    if (tensor === undefined) throw new Error(`read: expected state that was loaded, got "${name}".`);
    return ownValue(tensor, tensor.type as DataType);
  }

  /** Runs the graph again, for the record; updates are as the last run did them. */
  async explain(batch: NamedValues, sizes: readonly number[]): Promise<readonly NodeReport[]> {
    const { feeds, places } = this.#bindings(batch, sizes);
    const nodes = await profileModel(this.#plan.model, this.#options, async (session) => runInPlace(session, feeds, places));
    const counts = [...countsOf(this.#plan).values()];
    if (counts.length === 0) return nodes;
    const shapes = JSON.stringify([counts.map((count) => ({ float: [count] }))]);
    return [...nodes, { name: 'updates', op: 'AdamW', provider: 'WebAssembly', microseconds: 1000 * this.#updateMilliseconds, shapes }];
  }

  async dispose(): Promise<void> {
    await this.#session.release();
    await this.#helper?.dispose();
    this.#state.clear();
    this.#scratch.clear();
    this.#spare.clear();
    this.#rooms.clear();
  }
}
