import { EVEN_COUNT } from './kernels/sums.ts';
import type { MergedCall, MergedTrace } from './merge.ts';
import { TraceEditor } from './rewrite.ts';
import type { Size } from './size.ts';

/** State tensors that lie behind one another in one flat tensor. */
export interface Pack {
  readonly name: string;
  readonly count: number;
  readonly members: readonly { readonly name: string; readonly offset: number; readonly shape: readonly number[] }[];
}

const ROLES = ['parameter', 'firstMoment', 'secondMoment'] as const;
const SCALARS = ['learningRate', 'gradientScale', 'correction1', 'correction2', 'enabled'] as const;

/** The largest pack, in values: well below the 128 MiB that every WebGPU adapter can bind. */
const LARGEST = 2 ** 24;

interface Update {
  readonly call: MergedCall;
  readonly ids: Readonly<Record<string, number>>;
  readonly states: readonly string[];
  readonly shape: readonly number[];
  readonly count: number;
}

const isFixed = (shape: readonly Size[]): shape is readonly number[] => shape.every((size) => typeof size === 'number');

/** AdamW calls over state whose results are the next state and nothing else. */
export const stateUpdates = (trace: MergedTrace): readonly Update[] => {
  const inputNames = new Map(trace.items.flatMap((item) => (item.kind === 'input' ? [[item.id, item.name] as const] : [])));
  const used = new Set(trace.items.flatMap((item) => (item.kind === 'call' ? item.inputs.map(([, id]) => id) : [])));
  const names = new Map<number, string[]>();
  for (const [name, id] of Object.entries(trace.results)) names.set(id, [...(names.get(id) ?? []), name]);
  return trace.items.flatMap((call): readonly Update[] => {
    if (call.kind !== 'call' || call.kernel !== 'AdamW') return [];
    const ids = Object.fromEntries(call.inputs);
    const states = ROLES.map((role) => inputNames.get(ids[role] ?? -1) ?? '');
    const settled = call.outputs.every(({ id }, i) => !used.has(id) && names.get(id)?.length === 1 && names.get(id)?.[0] === states[i]);
    const shape = call.outputs[0]?.shape ?? [];
    if (!settled || !isFixed(shape)) return [];
    return [{ call, ids, states, shape, count: shape.reduce((product, size) => product * size, 1) }];
  });
};

/** Those updates that a host can make after the graph: a call that can be switched off is decided in it. */
export const hostUpdates = (trace: MergedTrace): readonly Update[] => stateUpdates(trace).filter(({ ids }) => ids['enabled'] === undefined);

/** What tells scalars apart: the number itself where it is a constant, which every call may have made anew. */
const scalarKeys = (trace: MergedTrace): ((id: number | undefined) => string | undefined) => {
  const constants = new Map(
    trace.items.flatMap((item) =>
      item.kind === 'filled' && typeof item.value === 'number' ? [[item.id, `${item.dtype} ${item.value}`] as const] : [],
    ),
  );
  return (id) => (id === undefined ? undefined : (constants.get(id) ?? String(id)));
};

/** Updates that can be one: same factors, same scalars, not too large together. */
const groupsOf = (updates: readonly Update[], trace: MergedTrace): readonly (readonly Update[])[] => {
  const keyOf = scalarKeys(trace);
  const open = new Map<string, { count: number; group: Update[] }>();
  const groups: Update[][] = [];
  for (const update of updates) {
    const key = JSON.stringify([update.call.attributes, SCALARS.map((scalar) => keyOf(update.ids[scalar]))]);
    let current = open.get(key);
    if (current === undefined || current.count + update.count > LARGEST) {
      current = { count: 0, group: [] };
      open.set(key, current);
      groups.push(current.group);
    }
    current.count += update.count;
    current.group.push(update);
  }
  return groups;
};

