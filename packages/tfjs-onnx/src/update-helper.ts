import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { AdamWFactors } from './adam-w.ts';
import type { HostAdamW } from './plan.ts';
import type { HelperAnswer, HelperRequest, HelperSetting, Part } from './update-worker.ts';

export type Moment = 'firstMoment' | 'secondMoment';

/** Below this many values the way to another thread and back takes longer than the update. */
const WORTHWHILE = 2 ** 20;
/** The part of the work that the helper takes: its way through a block is longer by two thirds than the other's. */
const SHARE = 0.42;
/** The work that a value of a table of rows is beside others': most rows are at rest, and only their parameters are touched. */
const ROW_WORK = 0.4;
/** Starts of arrays are multiples of this many values, a cache line. */
const LINE = 16;
/** Values that go to the helper together; a larger array goes alone. */
const PARCEL = 2 ** 21;
/** Values on the way at once. V8 collects garbage in a thread whose buffers have grown by 64 MiB, and these take 8 bytes each. */
const UNDER_WAY = 3 * PARCEL;

const lined = (count: number): number => Math.ceil(count / LINE) * LINE;

/**
 * The updates that a second thread should do: somewhat less than half of the work. Those whose gradient serves another update too or is of some rows only, or
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
  const total = updates.reduce((sum, update) => sum + countOf(update) * (update.rows === undefined ? 1 : ROW_WORK), 0);
  if (total < WORTHWHILE) return [];
  const uses = new Map<string, number>();
  for (const { gradient } of updates) uses.set(gradient, (uses.get(gradient) ?? 0) + 1);
  const free = updates.filter(
    ({ gradient, rows, firstMoment, secondMoment }) =>
      rows === undefined && uses.get(gradient) === 1 && !read.has(firstMoment) && !read.has(secondMoment),
  );
  let rest = total * SHARE;
  const tooLarge = (update: HostAdamW): number => Number(countOf(update) > UNDER_WAY);
  // The largest first, so that what is left to balance is small; but before those that would start a garbage collection all others.
  return free
    .toSorted((a, b) => tooLarge(a) - tooLarge(b) || countOf(b) - countOf(a))
    .filter((update) => {
      const fits = lined(countOf(update)) <= rest;
      if (fits) rest -= lined(countOf(update));
      return fits;
    });
};

/** Parameters and gradients that go to the helper and back in two buffers. */
interface Parcel {
  readonly updates: HostAdamW[];
  values: number;
  parts: readonly Part[];
  parameters: ArrayBuffer;
  gradients: ArrayBuffer;
}

interface Spot {
  readonly parcel: Parcel;
  /** Its number among all of the helper's updates. */
  readonly index: number;
  readonly offset: number;
  readonly count: number;
}

/**
 * A second thread that updates its part of the parameters while the first updates the rest: one core alone does not use all
 * of the memory's bandwidth. Parameters and gradients lie in plain buffers that go to the thread and come back, because ONNX Runtime
 * takes no shared memory, a few at a time; moments stay with the thread.
 */
export class UpdateHelper {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  /** How many answers the thread has sent. */
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  #received = 0;
  readonly #spots = new Map<HostAdamW, Spot>();
  readonly #parcels: readonly Parcel[];
  readonly #waiting: Parcel[] = [];
  readonly #underWay: Parcel[] = [];

  private constructor(updates: readonly HostAdamW[], counts: ReadonlyMap<string, number>) {
    const parcels: Parcel[] = [];
    for (const [index, update] of updates.entries()) {
      const count = counts.get(update.parameter) ?? 0;
      let parcel = parcels.at(-1);
      if (parcel === undefined || parcel.values + lined(count) > PARCEL) {
        parcel = { updates: [], values: 0, parts: [], parameters: new ArrayBuffer(0), gradients: new ArrayBuffer(0) };
        parcels.push(parcel);
      }
      parcel.updates.push(update);
      this.#spots.set(update, { parcel, index, offset: parcel.values, count });
      parcel.values += lined(count);
    }
    for (const parcel of parcels) {
      parcel.parameters = new ArrayBuffer(parcel.values * 4);
      parcel.gradients = new ArrayBuffer(parcel.values * 4);
    }
    this.#parcels = parcels;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const setting: HelperSetting = { port: port2, signal: this.#signal, counts: [...this.#spots.values()].map(({ count }) => count) };
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
    return this.#spots.has(update);
  }

  #view(update: HostAdamW, kind: 'parameters' | 'gradients'): Float32Array<ArrayBuffer> {
    const spot = this.#spots.get(update);
    return spot === undefined ? new Float32Array() : new Float32Array(spot.parcel[kind], spot.offset * 4, spot.count);
  }

  /** Where a parameter lies until the next {@link begin}. */
  parameter(update: HostAdamW): Float32Array<ArrayBuffer> {
    return this.#view(update, 'parameters');
  }

  /** Where a gradient lies until the next {@link begin}. */
  gradient(update: HostAdamW): Float32Array<ArrayBuffer> {
    return this.#view(update, 'gradients');
  }

  #send(request: HelperRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(request, transfer);
  }

  /** Blocks this thread until the other has sent one more answer. */
  #receive(): HelperAnswer {
    Atomics.wait(this.#signal, 0, this.#received);
    this.#received++;
    return (receiveMessageOnPort(this.#port) as { readonly message: HelperAnswer }).message;
  }

  load(update: HostAdamW, moment: Moment, data: Float32Array): void {
    this.#send({ kind: 'load', index: this.#spots.get(update)?.index ?? -1, moment, data });
    this.#receive();
  }

  read(update: HostAdamW, moment: Moment): Float32Array {
    this.#send({ kind: 'read', index: this.#spots.get(update)?.index ?? -1, moment });
    return this.#receive().data ?? new Float32Array();
  }

  /** Has all of its parameters updated. Their arrays and the gradients' are gone until {@link end}; {@link proceed} is to be called now and then. */
  begin(factorsOf: (update: HostAdamW) => AdamWFactors): void {
    for (const parcel of this.#parcels) {
      parcel.parts = parcel.updates.map((update) => {
        const { index = -1, offset = 0 } = this.#spots.get(update) ?? {};
        return { index, offset, factors: factorsOf(update) };
      });
    }
    this.#waiting.push(...this.#parcels);
    this.#dispatch();
  }

  #dispatch(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const values = this.#underWay.reduce((sum, parcel) => sum + parcel.values, next.values);
      if (this.#underWay.length > 0 && values > UNDER_WAY) return;
      const { parts, parameters, gradients } = next;
      this.#send({ kind: 'update', parts, parameters, gradients }, [parameters, gradients]);
      this.#waiting.shift();
      this.#underWay.push(next);
    }
  }

  /** Takes the oldest parcel under way back. */
  #takeBack(): void {
    const { parameters, gradients } = this.#receive();
    const parcel = this.#underWay.shift();
    if (parcel === undefined || parameters === undefined || gradients === undefined)
      throw new Error('update: expected the parameters that were handed over, got others.');
    parcel.parameters = parameters;
    parcel.gradients = gradients;
    this.#dispatch();
  }

  /** Hands over what has been waiting for what is done by now. */
  proceed(): void {
    while (this.#underWay.length > 0 && Atomics.load(this.#signal, 0) !== this.#received) this.#takeBack();
  }

  /** Waits for the updates; arrays lie in new places. */
  end(): void {
    while (this.#underWay.length > 0) this.#takeBack();
  }

  async dispose(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}
