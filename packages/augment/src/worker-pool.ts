import { Worker } from 'node:worker_threads';
import type { Item, ItemResult } from './item.ts';
import type { WorkerMessage, WorkerSetup } from './parallel.ts';

interface Task {
  readonly resolve: (results: readonly ItemResult[]) => void;
  readonly reject: (error: Error) => void;
}

interface Hand {
  readonly worker: Worker;
  readonly tasks: Map<number, Task>;
}

/** Worker threads that augment batches of items. */
export class WorkerPool {
  readonly segmenter: string;
  readonly #hands: readonly Hand[];
  #next = 0;

  private constructor(hands: readonly Hand[], segmenter: string) {
    this.#hands = hands;
    this.segmenter = segmenter;
  }

  /** Starts the workers and waits until each has loaded its tables. */
  static async start(count: number, setup: WorkerSetup): Promise<WorkerPool> {
    const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    const hands = Array.from({ length: count }, (): Hand => ({ worker: new Worker(file, { workerData: setup }), tasks: new Map() }));
    try {
      const names = await Promise.all(hands.map(ready));
      return new WorkerPool(hands, names[0] ?? 'none');
    } catch (error) {
      await Promise.all(hands.map(({ worker }) => worker.terminate()));
      throw error;
    }
  }

  /** Sends a batch to the worker that has least to do. */
  run(batch: readonly Item[]): Promise<readonly ItemResult[]> {
    const [hand] = this.#hands.toSorted((a, b) => a.tasks.size - b.tasks.size);
    if (hand === undefined) return Promise.reject(new RangeError('WorkerPool: expected at least one worker, got none. Start some.'));
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      hand.tasks.set(number, { resolve, reject });
      // A worker thread's port has no origin.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      hand.worker.postMessage({ batch: number, items: batch });
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#hands.map(({ worker }) => worker.terminate()));
  }
}

function ready({ worker, tasks }: Hand): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(error);
      for (const task of tasks.values()) task.reject(error);
      tasks.clear();
    };
    worker.on('error', fail);
    worker.on('exit', (code) =>
      fail(new Error(`augmentStream: a worker ended with code ${code} before its work was done. Try again with workers: 0.`)),
    );
    worker.on('message', (message: WorkerMessage) => {
      if ('ready' in message) resolve(message.ready);
      else if ('failure' in message) fail(new Error(message.failure));
      else {
        tasks.get(message.batch)?.resolve(message.results);
        tasks.delete(message.batch);
      }
    });
  });
}
