import { computeSize, type SymbolSource } from './computed-size.ts';
import { GraphNodes } from './graph-nodes.ts';
import {
  broadcastSizes,
  OPSET,
  type Described,
  type GraphOptions,
  type NodeOptions,
  type Operand,
  type Precision,
  type SizeFeed,
  type Target,
} from './operand.ts';
import { halting } from './in-place.ts';
import { ELEMENT_TYPE, encodeModel, type OnnxNode } from './protobuf.ts';
import { evenParts, sameShape, sameSize, sizeName, symbolSize, type Parts, type Size } from './size.ts';
import type { DataType } from './types.ts';
import type { Values } from './value.ts';

const typedValues = (type: 'float32' | 'int32' | 'bool', values: readonly number[]): Values => {
  if (type === 'float32') return Float32Array.from(values);
  return type === 'int32' ? Int32Array.from(values) : Uint8Array.from(values);
};

/** An ONNX graph under construction: equal nodes and equal constants exist once. */
export class Graph extends GraphNodes {
  /** Where it will run: some operators exist or pay off in one place only. */
  readonly target: Target;
  /** The type of products' operands; everything else is float32. */
  readonly precision: Precision;
  readonly #sizeFeeds = new Map<string, SizeFeed>();
  /** Those of a graph inside of another are the other's. */
  readonly #parts: Parts[];
  /** Where a run's value of each symbol can be read. */
  readonly #symbolSources = new Map<string, SymbolSource>();

  /** @param outer The graph that this one will lie in. */
  constructor(symbols: readonly string[], { target, precision = 'float32' }: GraphOptions, outer?: Graph) {
    super(symbols, outer?.scope());
    this.target = target;
    this.precision = precision;
    this.#parts = outer === undefined ? [] : outer.#parts;
  }

  /** A graph for the body of a node of this one. */
  inside(): Graph {
    return new Graph(this.symbols, { target: this.target }, this);
  }

