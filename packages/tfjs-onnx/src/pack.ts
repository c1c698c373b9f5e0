import type { MergedCall, MergedTrace } from './merge.ts';
import type { Size } from './size.ts';
import type { DataType } from './types.ts';

/** State tensors that lie behind one another in one flat tensor. */
export interface Pack {
  readonly name: string;
  readonly count: number;
  readonly members: readonly { readonly name: string; readonly offset: number; readonly shape: readonly number[] }[];
}

const ROLES = ['parameter', 'firstMoment', 'secondMoment'] as const;
const SCALARS = ['learningRate', 'gradientScale', 'correction1', 'correction2'] as const;

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

/** Updates that can be one: same factors, same scalars, not too large together. */
const groupsOf = (updates: readonly Update[]): readonly (readonly Update[])[] => {
  const open = new Map<string, { count: number; group: Update[] }>();
  const groups: Update[][] = [];
  for (const update of updates) {
    const key = JSON.stringify([update.call.attributes, SCALARS.map((scalar) => update.ids[scalar])]);
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

const idOf = (made: MergedCall): number => made.outputs[0]?.id ?? -1;

const FLOAT: DataType = 'float32';

/**
 * Rewrites a trace so that the parameters of one group, and each of their moments, are one flat tensor each: the update is
 * then a dozen nodes for all of them, where a GPU would otherwise wait for thousands of tiny dispatches.
 */
export const packUpdates = (trace: MergedTrace): { readonly trace: MergedTrace; readonly packs: readonly Pack[] } => {
  let nextId =
    1 +
    trace.items.reduce((largest, item) => Math.max(largest, ...(item.kind === 'call' ? item.outputs.map(({ id }) => id) : [item.id])), 0);
  const before: MergedTrace['items'][number][] = [];
  const after: MergedCall[] = [];
  const packs: Pack[] = [];
  const results: Record<string, number> = { ...trace.results };
  const calls = new Set<unknown>();
  const dropped = new Set<number>();
  const usedOutside = new Map<number, number>();
  for (const item of trace.items)
    if (item.kind === 'call') for (const [, id] of item.inputs) usedOutside.set(id, (usedOutside.get(id) ?? 0) + 1);
  for (const id of Object.values(trace.results)) usedOutside.set(id, (usedOutside.get(id) ?? 0) + 1);
  const call = (
    kernel: string,
    inputs: MergedCall['inputs'],
    attributes: MergedCall['attributes'],
    shape: readonly Size[],
  ): MergedCall => ({
    kind: 'call',
    kernel,
    inputs,
    attributes,
    outputs: [{ id: nextId++, dtype: FLOAT, shape }],
  });
  for (const [index, group] of groupsOf(stateUpdates(trace)).entries()) {
    const first = group[0];
    if (first === undefined) continue;
    const count = group.reduce((sum, update) => sum + update.count, 0);
    const flat = ROLES.map((role, i) => {
      const pack: Pack = { name: `packed/${index}/${role}`, count, members: membersOf(group, i) };
      packs.push(pack);
      const id = nextId++;
      before.push({ kind: 'input', id, name: `state/${pack.name}`, dtype: FLOAT, shape: [count] });
      for (const [k, update] of group.entries()) {
        const own = update.ids[role] ?? -1;
        dropped.add(own);
        if ((usedOutside.get(own) ?? 0) <= 1) continue;
        const offset = pack.members[k]?.offset ?? 0;
        const part = call('Slice', [['x', id]], { begin: [offset], size: [update.count] }, [update.count]);
        before.push(part, {
          ...call('Reshape', [['x', idOf(part)]], { shape: update.shape }, update.shape),
          outputs: [{ id: own, dtype: FLOAT, shape: update.shape }],
        });
      }
      return id;
    });
    const gradients = group.map((update) =>
      call('Reshape', [['x', update.ids['gradient'] ?? -1]], { shape: [update.count] }, [update.count]),
    );
    const joined = call(
      'Concat',
      gradients.map((gradient, i) => [String(i), idOf(gradient)] as const),
      { axis: 0 },
      [count],
    );
    const outputs = ROLES.map(() => ({ id: nextId++, dtype: FLOAT, shape: [count] }));
    const inputs = [
      ...ROLES.map((role, i) => [role, flat[i] ?? -1] as const),
      ['gradient', idOf(joined)] as const,
      ...SCALARS.map((scalar) => [scalar, first.ids[scalar] ?? -1] as const),
    ];
    after.push(...gradients, joined, { kind: 'call', kernel: 'AdamW', inputs, attributes: first.call.attributes, outputs });
    for (const update of group) {
      calls.add(update.call);
      for (const state of update.states) delete results[state];
    }
    for (const [i, output] of outputs.entries()) results[`state/packed/${index}/${ROLES[i]}`] = output.id;
  }
  const kept = trace.items.filter((item) => !calls.has(item) && !(item.kind === 'input' && dropped.has(item.id)));
  return { trace: { ...trace, items: [...before, ...kept, ...after], results }, packs };
};

const membersOf = (group: readonly Update[], role: number): Pack['members'] => {
  let offset = 0;
  return group.map((update) => {
    const member = { name: (update.states[role] ?? '').slice('state/'.length), offset, shape: update.shape };
    offset += update.count;
    return member;
  });
};
