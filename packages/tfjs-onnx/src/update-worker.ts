// The second thread of the optimizer: keeps moments, and updates parameters that it is handed, block by block.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { AdamWFactors } from './adam-w.ts';
import { createAdamW, padded } from './adam-w-memory.ts';

export interface HelperSetting {
  readonly port: MessagePort;
  /** Counts the answers in the port, and is notified of each. */
  readonly signal: Int32Array;
  /** How many values each update has. */
  readonly counts: readonly number[];
}

type Moment = 'firstMoment' | 'secondMoment';

/** One update: its number, and where it lies in the buffers, in values. */
export interface Part {
  readonly index: number;
  readonly offset: number;
  readonly factors: AdamWFactors;
}

interface Update {
  readonly parts: readonly Part[];
  readonly parameters: ArrayBuffer;
  readonly gradients: ArrayBuffer;
}

export type HelperRequest =
  | { readonly kind: 'load'; readonly index: number; readonly moment: Moment; readonly data: Float32Array }
  | { readonly kind: 'read'; readonly index: number; readonly moment: Moment }
  | ({ readonly kind: 'update' } & Update);

export interface HelperAnswer {
  readonly data?: Float32Array;
  readonly parameters?: ArrayBuffer;
  readonly gradients?: ArrayBuffer;
}

/** Values of a block: its parameters and gradients stay in the cache between being copied and being updated. */
const BLOCK = 4096;

const { port, signal, counts } = workerData as HelperSetting;
let total = 0;
const offsets = counts.map((count) => (total += padded(count)) - padded(count));
const { memory, step } = createAdamW(2 * BLOCK + 2 * total);
const values = new Float32Array(memory.buffer);
/** Where the arrays begin, in values. */
const PLACES = { parameter: 0, gradient: BLOCK, firstMoment: 2 * BLOCK, secondMoment: 2 * BLOCK + total } as const;

const momentOf = (index: number, moment: Moment): Float32Array => {
  const start = PLACES[moment] + (offsets[index] ?? 0);
  return values.subarray(start, start + (counts[index] ?? 0));
};

const updatePart = ({ index, offset, factors }: Part, parameters: Float32Array, gradients: Float32Array): void => {
  const { update } = step(factors);
  const [count = 0, own = 0] = [counts[index], offsets[index]];
  for (let from = 0; from < count; from += BLOCK) {
    const size = Math.min(BLOCK, count - from);
    const start = offset + from;
    values.set(parameters.subarray(start, start + size), PLACES.parameter);
    values.set(gradients.subarray(start, start + size), PLACES.gradient);
    const moments = { firstMoment: (PLACES.firstMoment + own + from) * 4, secondMoment: (PLACES.secondMoment + own + from) * 4 };
    update({ parameter: PLACES.parameter * 4, ...moments }, 0, size, PLACES.gradient * 4);
    parameters.set(values.subarray(PLACES.parameter, PLACES.parameter + size), start);
  }
};

const answer = (request: HelperRequest): HelperAnswer => {
  if (request.kind === 'read') return { data: momentOf(request.index, request.moment).slice() };
  if (request.kind === 'load') {
    momentOf(request.index, request.moment).set(request.data);
    return {};
  }
  const { parts, parameters, gradients } = request;
  const [p, g] = [new Float32Array(parameters), new Float32Array(gradients)];
  for (const part of parts) updatePart(part, p, g);
  return { parameters, gradients };
};

port.on('message', (request: HelperRequest) => {
  const result = answer(request);
  port.postMessage(
    result,
    [result.parameters, result.gradients].filter((buffer) => buffer !== undefined),
  );
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
});

parentPort?.postMessage('ready', []);