  /** Declares a graph input; one that is int64 outside is cast to int32. */
  input(name: string, dtype: DataType, shape: readonly Size[], outside: DataType | 'int64' = dtype): Operand {
    this.declare(name, { type: outside, shape });
    for (const [axis, size] of shape.entries()) {
      const symbol = sizeName(size, this.symbols);
      if (!this.#symbolSources.has(symbol)) this.#symbolSources.set(symbol, { input: name, axis });
    }
    if (outside !== dtype) return this.operation('Cast', [name], { dtype, shape }, { attributes: { to: ELEMENT_TYPE[dtype] } });
    return { name, dtype, shape, stored: shape };
  }

  /** A constant with a name of its own. */
  weight(name: string, dtype: DataType, shape: readonly number[], data: Values): Operand {
    this.store(name, dtype, shape, data);
    return { name, dtype, shape, stored: shape };
  }

  /** {@link node} as an operand. */
  operation(
    op: string,
    inputs: readonly string[],
    output: { readonly dtype: DataType; readonly shape: readonly Size[] },
    options: NodeOptions = {},
  ): Operand {
    const name = this.node(op, inputs, { type: output.dtype, shape: output.shape }, options);
    return { name, dtype: output.dtype, shape: output.shape, stored: output.shape };
  }

  /** A constant of these values. */
  constant(dtype: DataType, shape: readonly number[], data: Values): Operand {
    return { name: this.initializer(dtype, shape, data), dtype, shape, stored: shape };
  }

  /** One number, stretched to a shape. */
  filled(dtype: DataType, shape: readonly Size[], value: number): Operand {
    return { name: this.scalar(dtype, value), dtype, shape, stored: [], value };
  }

  /** The name of a constant number. */
  scalar(dtype: DataType, value: number): string {
    return this.initializer(dtype, [], typedValues(dtype, [value]));
  }

  /** The name of a one-dimensional int64 constant. */
  integers(values: readonly number[]): string {
    return this.initializer('int64', [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  #feed(type: SizeFeed['type'], sizes: readonly Size[], scalar: boolean): string {
    if (this.target === 'portable') {
      const parts = sizes.map((size) => computeSize(this, size, { type, sourceOf: (symbol) => this.#symbolSources.get(symbol) }));
      const vector = this.node('Concat', parts, { type, shape: [parts.length] }, { attributes: { axis: 0 } });
      return scalar ? this.node('Reshape', [vector, this.integers([])], { type, shape: [] }) : vector;
    }
    const key = `${type}:${scalar}:${sizes.map((size) => (typeof size === 'number' ? size : size.key)).join(',')}`;
    const known = this.#sizeFeeds.get(key);
    if (known !== undefined) return known.name;
    const name = `size:${sizes.map((size) => sizeName(size, this.symbols)).join(',')}:${type}${scalar ? '' : '[]'}`;
    this.#sizeFeeds.set(key, { name, type, sizes, scalar });
    this.declare(name, { type, shape: scalar ? [] : [sizes.length] });
    return name;
  }

  /** The name of a one-dimensional int64 tensor of sizes. */
  sizes(sizes: readonly Size[]): string {
    const numbers = sizes.filter((size) => typeof size === 'number');
    return numbers.length === sizes.length ? this.integers(numbers) : this.#feed('int64', sizes, false);
  }

  /** A size (or a number that follows from sizes, such as 1 / batch) as a value, stretched to a shape. */
  sizeValue(dtype: DataType, shape: readonly Size[], size: Size): Operand {
    if (typeof size === 'number') return this.filled(dtype, shape, size);
    return { name: this.#feed(dtype === 'float32' ? 'float32' : 'int32', [size], true), dtype, shape, stored: [] };
  }

  /** How many {@link evenParts} a size splits into in each run: a symbol of this graph alone, which the host computes. */
  partsOf(size: Size, most: number, least: number): Size {
    if (typeof size === 'number') return evenParts(size, most, least);
    const known = this.#parts.findIndex((parts) => parts.most === most && parts.least === least && sameSize(parts.of, size));
    const index = this.symbols.length + (known < 0 ? this.#parts.push({ of: size, most, least }) - 1 : known);
    return symbolSize(index, index + 1);
  }

  /** The name of the value in its whole shape. */
  whole(operand: Operand): string {
    const { name, dtype, shape, stored } = operand;
    if (sameShape(shape, stored)) return name;
    return this.node('Expand', [name, this.sizes(shape)], { type: dtype, shape });
  }

  /** An operator that works element by element and broadcasts by itself. */
  elementwise(
    op: string,
    operands: readonly Operand[],
    output: { readonly dtype: DataType; readonly shape: readonly Size[] },
    options: NodeOptions = {},
  ): Operand {
    const stored = broadcastSizes(...operands.map((operand) => operand.stored));
    const name = this.node(
      op,
      operands.map((operand) => operand.name),
      { type: output.dtype, shape: stored },
      options,
    );
    return { name, dtype: output.dtype, shape: output.shape, stored };
  }

  /** Other type, same shape. */
  cast(operand: Operand, dtype: DataType): Operand {
    if (operand.dtype === dtype) return operand;
    if (operand.value !== undefined) {
      const value = dtype === 'bool' ? Number(operand.value !== 0) : dtype === 'int32' ? Math.trunc(operand.value) : operand.value;
      return this.filled(dtype, operand.shape, value);
    }
    return this.elementwise(
      'Cast',
      [operand],
      { dtype, shape: operand.shape },
      { attributes: { to: dtype === 'float32' ? 1 : dtype === 'int32' ? 6 : 9 } },
    );
  }

  /**
   * The name of a value's float16 version. Of a value that is only a part or another shape of something, that something is
   * converted: the parameters of a pack then are converted in one go.
   */
  half(name: string): string {
    const described = this.described(name);
    const node = this.producer(name);
    const output: Described = { type: 'float16', shape: described.shape };
    const [source, ...rest] = node?.inputs ?? [];
    if (node?.op === 'Cast' && source !== undefined && this.described(source).type === 'float16') return source;
    if (node === undefined || source === undefined || !['Slice', 'Reshape', 'Transpose'].includes(node.op)) {
      return this.node('Cast', [name], output, { attributes: { to: ELEMENT_TYPE.float16 } });
    }
    return this.node(node.op, [this.half(source), ...rest], output, { attributes: node.attributes });
  }

  /** A product, in the graph's precision; the result is float32. */
  product(op: string, operands: readonly string[], shape: readonly Size[], options: NodeOptions = {}): Operand {
    if (this.precision === 'float32') return this.operation(op, operands, { dtype: 'float32', shape }, options);
    const half = this.node(
      op,
      operands.map((name) => this.half(name)),
      { type: 'float16', shape },
      options,
    );
    return this.operation('Cast', [half], { dtype: 'float32', shape }, { attributes: { to: ELEMENT_TYPE.float32 } });
  }

  /** The same values in another shape. */
  reshape(operand: Operand, shape: readonly Size[]): Operand {
    if (sameShape(operand.shape, shape)) return operand;
    if (operand.stored.length === 0) return { ...operand, shape };
    return {
      ...operand,
      name: this.reshaped(this.whole(operand), { type: operand.dtype, shape: operand.shape }, shape),
      shape,
      stored: shape,
    };
  }

  /** {@link reshape} by name: sizes that Reshape can copy or infer are not asked of the host. */
  reshaped(name: string, from: Described, shape: readonly Size[]): string {
    if (sameShape(from.shape, shape)) return name;
    let open = 0;
    const target = shape.map((size, axis) => {
      if (typeof size === 'number') return size;
      const same = from.shape[axis];
      if (same !== undefined && sameSize(same, size)) return 0;
      open++;
      return -1;
    });
    const empty = shape.includes(0);
    const vector = open > 1 || empty ? this.sizes(shape) : this.integers(target);
    return this.node('Reshape', [name, vector], { type: from.type, shape }, empty ? { attributes: { allowzero: 1 } } : {});
  }

  /** The same values with axes in another order; of a value that was transposed already, in one go. */
  transpose(operand: Operand, permutation: readonly number[]): Operand {
    if (permutation.every((axis, i) => axis === i)) return operand;
    const shape = permutation.map((axis) => operand.shape[axis] ?? 1);
    if (operand.stored.length === 0) return { ...operand, shape };
    const before = this.producer(operand.name);
    const source = before?.inputs[0];
    if (before?.op === 'Transpose' && source !== undefined && sameShape(operand.shape, operand.stored)) {
      const first = before.attributes['perm'] as readonly number[];
      const described = this.described(source).shape;
      return this.transpose(
        { name: source, dtype: operand.dtype, shape: described, stored: described },
        permutation.map((axis) => first[axis] ?? axis),
      );
    }
    return this.operation('Transpose', [this.whole(operand)], { dtype: operand.dtype, shape }, { attributes: { perm: permutation } });
  }

  /** A name that is neither an input nor a constant, as a graph output must be. */
  result(operand: Operand): string {
    const name = this.whole(operand);
    return this.producer(name) !== undefined ? name : this.node('Identity', [name], { type: operand.dtype, shape: operand.shape });
  }

  /** Makes a value an output of this name. */
  named(operand: Operand, name: string): void {
    this.rename(this.whole(operand), name);
  }

  /** The model that computes `outputs`; on the CPU it runs in place. */
  finish(outputs: readonly string[]): {
    readonly model: Uint8Array;
    readonly sizeFeeds: readonly SizeFeed[];
    readonly parts: readonly Parts[];
    readonly inputs: ReadonlySet<string>;
    readonly nodes: readonly OnnxNode[];
  } {
    const needed = this.parts(outputs, this.target === 'portable');
    const inputs = new Set(needed.inputs.map(({ name }) => name));
    const sizeFeeds = [...this.#sizeFeeds.values()].filter(({ name }) => inputs.has(name));
    const graph = { name: 'traced', ...needed, opset: OPSET };
    const model = encodeModel(this.target === 'cpu' ? halting(graph) : graph);
    return { model, sizeFeeds, parts: this.#parts, inputs, nodes: needed.nodes };
  }
}
