import type { MergedCall, MergedTrace } from './merge.ts';
import { TraceEditor } from './rewrite.ts';
import type { Size } from './size.ts';

/** A graph input that is a part of some state, from a place that a number of the batch names. */
export interface WindowFeed {
  readonly feed: string;
  readonly buffer: string;
  /** The batch input that holds the place, and where in it. */
  readonly offsets: string;
  readonly index: number;
  readonly shape: readonly Size[];
}

const inputOf = (call: MergedCall, key: string): number => call.inputs.find(([name]) => name === key)?.[1] ?? -1;

const only = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : undefined);

/** The one number that a value is, if it is that of an input at a known place. */
const numberOf = (editor: TraceEditor, id: number): { readonly input: number; readonly index: number } | undefined => {
  const call = editor.call(id);
  if (call?.kernel === 'Reshape' || call?.kernel === 'Identity') return numberOf(editor, inputOf(call, 'x'));
  if (call?.kernel !== 'Slice' || only(call.attributes['size']) !== 1) return undefined;
  const begin = only(call.attributes['begin']);
  return typeof begin === 'number' ? { input: inputOf(call, 'x'), index: begin } : undefined;
};

/**
 * Takes windows over state out of the graph: the host feeds the part of the array as it lies, where a Slice would copy it.
 */
export const feedWindows = (trace: MergedTrace): { readonly trace: MergedTrace; readonly windows: readonly WindowFeed[] } => {
  const editor = new TraceEditor(trace);
  const names = new Map(trace.items.flatMap((item) => (item.kind === 'input' ? [[item.id, item.name] as const] : [])));
  const windows: WindowFeed[] = [];
  for (const call of trace.items) {
    if (call.kind !== 'call' || call.kernel !== 'Window') continue;
    const [output] = call.outputs;
    const buffer = names.get(inputOf(call, 'buffer'));
    const place = numberOf(editor, inputOf(call, 'offset'));
    const offsets = names.get(place?.input ?? -1);
    if (output?.dtype !== 'float32' || place === undefined || !buffer?.startsWith('state/') || !offsets?.startsWith('batch/')) continue;
    const feed = `window/${windows.length}`;
    const { shape } = output;
    const input = editor.input(feed, shape);
    editor.add('Identity', [['x', input]], { shapes: [shape], ids: [output.id] });
    windows.push({ feed, buffer: buffer.slice('state/'.length), offsets: offsets.slice('batch/'.length), index: place.index, shape });
  }
  return { trace: editor.finish(), windows };
};
