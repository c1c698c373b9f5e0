import { traceFunction } from './trace.ts';
import { lowerTrace } from './lower.ts';
import { fuseNorms } from './fuse.ts';
import type { ValueLife } from './memory.ts';
import type { MergedTrace } from './merge.ts';
import { hostUpdates, packUpdates, type Pack } from './pack.ts';
import type { GraphOptions, SizeFeed } from './operand.ts';
import type { OnnxNode } from './protobuf.ts';
import { touchedRows, type RowFeed } from './row-updates.ts';
import { sameShape, type Parts, type Size } from './size.ts';
import type { DataType, Signature, Step, TensorSpec } from './types.ts';
import { transposeWeights } from './weight-layout.ts';
import { feedWindows, type WindowFeed } from './windows.ts';

/** One parameter's update, done on the host after the graph has run. Strings name state or scratch results. */
export interface HostAdamW {
  /** As it lies in the state. */
  readonly shape: readonly number[];
  /** Set if the gradient is of some rows only, `[indices, width]`: first of those that the indices name, in the table's order, then zeros. */
  readonly rows: RowFeed | undefined;
  readonly parameter: string;
  readonly firstMoment: string;
  readonly secondMoment: string;
  readonly gradient: string;
  readonly learningRate: string;
  readonly gradientScale: string;
  readonly correction1: string;
  readonly correction2: string;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Where a graph output goes. */
export interface PlannedOutput {
  readonly output: string;
  readonly target: 'state' | 'outputs' | 'scratch';
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly Size[];
}

/** All that a worker needs to run a step. */
export interface Plan {
  readonly model: Uint8Array;
  readonly symbols: readonly string[];
  readonly sizeFeeds: readonly SizeFeed[];
  /** Symbols that the graph has added to the signature's. */
  readonly parts: readonly Parts[];
  readonly inputs: readonly { readonly feed: string; readonly from: 'state' | 'batch'; readonly name: string }[];
  readonly windows: readonly WindowFeed[];
  readonly outputs: readonly PlannedOutput[];
  readonly updates: readonly HostAdamW[];
  /** Names of matrices of the state that lie transposed. */
  readonly transposed: readonly string[];
  readonly packs: readonly Pack[];
  /** The intermediate values, for what a run needs. */
  readonly lives: readonly ValueLife[];
}

const prefixed = (prefix: string, specs: Readonly<Record<string, TensorSpec>>): Record<string, TensorSpec> =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [`${prefix}/${name}`, spec]));

const unprefixed = <T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, item]) => (name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), item]] : [])),
  );

/** Traces a step; names are prefixed with `state/`, `batch/`, `outputs/`. */
export const traceStep = (step: Step, signature: Signature): MergedTrace =>
  traceFunction(
    (inputs) => {
      const result: unknown = step(unprefixed('state', inputs), unprefixed('batch', inputs));
      if (typeof result !== 'object' || result === null || !('state' in result) || !('outputs' in result)) {
        throw new TypeError(
          'compile: expected the step to return { state, outputs } at once, got something else. A step is a plain function, not an async one.',
        );
      }
      const { state, outputs } = result as ReturnType<Step>;
      return Object.fromEntries([
        ...Object.entries(state).map(([name, tensor]) => [`state/${name}`, tensor] as const),
        ...Object.entries(outputs).map(([name, tensor]) => [`outputs/${name}`, tensor] as const),
      ]);
    },
    { ...prefixed('state', signature.state), ...prefixed('batch', signature.batch) },
  );

