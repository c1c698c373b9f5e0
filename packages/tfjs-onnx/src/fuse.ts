import type { MergedCall, MergedTrace } from './merge.ts';
import { TraceEditor } from './rewrite.ts';

const inputOf = (call: MergedCall, key: string): number => call.inputs.find(([name]) => name === key)?.[1] ?? -1;

/** The values that a tree of additions adds up; inner sums must have no other use. */
const addends = (editor: TraceEditor, id: number, root: boolean): readonly number[] => {
  const call = editor.call(id);
  if (call === undefined || (call.kernel !== 'AddN' && call.kernel !== 'Add') || (!root && editor.uses(id) !== 1)) return [id];
  return call.inputs.flatMap(([, input]) => addends(editor, input, false));
};

/** x, if the value is Σ x² over all of x. */
const squared = (editor: TraceEditor, id: number): number | undefined => {
  const sum = editor.call(id);
  if (sum?.kernel !== 'Sum' || sum.outputs[0]?.shape.length !== 0) return undefined;
  const square = editor.call(inputOf(sum, 'x'));
  if (square?.kernel === 'Square') return inputOf(square, 'x');
  if (square?.kernel !== 'Multiply' || inputOf(square, 'a') !== inputOf(square, 'b')) return undefined;
  return inputOf(square, 'a');
};

/** Σ Σ x² over many tensors, as the clipping by a global norm computes it, becomes one `SumOfSquares`. */
export const fuseNorms = (trace: MergedTrace): MergedTrace => {
  const editor = new TraceEditor(trace);
  const inner = new Set<number>();
  for (const item of trace.items.toReversed()) {
    if (item.kind !== 'call' || (item.kernel !== 'AddN' && item.kernel !== 'Add')) continue;
    const [output] = item.outputs;
    if (output === undefined || output.shape.length > 0 || inner.has(output.id)) continue;
    const sources = addends(editor, output.id, true).map((id) => squared(editor, id));
    if (sources.length < 2 || sources.includes(undefined)) continue;
    for (const [, id] of item.inputs) inner.add(id);
    editor.add(
      'SumOfSquares',
      sources.map((id, i) => [String(i), id ?? -1] as const),
      { shapes: [[]], ids: [output.id] },
    );
  }
  return editor.finish();
};
