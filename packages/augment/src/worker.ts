import { parentPort, workerData } from 'node:worker_threads';
import { createAugmenter } from './create.ts';
import type { Item } from './item.ts';
import { augmentItem } from './item.ts';
import type { WorkerMessage, WorkerSetup } from './parallel.ts';

// The entry of a worker thread of `augmentStream`: it makes its own augmenter, then answers batches.
const { create, augment } = workerData as WorkerSetup;
const port = parentPort;
const say = (message: WorkerMessage): void => port?.postMessage(message);

try {
  const augmenter = await createAugmenter(create);
  port?.on('message', ({ batch, items }: { readonly batch: number; readonly items: readonly Item[] }) => {
    try {
      say({ batch, results: items.map((item) => augmentItem(augmenter, item, augment)) });
    } catch (error) {
      say({ failure: error instanceof Error ? error.message : String(error) });
    }
  });
  say({ ready: augmenter.segmenter });
} catch (error) {
  say({ failure: error instanceof Error ? error.message : String(error) });
}
