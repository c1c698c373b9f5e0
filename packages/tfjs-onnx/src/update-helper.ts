import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { AdamWFactors } from './adam-w.ts';
import type { HostAdamW } from './plan.ts';
import type { HelperAnswer, HelperRequest, HelperSetting } from './update-worker.ts';

export type Moment = 'firstMoment' | 'secondMoment';

/** Arrays of a helper are views of one buffer, at most this many values long. */
const LARGEST = 2 ** 28;
/** Below this many values the way to another thread and back takes longer than the update. */
const WORTHWHILE = 2 ** 20;
/** The part of all values that the helper takes: its way through a block is longer by a third than the other's. */
const SHARE = 0.42;
/** Starts of arrays are multiples of this many values, a cache line. */
const LINE = 16;

const lined = (count: number): number => Math.ceil(count / LINE) * LINE;

/**
 * The updates that a second thread should do: somewhat less than half of all values. Those whose gradient serves another update too or is of some rows only, or
 * whose moments the graph reads, stay.
 *
 * @param counts How many values each update's parameter has.
 * @param read Names of the state that the graph reads.
 */
export const helperShare = (
  updates: readonly HostAdamW[],
  counts: ReadonlyMap<string, number>,
  read: ReadonlySet<string>,
): readonly HostAdamW[] => {
  const countOf = ({ parameter }: HostAdamW): number => counts.get(parameter) ?? 0;
  const total = updates.reduce((sum, update) => sum + countOf(update), 0);
  if (total < WORTHWHILE) return [];
  const uses = new Map<string, number>();
  for (const { gradient } of updates) uses.set(gradient, (uses.get(gradient) ?? 0) + 1);
  const free = updates.filter(
    ({ gradient, rows, firstMoment, secondMoment }) =>
      rows === undefined && uses.get(gradient) === 1 && !read.has(firstMoment) && !read.has(secondMoment),
  );
  let rest = Math.min(total * SHARE, LARGEST);
  // The largest first, so that what is left to balance is small.
  return free
    .toSorted((a, b) => countOf(b) - countOf(a))
    .filter((update) => {
      const fits = lined(countOf(update)) <= rest;
      if (fits) rest -= lined(countOf(update));
      return fits;
    });
};

/**
 * A second thread that updates its part of the parameters while the first updates the rest: one core alone does not use all
 * of the memory's bandwidth. Parameters and gradients lie in two plain buffers that go to the thread and come back, because ONNX Runtime
 * takes no shared memory; moments stay with the thread.
 */
export class UpdateHelper {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #offsets = new Map<HostAdamW, { readonly index: number; readonly offset: number; readonly count: number }>();
  #parameters: ArrayBuffer;
  #gradients: ArrayBuffer;

  private constructor(updates: readonly HostAdamW[], counts: ReadonlyMap<string, number>) {
    let total = 0;
    const parts = updates.map((update, index) => {
      const count = counts.get(update.parameter) ?? 0;
      const part = { index, offset: total, count };
      this.#offsets.set(update, part);
      total += lined(count);
      return part;
    });
    this.#parameters = new ArrayBuffer(total * 4);
    this.#gradients = new ArrayBuffer(total * 4);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#signal = new Int32Array(new SharedArrayBuffer(4));
    const setting: HelperSetting = { port: port2, signal: this.#signal, parts, total };
    const script = new URL(import.meta.url.endsWith('.ts') ? './update-worker.ts' : './update-worker.js', import.meta.url);
    this.#worker = new Worker(script, { workerData: setting, transferList: [port2] });
    this.#worker.unref();
  }

  /** Starts the thread and waits until it is ready. @throws {Error} If it can't have the memory. */
  static async create(updates: readonly HostAdamW[], counts: ReadonlyMap<string, number>): Promise<UpdateHelper> {
    const helper = new UpdateHelper(updates, counts);
    await new Promise<void>((resolve, reject) => {
      helper.#worker.once('message', () => resolve());
      helper.#worker.once('error', reject);
    });
    return helper;
  }

  has(update: HostAdamW): boolean {
    return this.#offsets.has(update);
  }

  #view(update: HostAdamW, buffer: ArrayBuffer): Float32Array<ArrayBuffer> {
    const { offset = 0, count = 0 } = this.#offsets.get(update) ?? {};
    return new Float32Array(buffer, offset * 4, count);
  }

  /** Where a parameter lies until the next {@link begin}. */
  parameter(update: HostAdamW): Float32Array<ArrayBuffer> {
    return this.#view(update, this.#parameters);
  }

  /** Where a gradient lies until the next {@link begin}. */
  gradient(update: HostAdamW): Float32Array<ArrayBuffer> {
    return this.#view(update, this.#gradients);
  }

  #send(request: HelperRequest, transfer: readonly ArrayBuffer[] = []): void {
    Atomics.store(this.#signal, 0, 0);
    this.#port.postMessage(request, transfer);
  }

  /** Blocks this thread until the other has answered. */
  #receive(): HelperAnswer {
    Atomics.wait(this.#signal, 0, 0);
    return (receiveMessageOnPort(this.#port) as { readonly message: HelperAnswer }).message;
  }

  #indexOf(update: HostAdamW): number {
    return this.#offsets.get(update)?.index ?? -1;
  }

  load(update: HostAdamW, moment: Moment, data: Float32Array): void {
    this.#send({ kind: 'load', index: this.#indexOf(update), moment, data });
    this.#receive();
  }

  read(update: HostAdamW, moment: Moment): Float32Array {
    this.#send({ kind: 'read', index: this.#indexOf(update), moment });
    return this.#receive().data ?? new Float32Array();
  }

  /** Has all of its parameters updated. Their arrays and the gradients' are gone until {@link end}. */
  begin(factorsOf: (update: HostAdamW) => AdamWFactors): void {
    const factors = [...this.#offsets.keys()].map(factorsOf);
    const [parameters, gradients] = [this.#parameters, this.#gradients];
    this.#send({ kind: 'update', factors, parameters, gradients }, [parameters, gradients]);
  }

  /** Waits for the updates; arrays lie in new places. */
  end(): void {
    const { parameters = this.#parameters, gradients = this.#gradients } = this.#receive();
    [this.#parameters, this.#gradients] = [parameters, gradients];
  }

  async dispose(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}
