import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { type ItemResult, SummaryCounter, augmentStream, editRecords, formatSummary } from '@samequestion/augment';
import { type Pair, fileChunks, readPairs, writePairsFile } from '@samequestion/pairs';

import { requireRecipe } from '../augment-training.ts';
import type { Context } from '../context.ts';
import { defined } from '../fine-tuning.ts';
import { showProgress } from '../progress.ts';
import { requireFile } from '../run-folder.ts';
import { StoppedError, UsageError } from '../usage-error.ts';

interface AugmentCommandOptions {
  readonly input: string;
  readonly out: string;
  readonly recipe: string;
  readonly count: number;
  readonly rate?: number;
  readonly seed: number;
  readonly onlyNew?: boolean;
  readonly edits?: string;
  readonly workers?: number;
  readonly segmenter: 'best' | 'intl' | 'nodejieba';
}

/** `samequestion augment`: labelled pairs to more labelled pairs, in constant memory, the same for any number of workers. */
export async function augment(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const options = given as unknown as AugmentCommandOptions;
  const input = await requireFile('--input', options.input);
  const recipe = requireRecipe('--recipe', options.recipe);
  if (resolve(options.out) === input) throw new UsageError('--out: expected another file than --input, got the same.');
  const counter = new SummaryCounter();
  const edits = options.edits === undefined ? undefined : await openBeside(options.edits);
  let segmenter = '';
  const progress = showProgress({ label: 'augmenting', total: await countRows(input), unit: 'pairs' });
  try {
    const items = readPairs(fileChunks('augment', input), { source: input, ...formatOf(input) });
    const made = augmentStream(items, {
      recipe,
      segmenter: options.segmenter,
      count: options.count,
      seed: options.seed,
      onSegmenter: (name) => (segmenter = name),
      ...defined({ rate: options.rate, workers: options.workers }),
    });
    const rows = written(made, { counter, edits, originals: options.onlyNew !== true, onItem: (count) => progress.update(count), context });
    const lines = await writePairsFile(options.out, rows);
    await edits?.finish();
    progress.stop();
    const summary = counter.summary();
    for (const line of formatSummary(summary).split('\n')) context.say(line);
    context.say('');
    context.say(`${lines.toLocaleString('en')} pairs → ${options.out} (recipe ${recipe}, words by ${segmenter})`);
    return { ...summary, pairs: lines, recipe, segmenter, file: options.out, ...defined({ edits: options.edits }) };
  } finally {
    progress.stop();
    await edits?.discard();
  }
}

interface WriteOptions {
  readonly counter: SummaryCounter;
  readonly edits: BesideFile | undefined;
  readonly originals: boolean;
  readonly onItem: (count: number) => void;
  readonly context: Context;
}

/** Each pair as it was, then what was made of it. */
async function* written(
  results: AsyncIterable<ItemResult>,
  { counter, edits, originals, onItem, context }: WriteOptions,
): AsyncGenerator<Pair> {
  let count = 0;
  for await (const made of results) {
    if (context.signal.aborted) throw new StoppedError(`Stopped after ${count} pairs: nothing was written.`);
    if (made.kind !== 'pair') continue;
    counter.add(made);
    if (edits !== undefined)
      await edits.write(
        editRecords(made)
          .map((record) => `${JSON.stringify(record)}\n`)
          .join(''),
      );
    if (originals) yield made.item;
    for (const { question1, question2, label } of made.result.results) if (label !== undefined) yield { question1, question2, label };
    onItem(++count);
  }
}

/** Lines of a file but for its header: how long it will take. */
async function countRows(path: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(path)) for (const byte of chunk as Uint8Array) if (byte === 0x0a) lines++;
  return Math.max(1, lines - 1);
}

function formatOf(path: string): { readonly format?: 'csv' | 'jsonl' } {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return ending === 'csv' ? { format: 'csv' } : ending === 'jsonl' || ending === 'ndjson' ? { format: 'jsonl' } : {};
}

/** A file that is written beside its place and moved there once it is whole. */
interface BesideFile {
  write(text: string): Promise<void>;
  finish(): Promise<void>;
  discard(): Promise<void>;
}

const bufferedCharacters = 1 << 16;

async function openBeside(path: string): Promise<BesideFile> {
  await mkdir(dirname(resolve(path)), { recursive: true });
  const beside = `${path}.${process.pid}.partial`;
  let handle: FileHandle | undefined = await open(beside, 'w');
  let buffered = '';
  const flush = async (): Promise<void> => {
    await handle?.writeFile(buffered);
    buffered = '';
  };
  return {
    write: async (text) => {
      buffered += text;
      if (buffered.length >= bufferedCharacters) await flush();
    },
    finish: async () => {
      await flush();
      await handle?.close();
      handle = undefined;
      await rename(beside, path);
    },
    discard: async () => {
      if (handle === undefined) return;
      await handle.close();
      handle = undefined;
      await rm(beside, { force: true });
    },
  };
}
