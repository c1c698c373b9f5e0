import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { BACKEND, onnxBackend } from './backend.ts';
import { OnnxEngineError } from './errors.ts';
import { mergeTraces, type MergedTrace, type Trace } from './merge.ts';
import { placeOf } from './place.ts';
import type { TensorSpec } from './types.ts';
import type { Value } from './value.ts';

export type TensorSpecs = Readonly<Record<string, TensorSpec>>;

/** A function of named tensors to named tensors. */
export type TracedFunction = (inputs: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>;

/** The names of all symbolic sizes, in order of appearance. */
export const symbolsOf = (specs: TensorSpecs): readonly string[] => [
  ...new Set(Object.values(specs).flatMap(({ shape }) => shape.filter((size) => typeof size === 'string'))),
];

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97];

/** Where in {@link PRIMES} the attempts start: a function may take short sequences only, or need long ones. */
const STARTS = [3, 1, 8];
const TRACES = 3;

/** The symbols' numbers for each trace: the same primes, turned round, and one trace with a fresh one. */
const assignmentsFrom = (start: number, symbols: number): readonly (readonly number[])[] =>
  Array.from({ length: TRACES }, (_, trace) =>
    Array.from({ length: symbols }, (__, symbol) => PRIMES[start + ((symbol + trace) % (symbols + TRACES - 1))] ?? 101 + symbol),
  );

const toPlainShape = (spec: TensorSpec, symbols: readonly string[], values: readonly number[]): readonly number[] =>
  spec.shape.map((size) => (typeof size === 'number' ? size : (values[symbols.indexOf(size)] ?? 1)));

const run = (fn: TracedFunction, inputs: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> => {
  const backend = onnxBackend();
  const previous = tf.getBackend();
  const results: Record<string, Value> = {};
  tf.setBackend(BACKEND);
  try {
    tf.tidy(() => {
      const tensors = Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [name, tf.engine().makeTensorFromTensorInfo(backend.info(value), backend)]),
      );
      for (const [name, tensor] of Object.entries(fn(tensors))) {
        if (!(tensor instanceof tf.Tensor))
          throw new TypeError(`compile: expected a tensor named ${name} from the function, got ${typeof tensor}. Return tensors by name.`);
        // An Identity also moves a tensor that was made on another backend.
        results[name] = backend.value(tf.engine().runKernel('Identity', { x: tensor }) as Tensor);
      }
    });
  } finally {
    if (previous !== BACKEND && previous !== undefined) tf.setBackend(previous);
  }
  return results;
};

const explained = (error: unknown): Error => {
  if (!(error instanceof Error)) return new OnnxEngineError(String(error));
  const missing = /Kernel '(\w+)' not registered/.exec(error.message)?.[1];
  if (missing === undefined) return error;
  return new OnnxEngineError(
    `${missing}: expected a kernel of the onnx backend, got one that it lacks${placeOf(error)}. Use other operations, or see the table of kernels in the README.`,
    { subject: missing, cause: error },
  );
};

const traceOnce = (fn: TracedFunction, specs: TensorSpecs, symbols: readonly string[], sizes: readonly number[]): Trace => {
  const inputs = Object.fromEntries(
    Object.entries(specs).map(([name, spec]): [string, Value] => [
      name,
      { dtype: spec.dtype, shape: toPlainShape(spec, symbols, sizes), source: { kind: 'input', name } },
    ]),
  );
  return { sizes, inputs, results: run(fn, inputs) };
};

/**
 * Traces a function several times, with different numbers for its symbolic sizes, into one graph that serves all of them.
 *
 * @throws {OnnxEngineError} If an operation has no kernel here, reads values, or can't be the same graph for every size.
 */
export const traceFunction = (fn: TracedFunction, specs: TensorSpecs): MergedTrace => {
  const symbols = symbolsOf(specs);
  let failure: unknown;
  for (const start of symbols.length === 0 ? [0] : STARTS) {
    try {
      const assignments = symbols.length === 0 ? [[]] : assignmentsFrom(start, symbols.length);
      return mergeTraces(
        assignments.map((sizes) => traceOnce(fn, specs, symbols, sizes)),
        specs,
        symbols,
      );
    } catch (error) {
      failure ??= explained(error);
    }
  }
  throw failure;
};
