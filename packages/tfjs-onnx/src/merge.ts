import { OnnxEngineError } from './errors.ts';
import { createExplainer, symbolSize, type Explainer, type Size } from './size.ts';
import type { DataType, TensorSpec } from './types.ts';
import { callsBehind, type Call, type Value, type Values } from './value.ts';

/** One run of a function with plain numbers for its symbols. */
export interface Trace {
  readonly sizes: readonly number[];
  readonly inputs: Readonly<Record<string, Value>>;
  readonly results: Readonly<Record<string, Value>>;
}

export interface MergedInput {
  readonly kind: 'input';
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly Size[];
}

/** A constant: its values, one value everywhere, or values at equal distances whose number depends on a symbol. */
export type MergedConstant =
  | { readonly kind: 'constant'; readonly dtype: DataType; readonly shape: readonly number[]; readonly data: Values }
  | { readonly kind: 'filled'; readonly dtype: DataType; readonly shape: readonly Size[]; readonly value: Size }
  | { readonly kind: 'ramp'; readonly dtype: DataType; readonly shape: readonly Size[]; readonly start: number; readonly step: number };

export interface MergedCall {
  readonly kind: 'call';
  readonly kernel: string;
  readonly inputs: readonly (readonly [key: string, id: number])[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Ids of the outputs; the call itself has none. */
  readonly outputs: readonly { readonly id: number; readonly dtype: DataType; readonly shape: readonly Size[] }[];
}

/** A graph of tfjs kernels in which every number that depends on a symbolic size is an expression. */
export interface MergedTrace {
  readonly symbols: readonly string[];
  /** In an order in which they can be computed. Inputs and constants have their id. */
  readonly items: readonly (MergedCall | ((MergedInput | MergedConstant) & { readonly id: number }))[];
  readonly results: Readonly<Record<string, number>>;
}

const differ = (subject: string, what: string): OnnxEngineError =>
  new OnnxEngineError(
    `${subject}: expected the same graph for every size, got ${what} that differs between sizes in no simple way. Keep symbolic sizes out of JavaScript conditions and computed values, or give them a number in the signature.`,
    { subject },
  );

const isUniform = (data: Values): boolean => data.length > 0 && data.every((value) => Object.is(value, data[0]));

const isRamp = (data: Values, step: number): boolean =>
  data.every((value, i) => i === 0 || Math.abs(value - (data[i - 1] ?? 0) - step) <= 1e-6 * Math.max(1, Math.abs(value)));

/** Numbers the values of one trace: equal structure gives equal numbers. */
class Numbering {
  readonly #ids = new Map<Value, number>();

  has(value: Value): boolean {
    return this.#ids.has(value);
  }

