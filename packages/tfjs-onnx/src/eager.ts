import { OnnxEngineError } from './errors.ts';
import { lowerTrace } from './lower.ts';
import type { MergedTrace } from './merge.ts';
import { NativeSession } from './native-session.ts';
import { blank, toTensor } from './tensors.ts';
import type { TensorValue } from './types.ts';
import { callsBehind, type Call, type Value } from './value.ts';

/** Graphs of eager code are compiled once for each structure; this many stay. */
const CACHED = 256;
/** Below this many values in all of a graph, optimising it and a second thread cost more than they save. */
const SMALL = 100_000;

interface Compiled {
  readonly session: NativeSession;
  /** The names of inputs that the graph uses. */
  readonly inputs: ReadonlySet<string>;
  /** The graph's output for each wanted value, in order. */
  readonly outputs: readonly string[];
}

/** Part of a recorded program: what is known, what is called, what is wanted. */
interface Piece {
  readonly leaves: readonly Value[];
  readonly calls: readonly Call[];
  readonly wanted: readonly Value[];
  readonly ids: ReadonlyMap<Value, number>;
}

/**
 * @param held Uncomputed values that tensors hold.
 */
const pieceFor = (values: readonly Value[], held: ReadonlySet<Value>): Piece => {
  const calls = callsBehind(values);
  const ids = new Map<Value, number>();
  const leaves: Value[] = [];
  for (const call of calls) {
    for (const [, input] of call.inputs) {
      if (ids.has(input)) continue;
      ids.set(input, ids.size);
      leaves.push(input);
    }
    for (const output of call.outputs) if (!ids.has(output)) ids.set(output, ids.size);
  }
  // What is computed on the way and needed later is kept too: the next graph begins there.
  const needed = new Set([...values, ...held]);
  const own = new Set(calls);
  for (const call of callsBehind([...held])) if (!own.has(call)) for (const [, input] of call.inputs) needed.add(input);
  const wanted = calls.flatMap((call) => call.outputs.filter((output) => needed.has(output)));
  return { leaves, calls, wanted, ids };
};

const idOf = ({ ids }: Piece, value: Value): number => ids.get(value) ?? -1;

/** JSON has no NaN and no infinities. */
const exact = (_: string, item: unknown): unknown => (typeof item === 'number' && !Number.isFinite(item) ? `#${item}` : item);

/** Equal exactly for pieces that compile to the same graph. */
const keyOf = (piece: Piece): string => {
  const calls = piece.calls.map((call) => [
    call.kernel,
    call.attributes,
    call.inputs.map(([key, value]) => [key, idOf(piece, value)]),
    call.outputs.map(({ dtype, shape }) => [dtype, shape]),
  ]);
  return JSON.stringify([piece.leaves.map(({ dtype, shape }) => [dtype, shape]), calls, piece.wanted.map((v) => idOf(piece, v))], exact);
};

const nameOf = (id: number): string => `x${id}`;

const traceOf = (piece: Piece): MergedTrace => ({
  symbols: [],
  items: [
    ...piece.leaves.map(({ dtype, shape }, i) => {
      const id = idOf(piece, piece.leaves[i] as Value);
      return { kind: 'input', id, name: nameOf(id), dtype, shape } as const;
    }),
    ...piece.calls.map(
      (call) =>
        ({
          kind: 'call',
          kernel: call.kernel,
          inputs: call.inputs.map(([key, value]) => [key, idOf(piece, value)] as const),
          attributes: call.attributes,
          outputs: call.outputs.map((value) => ({ id: idOf(piece, value), dtype: value.dtype, shape: value.shape })),
        }) as const,
    ),
  ],
  results: Object.fromEntries(piece.wanted.map((value) => [nameOf(idOf(piece, value)), idOf(piece, value)])),
});

const countOf = ({ shape }: Value): number => shape.reduce((product, size) => product * size, 1);

const compile = (piece: Piece): Compiled => {
  const { model, inputs, results } = lowerTrace(traceOf(piece), { target: 'cpu' });
  const outputs = piece.wanted.map((value) => results[nameOf(idOf(piece, value))]?.output ?? '');
  const size = piece.calls.reduce((sum, call) => sum + call.outputs.reduce((part, output) => part + countOf(output), 0), 0);
  return { session: new NativeSession(model, size < SMALL), inputs, outputs };
};

const describe = (piece: Piece): string => {
  const names = [...new Set(piece.calls.map((call) => call.kernel))];
  return names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
};

/** Computes recorded values in the calling thread; graphs are cached by structure, so that a loop compiles once. */
export class Evaluator {
  readonly #compiled = new Map<string, Compiled>();
  /** How many graphs were compiled so far. */
  compilations = 0;

  #find(piece: Piece): Compiled {
    const key = keyOf(piece);

    const known = this.#compiled.get(key);
    if (known !== undefined) {
      this.#compiled.delete(key);
      this.#compiled.set(key, known);
      return known;
    }
    const compiled = compile(piece);
    this.compilations++;
    this.#compiled.set(key, compiled);
    const [oldest] = this.#compiled;
    if (this.#compiled.size > CACHED && oldest !== undefined) {
      oldest[1].session.dispose();
      this.#compiled.delete(oldest[0]);
    }
    return compiled;
  }

  /**
   * Gives values their numbers, and also what is computed on the way and `held` or needed for what is; lets go of the rest.
   *
   * @throws {OnnxEngineError} If the graph can't be compiled or fails; the values stay as they were.
   */
  evaluate(values: readonly Value[], held: ReadonlySet<Value>): void {
    const piece = pieceFor(values, held);
    if (piece.calls.length === 0) return;
    const results = new Map<string, TensorValue>();
    let compiled: Compiled;
    try {
      compiled = this.#find(piece);
      const feeds = piece.leaves.flatMap((leaf) => {
        const name = nameOf(idOf(piece, leaf));
        if (!compiled.inputs.has(name) || leaf.source.kind !== 'constant') return [];
        return [[name, toTensor({ dtype: leaf.dtype, shape: leaf.shape, data: leaf.source.data })] as const];
      });
      for (const [i, { dtype, shape }] of piece.wanted.entries()) results.set(compiled.outputs[i] ?? '', blank(dtype, shape));
      compiled.session.run(Object.fromEntries(feeds), Object.fromEntries([...results].map(([name, value]) => [name, toTensor(value)])));
    } catch (cause) {
      if (cause instanceof OnnxEngineError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new OnnxEngineError(`data: expected ${describe(piece)} to run, got "${message}".`, { cause });
    }
    const taken = new Set<string>();
    for (const [i, value] of piece.wanted.entries()) {
      const name = compiled.outputs[i] ?? '';
      const data = results.get(name)?.data;
      if (data === undefined) throw new OnnxEngineError(`data: expected an output ${name}, got none.`);
      value.source = { kind: 'constant', data: taken.has(name) ? data.slice() : data };
      taken.add(name);
    }
  }

  dispose(): void {
    for (const { session } of this.#compiled.values()) session.dispose();
    this.#compiled.clear();
  }
}
