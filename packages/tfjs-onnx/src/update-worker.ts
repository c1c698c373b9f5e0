// The second thread of the optimizer: keeps moments, and updates parameters that it is handed, block by block.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { AdamWFactors } from './adam-w.ts';
import { createAdamW } from './adam-w-memory.ts';

interface Part {
  readonly offset: number;
  readonly count: number;
}

export interface HelperSetting {
  readonly port: MessagePort;
  /** Set to 1 and notified when an answer lies in the port. */
  readonly signal: Int32Array;
  readonly parts: readonly Part[];
  readonly total: number;
}

type Moment = 'firstMoment' | 'secondMoment';

export type HelperRequest =
  | { readonly kind: 'load'; readonly index: number; readonly moment: Moment; readonly data: Float32Array }
  | { readonly kind: 'read'; readonly index: number; readonly moment: Moment }
  | {
      readonly kind: 'update';
      readonly factors: readonly AdamWFactors[];
      readonly parameters: ArrayBuffer;
      readonly gradients: ArrayBuffer;
    };

export interface HelperAnswer {
  readonly data?: Float32Array;
  readonly parameters?: ArrayBuffer;
  readonly gradients?: ArrayBuffer;
}

/** Values of a block: its parameters and gradients stay in the cache between being copied and being updated. */
const BLOCK = 4096;

const { port, signal, parts, total } = workerData as HelperSetting;
const { memory, step } = createAdamW(2 * BLOCK + 2 * total);
const values = new Float32Array(memory.buffer);
/** Where the arrays begin, in values. */
const PLACES = { parameter: 0, gradient: BLOCK, firstMoment: 2 * BLOCK, secondMoment: 2 * BLOCK + total } as const;

const momentOf = (index: number, moment: Moment): Float32Array => {
  const { offset, count } = parts[index] ?? { offset: 0, count: 0 };
  return values.subarray(PLACES[moment] + offset, PLACES[moment] + offset + count);
};

const updatePart = ({ offset, count }: Part, factors: AdamWFactors, parameters: Float32Array, gradients: Float32Array): void => {
  const { update } = step(factors);
  for (let from = offset; from < offset + count; from += BLOCK) {
    const to = Math.min(from + BLOCK, offset + count);
    values.set(parameters.subarray(from, to), PLACES.parameter);
    values.set(gradients.subarray(from, to), PLACES.gradient);
    const moments = { firstMoment: (PLACES.firstMoment + from) * 4, secondMoment: (PLACES.secondMoment + from) * 4 };
    update({ parameter: PLACES.parameter * 4, ...moments }, 0, to - from, PLACES.gradient * 4);
    parameters.set(values.subarray(PLACES.parameter, PLACES.parameter + to - from), from);
  }
};

const answer = (request: HelperRequest): HelperAnswer => {
  if (request.kind === 'read') return { data: momentOf(request.index, request.moment).slice() };
  if (request.kind === 'load') {
    momentOf(request.index, request.moment).set(request.data);
    return {};
  }
  const { factors, parameters, gradients } = request;
  const [p, g] = [new Float32Array(parameters), new Float32Array(gradients)];
  for (const [i, part] of parts.entries()) if (factors[i] !== undefined) updatePart(part, factors[i], p, g);
  return { parameters, gradients };
};

port.on('message', (request: HelperRequest) => {
  const result = answer(request);
  port.postMessage(
    result,
    [result.parameters, result.gradients].filter((buffer) => buffer !== undefined),
  );
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});

parentPort?.postMessage('ready', []);
