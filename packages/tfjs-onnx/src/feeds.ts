import type { Tensor } from 'onnxruntime-node';
import type { NamedValues } from './messages.ts';
import type { Plan } from './plan.ts';
import { toSizeTensor, toTensor } from './tensors.ts';

/** What one run can take its inputs from. */
export interface FeedSources {
  readonly state: ReadonlyMap<string, Tensor>;
  readonly batch: NamedValues;
  /** The size of each symbol in this run. */
  readonly sizes: readonly number[];
}

/**
 * The tensor of each graph input in one run.
 *
 * @throws {Error} If some state has not been loaded.
 */
export const feedsOf = ({ inputs, sizeFeeds }: Plan, { state, batch, sizes }: FeedSources): Record<string, Tensor> => {
  const feeds: Record<string, Tensor> = {};
  for (const { feed, from, name } of inputs) {
    const value = from === 'state' ? state.get(name) : batch[name] === undefined ? undefined : toTensor(batch[name]);
    if (value === undefined) throw new Error(`run: expected ${from} "${name}", got nothing. Load all of the state before the first run.`);
    feeds[feed] = value;
  }
  for (const feed of sizeFeeds) feeds[feed.name] = toSizeTensor(feed, sizes);
  return feeds;
};