  id(value: Value): number {
    const known = this.#ids.get(value);
    if (known !== undefined) return known;
    this.#ids.set(value, this.#ids.size);
    return this.#ids.size - 1;
  }
}

const mergeNumbers = (numbers: readonly number[], explain: Explainer, subject: string, what: string): Size => {
  const size = explain(numbers);
  if (size === undefined) throw differ(subject, `${what} (${numbers.join(', ')})`);
  return size;
};

/** Attributes of the same call in several traces, as one: numbers become sizes, everything else must be equal. */
const mergeAttribute = (values: readonly unknown[], explain: Explainer, subject: string, what: string): unknown => {
  const [first] = values;
  if (values.every((value) => typeof value === 'number')) return mergeNumbers(values as readonly number[], explain, subject, what);
  if (values.every((value) => Array.isArray(value) && value.length === (first as readonly unknown[]).length)) {
    return (first as readonly unknown[]).map((_, i) =>
      mergeAttribute(
        values.map((value) => (value as readonly unknown[])[i]),
        explain,
        subject,
        what,
      ),
    );
  }
  if (values.every((value) => value === first)) return first;
  if (values.every((value) => ArrayBuffer.isView(value))) return first;
  throw differ(subject, what);
};

const mergeShapes = (shapes: readonly (readonly number[])[], explain: Explainer, subject: string): readonly Size[] => {
  const first = shapes[0] ?? [];
  if (shapes.some((shape) => shape.length !== first.length)) throw differ(subject, 'a rank');
  return first.map((_, axis) =>
    mergeNumbers(
      shapes.map((shape) => shape[axis] ?? 0),
      explain,
      subject,
      'a size',
    ),
  );
};

const mergeConstants = (values: readonly Value[], explain: Explainer, subject: string): MergedConstant => {
  const dtype = values[0]?.dtype ?? 'float32';
  const all = values.map(({ source }) => (source.kind === 'constant' ? source.data : new Float32Array()));
  const shape = mergeShapes(
    values.map((value) => value.shape),
    explain,
    `constant of ${subject}`,
  );
  const first = all[0] ?? new Float32Array();
  if (all.every(isUniform)) {
    return {
      kind: 'filled',
      dtype,
      shape,
      value: mergeNumbers(
        all.map((data) => data[0] ?? 0),
        explain,
        subject,
        'a number',
      ),
    };
  }
  if (all.every((data) => data.length === first.length && data.every((value, i) => Object.is(value, first[i])))) {
    return { kind: 'constant', dtype, shape: values[0]?.shape ?? [], data: first };
  }
  const start = first[0] ?? 0;
  const step = (first[1] ?? 0) - start;
  if (shape.length === 1 && all.every((data) => data[0] === start && isRamp(data, step)))
    return { kind: 'ramp', dtype, shape, start, step };
  throw differ(subject, 'a constant');
};

/** Merges traces of one function. @throws {OnnxEngineError} If they are not the same graph up to explainable numbers. */
export const mergeTraces = (
  traces: readonly Trace[],
  specs: Readonly<Record<string, TensorSpec>>,
  symbols: readonly string[],
): MergedTrace => {
  const explain = createExplainer(traces.map((trace) => trace.sizes));
  const calls = traces.map((trace) => callsBehind(Object.values(trace.results)));
  const numberings = traces.map(() => new Numbering());
  const items: MergedTrace['items'][number][] = [];
  const visit = (values: readonly Value[], subject: string): number => {
    const fresh = values.map((value, k) => numberings[k]?.has(value) !== true);
    const ids = values.map((value, k) => numberings[k]?.id(value) ?? -1);
    const id = ids[0] ?? -1;
    if (ids.some((other) => other !== id) || fresh.some((flag) => flag !== fresh[0])) throw differ(subject, 'an input');
    if (fresh[0] === true) items.push({ ...mergeLeaf(values, subject), id });
    return id;
  };
  const mergeLeaf = (values: readonly Value[], subject: string): MergedInput | MergedConstant => {
    const source = values[0]?.source;
    if (source?.kind !== 'input') return mergeConstants(values, explain, subject);
    const spec = specs[source.name];
    if (spec === undefined || values.some((value) => value.source.kind !== 'input' || value.source.name !== source.name))
      throw differ(subject, 'an input');
    const shape = spec.shape.map((size) => (typeof size === 'number' ? size : symbolSize(symbols.indexOf(size), symbols.length)));
    return { kind: 'input', name: source.name, dtype: spec.dtype, shape };
  };
  const mergeCall = (same: readonly Call[], first: Call): void => {
    const subject = first.kernel;
    const alike = same.every(
      (call) => call.kernel === subject && call.inputs.length === first.inputs.length && call.outputs.length === first.outputs.length,
    );
    if (!alike) throw differ(same.map((call) => call.kernel).join(' / '), 'an operation');
    const inputs = first.inputs.map(
      ([key], i) =>
        [
          key,
          visit(
            same.map((call) => valueAt(call, i)),
            subject,
          ),
        ] as const,
    );
    const attributes = Object.fromEntries(
      Object.keys(first.attributes).map((key) => [
        key,
        mergeAttribute(
          same.map((call) => call.attributes[key]),
          explain,
          subject,
          key,
        ),
      ]),
    );
    const outputs = first.outputs.map(({ dtype }, i) => ({
      id: same.map((call, k) => numberings[k]?.id(outputAt(call, i)) ?? -1)[0] ?? -1,
      dtype,
      shape: mergeShapes(
        same.map((call) => outputAt(call, i).shape),
        explain,
        subject,
      ),
    }));
    items.push({ kind: 'call', kernel: subject, inputs, attributes, outputs });
  };
  for (const [index, first] of (calls[0] ?? []).entries()) {
    mergeCall(
      calls.map((list) => list[index] ?? { kernel: 'nothing', sequence: 0, inputs: [], attributes: {}, outputs: [] }),
      first,
    );
  }
  if (calls.some((list) => list.length !== calls[0]?.length)) throw differ('compile', 'the number of operations');
  const results = Object.fromEntries(
    Object.keys(traces[0]?.results ?? {}).map((name) => [
      name,
      visit(
        traces.map((trace) => resultOf(trace, name)),
        name,
      ),
    ]),
  );
  return { symbols, items, results };
};

const valueAt = (call: Call, index: number): Value => {
  const input = call.inputs[index];
  if (input === undefined) throw differ(call.kernel, 'an input');
  return input[1];
};

const outputAt = (call: Call, index: number): Value => {
  const output = call.outputs[index];
  if (output === undefined) throw differ(call.kernel, 'an output');
  return output;
};

const resultOf = (trace: Trace, name: string): Value => {
  const value = trace.results[name];
  if (value === undefined) throw differ(name, 'a result');
  return value;
};
