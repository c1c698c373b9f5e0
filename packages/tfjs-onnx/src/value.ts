import type { DataType } from './types.ts';

/** One call of a tfjs kernel, recorded. Everything in it is a plain number of one trace. */
export interface Call {
  readonly kernel: string;
  /** Grows by one per call in a process: sorting by it gives an order in which calls can run. */
  readonly sequence: number;
  readonly inputs: readonly (readonly [key: string, value: Value])[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Value[];
}

export type Values = Float32Array | Int32Array | Uint8Array;

/** Where a recorded value comes from. */
export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Values }
  | { readonly kind: 'call'; readonly call: Call; readonly index: number };

/** What stands behind a tfjs tensor of this backend: a node of a graph that has not run. */
export interface Value {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  /** Becomes a constant when the value is computed, which lets go of what it was computed from. */
  source: Source;
}

/** Shape and type of a kernel's output. */
export interface Outline {
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

let sequence = 0;

/** Records one kernel call and returns its outputs. */
export const recordCall = (
  kernel: string,
  inputs: Call['inputs'],
  attributes: Call['attributes'],
  outlines: readonly Outline[],
): readonly Value[] => {
  const outputs: Value[] = [];
  const call: Call = { kernel, sequence: sequence++, inputs, attributes, outputs };
  for (const [index, outline] of outlines.entries()) {
    outputs.push({ dtype: outline.dtype, shape: outline.shape, source: { kind: 'call', call, index } });
  }
  return outputs;
};

/** All calls that these values need, in an order in which they can run. */
export const callsBehind = (values: readonly Value[]): readonly Call[] => {
  const seen = new Set<Call>();
  const pending = [...values];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value.source.kind !== 'call' || seen.has(value.source.call)) continue;
    seen.add(value.source.call);
    for (const [, input] of value.source.call.inputs) pending.push(input);
  }
  return [...seen].sort((a, b) => a.sequence - b.sequence);
};
