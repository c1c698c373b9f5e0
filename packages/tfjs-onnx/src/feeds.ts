import type { Tensor } from 'onnxruntime-node';
import type { NamedValues } from './messages.ts';
import type { Plan } from './plan.ts';
import { numberRows } from './row-updates.ts';
import { evaluate } from './size.ts';
import { countOf, toSizeTensor, toTensor } from './tensors.ts';
import type { WindowFeed } from './windows.ts';

/** What one run can take its inputs from. */
export interface FeedSources {
  readonly state: ReadonlyMap<string, Tensor>;
  readonly batch: NamedValues;
  /** The size of each symbol in this run. */
  readonly sizes: readonly number[];
}

/** The part of a state tensor that starts where the batch says, as it lies. */
const windowOf = ({ buffer, offsets, index, shape }: WindowFeed, { state, batch, sizes }: FeedSources): Tensor => {
  const data = state.get(buffer)?.data as Float32Array | undefined;
  const start = Number(batch[offsets]?.data[index]);
  const fixed = shape.map((size) => Math.round(evaluate(size, sizes)));
  const end = start + countOf(fixed);
  if (data === undefined || !(start >= 0 && end <= data.length))
    throw new RangeError(
      `run: expected a window of "${buffer}" within its ${data?.length ?? 0} values, got ${start} to ${end} by "${offsets}"[${index}].`,
    );
  return toTensor({ dtype: 'float32', shape: fixed, data: data.subarray(start, end) });
};

/**
 * The tensor of each graph input in one run.
 *
 * @throws {Error} If some state has not been loaded.
 * @throws {RangeError} If a window reaches beyond its buffer.
 */
export const feedsOf = ({ inputs, sizeFeeds, windows, updates }: Plan, sources: FeedSources): Record<string, Tensor> => {
  const { state, batch, sizes } = sources;
  const feeds: Record<string, Tensor> = {};
  for (const { feed, from, name } of inputs) {
    const value = from === 'state' ? state.get(name) : batch[name] === undefined ? undefined : toTensor(batch[name]);
    if (value === undefined) throw new Error(`run: expected ${from} "${name}", got nothing. Load all of the state before the first run.`);
    feeds[feed] = value;
  }
  for (const feed of sizeFeeds) feeds[feed.name] = toSizeTensor(feed, sizes);
  for (const window of windows) feeds[window.feed] = windowOf(window, sources);
  for (const { rows } of updates) {
    if (rows === undefined) continue;
    const { segments } = numberRows(batch[rows.ids]?.data ?? new Int32Array(), rows.count);
    feeds[rows.feed] = toTensor({ dtype: 'int32', shape: [segments.length], data: segments });
  }
  return feeds;
};