/** Drops state that comes out as it went in, and checks the rest against the signature. */
export const checkState = (trace: MergedTrace, signature: Signature): MergedTrace => {
  const inputs = new Map<number, string>();
  const described = new Map<number, { readonly dtype: DataType; readonly shape: readonly Size[] }>();
  for (const item of trace.items) {
    if (item.kind === 'call') for (const output of item.outputs) described.set(output.id, output);
    else described.set(item.id, item);
    if (item.kind === 'input') inputs.set(item.id, item.name);
  }
  const results: Record<string, number> = {};
  for (const [name, id] of Object.entries(trace.results)) {
    if (inputs.get(id) === name) continue;
    results[name] = id;
    if (!name.startsWith('state/')) continue;
    const key = name.slice('state/'.length);
    const spec = signature.state[key];
    const actual = described.get(id);
    if (spec === undefined)
      throw new RangeError(
        `compile: expected state that the signature names, got "${key}". Add it to signature.state or return it in outputs.`,
      );
    if (actual === undefined || actual.dtype !== spec.dtype || !sameShape(actual.shape, spec.shape as readonly Size[])) {
      throw new RangeError(
        `compile: expected state "${key}" as ${spec.dtype} [${spec.shape.join(', ')}], got ${actual?.dtype ?? 'nothing'} [${actual?.shape.map((size) => (typeof size === 'number' ? size : '?')).join(', ') ?? ''}].`,
      );
    }
  }
  return { ...trace, results };
};

const SCALARS = ['gradient', 'learningRate', 'gradientScale', 'correction1', 'correction2'] as const;

/** Takes the AdamW calls whose results are nothing but the next state out of the graph; those that can be switched off stay in it. */
export const extractUpdates = (original: MergedTrace): { readonly trace: MergedTrace; readonly updates: readonly HostAdamW[] } => {
  const { trace, rows } = touchedRows(original);
  const results: Record<string, number> = { ...trace.results };
  const taken = new Set<unknown>();
  const updates = hostUpdates(trace).map(({ call, ids, states, shape }): HostAdamW => {
    taken.add(call);
    for (const state of states) delete results[state];
    for (const key of SCALARS) results[`scratch/${ids[key]}`] = ids[key] ?? -1;
    const scratch = Object.fromEntries(SCALARS.map((key) => [key, String(ids[key])]));
    const [parameter, firstMoment, secondMoment] = states.map((state) => state.slice('state/'.length));
    const own = { shape, rows: rows.get(ids['gradient'] ?? -1), parameter, firstMoment, secondMoment };
    return { ...call.attributes, ...scratch, ...own } as unknown as HostAdamW;
  });
  return { trace: { ...trace, items: trace.items.filter((item) => !taken.has(item)), results }, updates };
};

const split = (name: string): readonly [string, string] => [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)];

/** Lowers a checked trace into what a worker runs: on the CPU with updates on the host, on a GPU with packed state. */
export const planStep = (original: MergedTrace, options: GraphOptions): Plan & { readonly nodes: readonly OnnxNode[] } => {
  const { target } = options;
  const trace = fuseNorms(original);
  const laid = target === 'cpu' ? transposeWeights(trace) : { trace, transposed: [] };
  const extracted = target === 'cpu' ? extractUpdates(laid.trace) : { trace, updates: [] };
  const packed = target === 'cpu' ? { trace: extracted.trace, packs: [] } : packUpdates(trace);
  const fed = target === 'cpu' ? feedWindows(packed.trace) : { trace: packed.trace, windows: [] };
  const lowered = lowerTrace(fed.trace, options);
  const windows = fed.windows.filter(({ feed }) => lowered.inputs.has(feed));
  const inputs = [...lowered.inputs].flatMap((feed) => {
    const [from, name] = split(feed);
    return from === 'state' || from === 'batch' ? [{ feed, from, name } as const] : [];
  });
  const outputs = Object.entries(lowered.results).map(([full, { output, dtype, shape }]): PlannedOutput => {
    const [place, name] = split(full);
    return { output, target: place as PlannedOutput['target'], name, dtype, shape };
  });
  const { model, nodes, symbols, sizeFeeds, parts, lives } = lowered;
  const { updates } = extracted;
  return {
    model,
    nodes,
    symbols,
    sizeFeeds,
    parts,
    lives,
    inputs,
    windows,
    outputs,
    updates,
    transposed: laid.transposed,
    packs: packed.packs,
  };
};
