import type { Tensor } from '@tensorflow/tfjs';
import { OnnxEngineError } from './errors.ts';
import { Graph } from './graph.ts';
import { OPSET, type Operand } from './operand.ts';
import { lowerItems } from './lower.ts';
import type { MergedTrace } from './merge.ts';
import { encodeModel, type OnnxTensor } from './protobuf.ts';
import { symbolSize, type Size } from './size.ts';
import { traceFunction } from './trace.ts';
import type { DataType, TensorSpec, TensorValue, Tensors } from './types.ts';

/** An input of an exported model: int64 outside, as most tools feed indices, is int32 inside the function. */
export interface ExportSpec {
  readonly dtype: DataType | 'int64';
  /** A string names a size that each run decides. */
  readonly shape: readonly (number | string)[];
}

/** A function of named inputs and named weights to named outputs. */
export type ExportedFunction = (inputs: Tensors, weights: Tensors) => Tensors;

export interface ExportOptions {
  /** Values that the file holds under these names; those that the function does not use are left out. */
  readonly weights?: Readonly<Record<string, TensorValue>>;
  /** The graph's name. @defaultValue `'model'` */
  readonly name?: string;
  /** What the model is, for people. */
  readonly description?: string;
  /** Key and value pairs that the file carries. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The name of the file that holds large weights if they do not fit. @defaultValue `'model.onnx_data'` */
  readonly dataFile?: string;
  /** Weights of more bytes than this, in total, go to the data file. @defaultValue 2,000,000,000: a protobuf ends at 2³¹ */
  readonly maximumBytes?: number;
}

/** A model as files. */
export interface ExportedModel {
  /** The bytes of the `.onnx` file. */
  readonly model: Uint8Array;
  /** What the data file beside it holds, part after part; absent if the model is whole. */
  readonly data?: { readonly file: string; readonly parts: readonly Uint8Array[] };
  /** The version of ONNX's operator set that the model needs. */
  readonly opset: number;
}

/** A weight below this stays in the model, so that tools see constant shapes and scalars. */
const SMALL_BYTES = 1024;
/** Where a weight may begin in a data file: readers map pages. */
const ALIGNMENT = 4096;

const checkNames = (groups: Readonly<Record<string, readonly string[]>>): void => {
  const seen = new Map<string, string>();
  for (const [group, names] of Object.entries(groups)) {
    for (const name of names) {
      const other = seen.get(name);
      if (other !== undefined)
        throw new RangeError(`toOnnx: expected a name of its own for ${group} "${name}", got that of ${other}. Rename one of them.`);
      seen.set(name, `${group} "${name}"`);
    }
  }
};

const specOf = (name: string, { dtype, shape, data }: TensorValue): TensorSpec => {
  const count = shape.reduce((product, size) => product * size, 1);
  if (data.length === count) return { dtype, shape };
  throw new RangeError(`toOnnx: expected ${count} values in weight "${name}" [${shape.join(', ')}], got ${data.length}.`);
};

const bytesIn = ({ data }: OnnxTensor): number => data.length;

/** Moves what is large to a data file. */
const separate = (
  tensors: readonly OnnxTensor[],
  file: string,
): { readonly inside: readonly OnnxTensor[]; readonly parts: readonly Uint8Array[] } => {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const inside = tensors.map((tensor): OnnxTensor => {
    const { data } = tensor;
    if (!(data instanceof Uint8Array) || data.length < SMALL_BYTES) return tensor;
    const padding = (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT;
    if (padding > 0) parts.push(new Uint8Array(padding));
    parts.push(data);
    const place = { location: file, offset: offset + padding, length: data.length };
    offset += padding + data.length;
    return { ...tensor, data: place };
  });
  return { inside, parts };
};

type Signature = Readonly<Record<string, ExportSpec>>;
type Weights = Readonly<Record<string, TensorValue>>;

const choose = (names: readonly string[], from: Tensors): Tensors =>
  Object.fromEntries(
    names.flatMap((name): readonly (readonly [string, Tensor])[] => (from[name] === undefined ? [] : [[name, from[name]]])),
  );

const traceExport = (fn: ExportedFunction, signature: Signature, weights: Weights): MergedTrace => {
  const [inputNames, weightNames] = [Object.keys(signature), Object.keys(weights)];
  checkNames({ input: inputNames, weight: weightNames });
  const specs: Record<string, TensorSpec> = {};
  for (const [name, { dtype, shape }] of Object.entries(signature)) specs[name] = { dtype: dtype === 'int64' ? 'int32' : dtype, shape };
  for (const [name, weight] of Object.entries(weights)) specs[name] = specOf(name, weight);
  const trace = traceFunction((all) => fn(choose(inputNames, all), choose(weightNames, all)), specs);
  const outputNames = Object.keys(trace.results);
  if (outputNames.length === 0) throw new OnnxEngineError('toOnnx: expected a function that returns tensors by name, got none.');
  checkNames({ input: inputNames, weight: weightNames, output: outputNames });
  return trace;
};

const lowerExport = (trace: MergedTrace, signature: Signature, weights: Weights): ReturnType<Graph['parts']> => {
  const graph = new Graph(trace.symbols, { target: 'portable' });
  const symbolic = (size: number | string): Size =>
    typeof size === 'number' ? size : symbolSize(trace.symbols.indexOf(size), trace.symbols.length);
  const declared = new Map<string, Operand>();
  // All of the signature is declared, in its order, also what the function leaves unused.
  for (const [name, { dtype, shape }] of Object.entries(signature))
    declared.set(name, graph.input(name, dtype === 'int64' ? 'int32' : dtype, shape.map(symbolic), dtype));
  const operandOf = lowerItems(graph, trace, ({ name }) => {
    const [input, weight] = [declared.get(name), weights[name]];
    if (input !== undefined) return input;
    if (weight !== undefined) return graph.weight(name, weight.dtype, weight.shape, weight.data);
    throw new OnnxEngineError(`toOnnx: expected an input or a weight, got "${name}".`);
  });
  for (const [name, id] of Object.entries(trace.results)) graph.named(operandOf(id), name);
  return graph.parts(Object.keys(trace.results), true);
};

/**
 * Traces a function into a standalone ONNX model: ONNX's own operators only, symbolic axes found in the inputs' shapes,
 * weights under their names. Tensors that the function finds elsewhere, such as variables, become constants.
 *
 * @param fn Called with tensors of each signature entry and each weight; returns the outputs by name. It may compute gradients.
 * @param signature The inputs, in the order that the file declares them.
 * @throws {OnnxEngineError} If an operation has no kernel here, reads values, or differs between sizes.
 * @throws {RangeError} If two things share a name or a weight's values do not fill its shape.
 */
export const toOnnx = (fn: ExportedFunction, signature: Signature, options: ExportOptions = {}): ExportedModel => {
  const { weights = {}, name = 'model', description, metadata = {}, dataFile = 'model.onnx_data', maximumBytes = 2_000_000_000 } = options;
  const parts = lowerExport(traceExport(fn, signature, weights), signature, weights);
  const total = parts.initializers.reduce((sum, tensor) => sum + bytesIn(tensor), 0);
  const outside = total > maximumBytes ? separate(parts.initializers, dataFile) : undefined;
  const initializers = outside?.inside ?? parts.initializers;
  const model = encodeModel({ ...parts, name, description, metadata, initializers, values: [], opset: OPSET });
  return { model, opset: OPSET, ...(outside === undefined ? {} : { data: { file: dataFile, parts: outside.parts } }) };
};
