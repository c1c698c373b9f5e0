import type { AugmenterOptions } from './create.ts';
import { createAugmenter } from './create.ts';
import type { Verdict } from './edit.ts';
import type { Item, ItemResult } from './item.ts';
import { augmentItem } from './item.ts';
import type { AugmentPairOptions } from './pair.ts';

/** What to make of a stream of items, and with how many workers. */
export interface StreamOptions extends AugmenterOptions, AugmentPairOptions {
  readonly verdict?: Verdict;
  /** Worker threads (Node only); 0 works in this thread. One for each core by default, where recipe and segmenter go by name; else 0. */
  readonly workers?: number;
  /** Items sent to a worker at once; 200 by default. Has no effect on the results. */
  readonly batchSize?: number;
  /** Called once, with the name and version of the segmenter in use, before the first result. */
  readonly onSegmenter?: (name: string) => void;
}

/** What a worker is told first: how to make its augmenter and what to make of each item. */
export interface WorkerSetup {
  readonly create: AugmenterOptions;
  readonly augment: AugmentPairOptions & { readonly verdict?: Verdict };
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly ready: string }
  | { readonly batch: number; readonly results: readonly ItemResult[] }
  | { readonly failure: string };

function setupOf(options: StreamOptions): WorkerSetup {
  const { recipe, segmenter, readings, count, rate, seed, changes, keepUnknown, verdict } = options;
  const defined = (values: object): object => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return { create: defined({ recipe, segmenter, readings }), augment: defined({ count, rate, seed, changes, keepUnknown, verdict }) };
}

function goesByName(options: StreamOptions): boolean {
  return typeof (options.recipe ?? '') === 'string' && typeof (options.segmenter ?? '') === 'string';
}

async function workerCount(options: StreamOptions): Promise<number> {
  const { workers } = options;
  if (workers !== undefined && (!Number.isInteger(workers) || workers < 0)) {
    throw new RangeError(`augmentStream: expected workers as a whole number from 0, got ${workers}. 0 works in this thread.`);
  }
  if (goesByName(options)) return workers ?? (await import('node:os')).availableParallelism();
  if ((workers ?? 0) > 0) {
    throw new TypeError(
      'augmentStream: expected a recipe and a segmenter by name for workers, got a function or object. Name them, or set workers to 0.',
    );
  }
  return 0;
}

async function* batchesOf(items: Iterable<Item> | AsyncIterable<Item>, size: number): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* inThisThread(items: Iterable<Item> | AsyncIterable<Item>, options: StreamOptions): AsyncGenerator<ItemResult> {
  const { create, augment } = setupOf(options);
  const augmenter = await createAugmenter(create);
  options.onSegmenter?.(augmenter.segmenter);
  for await (const item of items) yield augmentItem(augmenter, item, augment);
}

/**
 * Augments a stream of texts or pairs, in order, holding only a few batches at a time. The results are the same for any number
 * of workers, any batch size and any order of the items.
 *
 * @throws {RangeError | TypeError} If options are out of range, or workers are asked for with a recipe that has no name here.
 */
export async function* augmentStream(items: Iterable<Item> | AsyncIterable<Item>, options: StreamOptions = {}): AsyncGenerator<ItemResult> {
  const workers = await workerCount(options);
  if (workers === 0) yield* inThisThread(items, options);
  else yield* inWorkers(items, options, workers);
}

async function* inWorkers(
  items: Iterable<Item> | AsyncIterable<Item>,
  options: StreamOptions,
  workers: number,
): AsyncGenerator<ItemResult> {
  const { WorkerPool } = await import('./worker-pool.ts');
  const pool = await WorkerPool.start(workers, setupOf(options));
  try {
    options.onSegmenter?.(pool.segmenter);
    const waiting: Promise<readonly ItemResult[]>[] = [];
    for await (const batch of batchesOf(items, options.batchSize ?? 200)) {
      const results = pool.run(batch);
      // Awaited in order below; a failure that comes first must not count as unhandled meanwhile.
      results.catch(() => undefined);
      waiting.push(results);
      if (waiting.length >= workers * 2) yield* (await waiting.shift()) ?? [];
    }
    for (const results of waiting) yield* await results;
  } finally {
    await pool.close();
  }
}
