import type { Described } from './operand.ts';
import type { ElementType, OnnxNode } from './protobuf.ts';
import { evaluate, productOf, type Size } from './size.ts';

/** One intermediate value of a graph: how large, and from which node to which it is kept. */
export interface ValueLife {
  /** The operator that computes it. */
  readonly op: string;
  readonly shape: readonly Size[];
  readonly type: ElementType;
  readonly from: number;
  readonly to: number;
}

/** What a run needs beside its state. */
export interface MemoryNeed {
  /** The most bytes of intermediate values that are kept at once. */
  readonly peak: number;
  readonly largest: { readonly op: string; readonly shape: readonly number[]; readonly bytes: number };
}

const BYTES: Readonly<Record<ElementType, number>> = { float32: 4, float16: 2, int32: 4, int64: 8, uint8: 1, bool: 1 };

/** Operators whose result lies where their input does. */
const VIEWS: ReadonlySet<string> = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze', 'Flatten']);

/** The lives of all values that nodes compute, in the order of the nodes. `outputs` are kept to the end. */
export const valueLives = (
  nodes: readonly OnnxNode[],
  outputs: readonly string[],
  described: (name: string) => Described,
): readonly ValueLife[] => {
  const places = new Map<string, { op: string; name: string; from: number; to: number }>();
  for (const [index, { op, inputs, outputs: results }] of nodes.entries()) {
    for (const input of inputs) {
      const place = places.get(input);
      if (place !== undefined) place.to = index;
    }
    const source = VIEWS.has(op) ? places.get(inputs[0] ?? '') : undefined;
    for (const name of results) if (name !== '') places.set(name, source ?? { op, name, from: index, to: index });
  }
  for (const name of outputs) {
    const place = places.get(name);
    if (place !== undefined) place.to = nodes.length;
  }
  return [...new Set(places.values())].map(({ op, name, from, to }) => {
    const { type, shape } = described(name);
    return { op, shape, type, from, to };
  });
};

/** What a run of these sizes needs, by the graph; ONNX Runtime, which joins some nodes and keeps buffers, may need some less or more. */
export const memoryNeed = (lives: readonly ValueLife[], sizes: readonly number[]): MemoryNeed => {
  const changes = new Map<number, number>();
  const change = (index: number, bytes: number): void => void changes.set(index, (changes.get(index) ?? 0) + bytes);
  let largest: MemoryNeed['largest'] = { op: '', shape: [], bytes: 0 };
  for (const { op, shape, type, from, to } of lives) {
    const bytes = evaluate(productOf(shape), sizes) * BYTES[type];
    change(from, bytes);
    change(to + 1, -bytes);
    if (bytes > largest.bytes) largest = { op, shape: shape.map((size) => evaluate(size, sizes)), bytes };
  }
  let now = 0;
  let peak = 0;
  for (const [, bytes] of [...changes].sort(([a], [b]) => a - b)) {
    now += bytes;
    peak = Math.max(peak, now);
  }
  return { peak, largest };
};