/** Replaces the parameters and moments of one group by three flat tensors. */
const packGroup = (
  editor: TraceEditor,
  group: readonly Update[],
  index: number,
): { readonly packs: readonly Pack[]; readonly gradient: number } => {
  const used = group.reduce((sum, update) => sum + update.count, 0);
  const count = Math.ceil(used / EVEN_COUNT) * EVEN_COUNT;
  const packs = ROLES.map((role, i): Pack => ({ name: `packed/${index}/${role}`, count, members: membersOf(group, i) }));
  const flat = packs.map((pack, i) => {
    const id = editor.input(`state/${pack.name}`, [count]);
    for (const [k, { ids, count: size, shape }] of group.entries()) {
      const attributes = { begin: [pack.members[k]?.offset ?? 0], size: [size] };
      const part = editor.add('Slice', [['x', id]], { attributes, shapes: [[size]] });
      editor.add('Reshape', [['x', part[0] ?? -1]], { attributes: { shape }, shapes: [shape], ids: [ids[ROLES[i] ?? ''] ?? -1] });
    }
    return id;
  });
  const parts = group.flatMap(({ ids, count: size }) =>
    editor.add('Reshape', [['x', ids['gradient'] ?? -1]], { attributes: { shape: [size] }, shapes: [[size]] }),
  );
  if (count > used) parts.push(editor.zeros(count - used));
  const [gradient = -1] = editor.add(
    'Concat',
    parts.map((id, i) => [String(i), id] as const),
    { attributes: { axis: 0 }, shapes: [[count]] },
  );
  const first = group[0];
  const inputs = [
    ...ROLES.map((role, i) => [role, flat[i] ?? -1] as const),
    ['gradient', gradient] as const,
    ...SCALARS.flatMap((scalar) => (first?.ids[scalar] === undefined ? [] : [[scalar, first.ids[scalar]] as const])),
  ];
  const updated = editor.add('AdamW', inputs, { attributes: first?.call.attributes ?? {}, shapes: ROLES.map(() => [count]) });
  for (const { states } of group) for (const state of states) delete editor.results[state];
  for (const [i, id] of updated.entries()) editor.results[`state/${packs[i]?.name ?? ''}`] = id;
  return { packs, gradient };
};

/** Sums of squares over all gradients of a group are taken over the group's flat gradient. */
const shortenNorms = (editor: TraceEditor, trace: MergedTrace, group: readonly Update[], gradient: number): void => {
  const own = new Set(group.map(({ ids }) => ids['gradient'] ?? -1));
  for (const { kind, id } of trace.items.flatMap((item) =>
    item.kind === 'call' && item.kernel === 'SumOfSquares' ? [{ kind: item, id: item.outputs[0]?.id ?? -1 }] : [],
  )) {
    const call = editor.call(id) ?? kind;
    const sources = call.inputs.map(([, source]) => source);
    if (![...own].every((source) => sources.includes(source)) || new Set(sources).size !== sources.length) continue;
    const rest = [...sources.filter((source) => !own.has(source)), gradient];
    editor.add(
      'SumOfSquares',
      rest.map((source, i) => [String(i), source] as const),
      { shapes: [[]], ids: [id] },
    );
  }
};

/**
 * Rewrites a trace so that the parameters of one group, and each of their moments, are one flat tensor each: the update is
 * then a dozen nodes for all of them, where a GPU would otherwise wait for thousands of tiny dispatches.
 */
export const packUpdates = (trace: MergedTrace): { readonly trace: MergedTrace; readonly packs: readonly Pack[] } => {
  const editor = new TraceEditor(trace);
  const packs = groupsOf(stateUpdates(trace), trace).flatMap((group, index) => {
    const packed = packGroup(editor, group, index);
    shortenNorms(editor, trace, group, packed.gradient);
    return packed.packs;
  });
  return { trace: editor.finish(), packs };
};

const membersOf = (group: readonly Update[], role: number): Pack['members'] => {
  let offset = 0;
  return group.map((update) => {
    const member = { name: (update.states[role] ?? '').slice('state/'.length), offset, shape: update.shape };
    offset += update.count;
    return member;
  });
};
